"""The command line as processes of their own: signals, pipes, and the demo in a second terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.running import Cli
from tests.support import unlimited

PLEXGAP = (sys.executable, "-m", "plexgap")
ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def demo_process(cli: Cli, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The demo command while it runs, and the first line that it printed."""
    process = subprocess.Popen(
        [*PLEXGAP, "demo", "-q", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=cli.process_env,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.communicate()


def test_a_scan_of_the_demo_in_another_process_can_be_stopped_and_run_whole(tmp_path: Path) -> None:
    cli = Cli.at(unlimited(tmp_path))
    with demo_process(cli, "--format", "json") as (_, line):
        env = {**cli.process_env, **json.loads(line)}
        scan = subprocess.Popen(
            [*PLEXGAP, "scan", "--json-events", "--plex-url", env["PLEX_BASE_URL"]],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            cwd=ROOT,
        )
        assert scan.stderr is not None
        assert json.loads(scan.stderr.readline())["event"] == "RunStarted"
        scan.send_signal(signal.SIGINT)
        out, _ = scan.communicate(timeout=60)
        assert (scan.returncode, out) == (130, "")

        whole = subprocess.run(
            [*PLEXGAP, "scan", "--mode", "full", "--format", "json"],
            capture_output=True,
            text=True,
            env=env,
            cwd=ROOT,
            timeout=300,
            check=False,
        )
        assert whole.returncode == 1, whole.stderr
        assert json.loads(whole.stdout)["mode"] == "full"

        closed, write = os.pipe()
        os.close(closed)
        piped = subprocess.run(
            [*PLEXGAP, "gaps", "-v"], stdout=write, stderr=subprocess.PIPE, text=True, env=env, cwd=ROOT, check=False
        )
        os.close(write)
        assert (piped.returncode, piped.stderr) == (1, "")


def test_the_demo_prints_lines_that_a_shell_takes(tmp_path: Path) -> None:
    cli = Cli.at(tmp_path)
    with demo_process(cli) as (process, line):
        assert process.stdout is not None
        lines = line
        while "TMDB_API_KEY" not in lines:
            lines += process.stdout.readline()
        shell = f'{lines}\nprintf "%s|%s" "$PLEX_BASE_URL" "$TMDB_API_KEY"'
        told = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=True)
        address, key = told.stdout.split("|")
        assert address.startswith("http://127.0.0.1:")
        assert key
