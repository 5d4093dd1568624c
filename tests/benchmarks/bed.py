"""What every benchmark stands on: the demo's servers in a process of their own, and a command measured from outside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[2]
LATENCY_S = {"plex": 0.02, "tmdb": 0.05}

_UP_WITHIN_S = 120.0
_ADDRESSES = {"plex": "PLEX_BASE_URL", "tmdb": "TMDB_BASE_URL"}
# The log gives at most a thousand requests at once: questions about shows are fetched by the last digit of their id,
# those about films and collections by the last two.
_PIECES = (
    *(rf"^/3/tv/\d*{digit}\?" for digit in range(10)),
    *(rf"^/3/(movie|collection)/\d*{digits:02d}$" for digits in range(100)),
    r"^(?!/3/(tv/\d+\?|movie/|collection/))",
)
_A_PIECE = 1_000


@dataclass(frozen=True, slots=True)
class Bed:
    """A running demo. `settings`: the names in the environment that lead a scan to it; no rate limit is among them."""

    settings: Mapping[str, str]

    def origin(self, service: str) -> str:
        """Scheme, host and port."""
        return re.sub(r"(?<=\d)/.*", "", self.settings[_ADDRESSES[service]])

    def set_latency(self, seconds: Mapping[str, float]) -> None:
        """How long each service takes for an answer from now on."""
        for service, each in seconds.items():
            url = f"{self.origin(service)}/_demo/latency"
            requests.post(url, json={"seconds": each}, timeout=10).raise_for_status()

    def forget(self) -> None:
        """Empties the logs of requests."""
        for service in _ADDRESSES:
            requests.delete(f"{self.origin(service)}/_demo/requests", timeout=10).raise_for_status()

    def change(self, **what: object) -> None:
        """Something happens to the invented world."""
        requests.post(f"{self.origin('plex')}/_demo/changes", json=what, timeout=60).raise_for_status()

    def plex(self, path: str) -> Any:
        """An answer of the invented Plex."""
        headers = {"X-Plex-Token": self.settings["PLEX_TOKEN"], "Accept": "application/json"}
        return requests.get(f"{self.origin('plex')}{path}", headers=headers, timeout=60).json()["MediaContainer"]

    def asked(self, service: str) -> tuple[str, ...]:
        """Path and query of every request since the last `forget`, nearly in the order they came."""
        found: list[str] = []
        for pattern in _PIECES:
            answer = requests.get(f"{self.origin(service)}/_demo/requests", params={"pattern": pattern}, timeout=10)
            body = answer.json()
            if body["count"] > _A_PIECE:
                raise SystemExit(f"The log of {service} holds more requests than it gives.")
            found += [request["path"] for request in body["requests"]]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended. `peak_mb`: the most memory that it had resident; `cpu_s`: user and system time."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    output: str


@contextmanager
def demo(episodes: int, seed: int = 1, films: int = 300) -> Iterator[Bed]:
    """The demo's servers on free ports, with the latencies of a benchmark."""
    size = ["--episodes", str(episodes), "--films", str(films)]
    command = [sys.executable, "-m", "plexgap", "demo", "--seed", str(seed), *size]
    process = subprocess.Popen([*command, "--format", "json", "-q"], cwd=ROOT, env=_env(), stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise SystemExit("The demo did not come up.")
        bed = Bed(json.loads(line))
        bed.set_latency(LATENCY_S)
        yield bed
    finally:
        process.terminate()
        process.wait(_UP_WITHIN_S)


def scan(bed: Bed, home: Path, mode: str, workers: int, only: str = "shows") -> tuple[Ran, dict[str, Any]]:
    """`plexgap scan` of that kind as a process of its own over that home folder, and the figures that it gives of
    itself."""
    home.mkdir(parents=True, exist_ok=True)
    config = home / "config.json"
    config.write_text(json.dumps({"requests_per_second": 0, "workers": workers}), encoding="utf-8")
    env = _env(bed.settings) | {"PLEXGAP_HOME": str(home), "PLEXGAP_CONFIG": str(config)}
    ran = _measured(["-m", "plexgap", "scan", "--only", only, "--mode", mode, "--format", "json", "-q"], env)
    stats: dict[str, Any] = json.loads(ran.output)["stats"]
    return ran, stats


def command(bed: Bed, home: Path, *arguments: str) -> Ran:
    """Any other command over a home folder that a scan was run in."""
    env = _env(bed.settings) | {"PLEXGAP_HOME": str(home), "PLEXGAP_CONFIG": str(home / "config.json")}
    return _measured(["-m", *arguments], env)


def spread(values: Sequence[float]) -> str:
    """Median, least and most of some runs."""
    return f"{median(values):8.2f} {min(values):8.2f} {max(values):8.2f}"


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _measured(arguments: Sequence[str], env: Mapping[str, str]) -> Ran:
    """Waits for a Python of its own; ends the benchmark when it fails. Exit code 1 means that something is missing."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE)
    assert process.stdout is not None
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode not in (0, 1):
        raise SystemExit(f"The scan ended with exit code {process.returncode}.")
    # Linux counts in kilobytes, macOS in bytes.
    unit = 1_000_000 if sys.platform == "darwin" else 1_000
    return Ran(wall_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, output)


def _env(settings: Mapping[str, str] | None = None) -> dict[str, str]:
    """Nothing of the person's own but what a process needs to start."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"TZ": "UTC"} | dict(settings or {})
