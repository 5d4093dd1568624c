"""Starting, as a person does it: the real app.py in a folder of its own, with a small environment and no network."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from streamlit.web.server.app_discovery import discover_asgi_app

from plexgap.cli.main import plexgap

ROOT = Path(__file__).resolve().parents[2]
SITE = Path(sysconfig.get_paths()["purelib"])

_DESKTOP = ("DISPLAY", "WAYLAND_DISPLAY", "CI", "SSH_CONNECTION")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the copies are made of links")

# Stands in for plexgap, streamlit and pytest: says what it was started with, and ends in its own way.
ECHO = """
import json, os, sys
names = ("PLEXGAP_DEMO", "PLEXGAP_OPEN", "PLEXGAP_CALLED", "PLEXGAP_HOME", "PLEXGAP_CONFIG")
print(json.dumps({"args": sys.argv[1:], "folder": os.getcwd(), "input": sys.stdin.read(), "pid": os.getpid(),
    "env": {name: os.environ[name] for name in names if name in os.environ}, "file": __file__}))
sys.exit(7)
"""
# Stands in for pip: notes each call, says what pip_says holds and ends with 1 where there is such a file.
PIP = """
import os, pathlib, sys, time
here = pathlib.Path(sys.prefix)
if "install" in sys.argv:
    with open(here / "pip_calls", "a") as calls:
        print(*sys.argv[1:], file=calls)
    if (here / "pip_waits").exists():
        (here / "pip_waits").write_text(str(os.getpid()))
        time.sleep(60)
    if (here / "pip_says").exists():
        print((here / "pip_says").read_text())
        sys.exit(1)
"""


class Copy:
    """A copy of the app as a stranger has it: app.py and requirements, with an environment that is quick to make."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        (root / "plexgap").mkdir(parents=True)
        (root / "tests").mkdir()
        shutil.copy(ROOT / "app.py", root)
        (root / "requirements.txt").write_text("# nothing\n", encoding="utf-8")
        (root / "tests" / "requirements.txt").write_text("# nothing for tests\n", encoding="utf-8")
        (root / "plexgap" / "__init__.py").write_text("", encoding="utf-8")
        (root / "plexgap" / "__main__.py").write_text(ECHO, encoding="utf-8")

    def make_environment(self) -> None:
        venv.create(self.venv, symlinks=True)
        site = next(self.venv.glob("lib/python3*/site-packages"))
        for name, text in (("streamlit", ECHO), ("pytest", ECHO), ("pip", PIP)):
            (site / name).mkdir()
            (site / name / "__main__.py").write_text(text, encoding="utf-8")

    def start(
        self, *args: str, cwd: Path | None = None, env: Mapping[str, str] = {}
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(self.root / "app.py"), *args],
            cwd=cwd or self.root,
            env={**os.environ, **env},
            input="from stdin",
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def began(self, *args: str) -> dict[str, Any]:
        """What the started program was started with."""
        done = self.start(*args)
        assert done.returncode == 7, done.stderr
        said = json.loads(done.stdout.splitlines()[-1])
        assert isinstance(said, dict)
        return said

    def running(self, *args: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(self.root / "app.py"), *args],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def pip_calls(self) -> list[str]:
        calls = self.venv / "pip_calls"
        return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    made = Copy(tmp_path / "a folder")
    made.make_environment()
    return made


# ---------------------------------------------------------------- commands


def test_a_command_gets_arguments_input_and_folder_and_gives_its_exit_code(copy: Copy, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "plexgap").mkdir(parents=True)
    (elsewhere / "plexgap" / "__main__.py").write_text("print('the wrong plexgap')", encoding="utf-8")
    done = copy.start("scan", "--only", "two words", "", cwd=elsewhere)
    said = json.loads(done.stdout)
    assert done.returncode == 7
    assert said["args"] == ["scan", "--only", "two words", ""]
    assert said["input"] == "from stdin"
    assert Path(said["folder"]) == elsewhere
    assert Path(said["file"]) == copy.root / "plexgap" / "__main__.py"


def test_demo_before_a_command_belongs_to_the_command(copy: Copy) -> None:
    assert copy.began("--demo", "scan")["args"] == ["--demo", "scan"]


def test_help_needs_no_environment(tmp_path: Path) -> None:
    bare = Copy(tmp_path / "bare")
    done = bare.start("--help")
    assert done.returncode == 0
    assert "python3 app.py --demo" in done.stdout
    assert not bare.venv.exists()


# ---------------------------------------------------------------- the dashboard


def test_the_dashboard_takes_the_next_free_port_says_so_and_opens_no_browser_without_a_terminal(copy: Copy) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8501))
            taken.listen()
        except OSError:
            pass  # something else has it, which is as good
        done = copy.start(env={"DISPLAY": ":0"})
    address, echo = done.stdout.splitlines()
    said = json.loads(echo)
    port = said["args"][said["args"].index("--server.port") + 1]
    assert 8501 < int(port) <= 8600
    assert f"http://127.0.0.1:{port}" in address
    assert "Port 8501 is taken" in done.stderr
    assert said["args"][:2] == ["run", str(copy.root / "app.py")]
    assert said["env"] == {}
    assert Path(said["folder"]) == copy.root


@pytest.mark.parametrize(
    ("env", "opens"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({}, False),
        ({"DISPLAY": ":0", "CI": "true"}, False),
        ({"DISPLAY": ":0", "SSH_CONNECTION": "from afar"}, False),
    ],
)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every terminal is a desktop's")
def test_only_a_desktop_terminal_has_the_browser_opened(copy: Copy, env: Mapping[str, str], opens: bool) -> None:
    import pty

    copy.began("gaps")
    terminal, its_end = pty.openpty()
    here = {name: value for name, value in os.environ.items() if name not in _DESKTOP}
    subprocess.run(
        [sys.executable, str(copy.root / "app.py")],
        env={**here, **env},
        stdin=subprocess.DEVNULL,
        stdout=its_end,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    os.close(its_end)
    with os.fdopen(terminal, "rb", buffering=0) as screen:
        said = screen.read(4096).decode()
    assert ("PLEXGAP_OPEN" in said) is opens
    assert "http://127.0.0.1:" in said


def test_demo_is_handed_on_and_paths_keep_meaning_what_they_meant_where_the_person_stood(
    copy: Copy, tmp_path: Path
) -> None:
    env = {"PLEXGAP_HOME": "mine", "PLEXGAP_CONFIG": "~/c.json", "HOME": "/home/of"}
    done = copy.start("--demo", cwd=tmp_path, env=env)
    assert json.loads(done.stdout.splitlines()[-1])["env"] == {
        "PLEXGAP_DEMO": "1",
        "PLEXGAP_HOME": str(tmp_path / "mine"),
        "PLEXGAP_CONFIG": "/home/of/c.json",
    }


def test_ctrl_c_ends_the_dashboard_with_one_word(copy: Copy) -> None:
    copy.began("gaps")
    streamlit = next(copy.venv.glob("lib/python3*/site-packages/streamlit"))
    (streamlit / "__main__.py").write_text("import signal; signal.raise_signal(signal.SIGINT)", encoding="utf-8")
    done = copy.start()
    assert (done.returncode, done.stderr.splitlines()[-1]) == (130, "plexgap: Stopped.")


def test_help_names_the_program_as_it_was_called(copy: Copy, tmp_path: Path) -> None:
    assert copy.began("gaps")["env"] == {"PLEXGAP_CALLED": "python3 app.py"}
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    for called in ("python3 app.py", ""):
        command = [sys.executable, "-m", "plexgap", "ignore"]
        done = subprocess.run(
            command, env={**env, "PLEXGAP_CALLED": called}, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert f"Usage: {called or 'python -m plexgap'} ignore" in done.stderr


def test_the_list_of_commands_is_whole(tmp_path: Path) -> None:
    listed = (
        Copy(tmp_path).start("--help").stdout.rpartition("Commands: ")[2].strip(" .\n").replace(",\n", ", ").split(", ")
    )
    assert listed == plexgap.list_commands(click.Context(plexgap))


def test_streamlit_run_finds_the_server_in_app_py() -> None:
    assert discover_asgi_app(ROOT / "app.py").import_string == "app:app"


# ---------------------------------------------------------------- the environment


def test_it_installs_once_and_again_only_when_requirements_change(copy: Copy) -> None:
    first = copy.start("gaps")
    assert "Installing what plexgap runs on" in first.stderr
    assert copy.start("gaps").stderr == ""
    assert len(copy.pip_calls()) == 1
    (copy.root / "requirements.txt").write_text("# something else\n", encoding="utf-8")
    copy.began("gaps")
    copy.began("gaps")
    assert len(copy.pip_calls()) == 2
    assert str(copy.root / "requirements.txt") in copy.pip_calls()[1]


def test_only_the_tests_install_what_the_tests_need(copy: Copy) -> None:
    copy.began("gaps")
    assert "tests/requirements.txt" not in copy.pip_calls()[0]
    said = copy.began("--test", "tests/unit", "-k", "one or two")
    assert said["args"] == ["tests/unit", "-k", "one or two"]
    assert Path(said["folder"]) == copy.root
    assert len(copy.pip_calls()) == 2
    assert "tests/requirements.txt" in copy.pip_calls()[1]
    copy.began("--test")
    assert len(copy.pip_calls()) == 2


def test_an_install_that_fails_is_one_sentence_and_is_tried_again(copy: Copy) -> None:
    (copy.venv / "pip_says").write_text("ERROR: No matching distribution found for plexapi>=99", encoding="utf-8")
    done = copy.start("gaps")
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert "No matching distribution found for plexapi>=99" in last
    assert str(copy.venv / "install.log") in last
    assert done.stdout == ""
    (copy.venv / "pip_says").unlink()
    copy.began("gaps")
    assert len(copy.pip_calls()) == 2


def test_without_a_network_it_says_so_in_one_sentence(copy: Copy) -> None:
    site = next(copy.venv.glob("lib/python3*/site-packages"))
    shutil.rmtree(site / "pip")
    (site / "real.pth").write_text(str(SITE), encoding="utf-8")  # the real pip, of the tests' own environment
    (copy.root / "requirements.txt").write_text("plexgap-nothing-of-this-name\n", encoding="utf-8")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound but not listening: every connection is refused
        index = f"http://127.0.0.1:{closed.getsockname()[1]}/simple"
        nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "", "PIP_RETRIES": "1"}
        done = copy.start("gaps", env={**nowhere, "PIP_INDEX_URL": index})
    assert done.returncode == 5
    assert "the package index can't be reached" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_half_made_environment_is_made_anew(tmp_path: Path) -> None:
    half = Copy(tmp_path / "half")
    (half.venv / "bin").mkdir(parents=True)
    (half.venv / "bin" / "python").symlink_to(tmp_path / "python-that-was-removed")
    (half.venv / "lib").symlink_to(tmp_path)
    shutil.copy(half.root / "requirements.txt", half.venv / "installed-requirements.txt")
    done = half.start("gaps", env={"PIP_CONFIG_FILE": os.devnull})
    assert done.returncode == 7, done.stderr
    assert "Making the environment" in done.stderr
    assert (tmp_path / "half").is_dir()  # what a link pointed at is not emptied
    assert half.start("gaps").stderr == ""


def test_an_environment_whose_python_became_another_is_made_anew(copy: Copy) -> None:
    copy.began("gaps")
    packages = next(copy.venv.glob("lib/python3*"))
    packages.rename(packages.with_name("python3.5"))
    with copy.running("gaps") as started:
        assert started.stderr is not None
        assert "Making the environment" in started.stderr.readline()
        started.terminate()


def test_a_second_start_waits_for_the_one_that_makes_the_environment(copy: Copy) -> None:
    fcntl = pytest.importorskip("fcntl")
    with (copy.venv / "start.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with copy.running("gaps") as started:
            assert started.stderr is not None
            assert "Waiting for it" in started.stderr.readline()
            assert copy.pip_calls() == []
            fcntl.flock(lock, fcntl.LOCK_UN)
            started.communicate(timeout=30)
    assert started.returncode == 7
    assert len(copy.pip_calls()) == 1


def test_stopping_while_it_installs_ends_the_install_too(copy: Copy) -> None:
    (copy.venv / "pip_waits").write_text("", encoding="utf-8")
    with copy.running() as started:
        deadline = time.monotonic() + 30
        while not (pid := (copy.venv / "pip_waits").read_text(encoding="utf-8")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        started.send_signal(signal.SIGTERM)
        assert started.wait(timeout=30) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
    assert not (copy.venv / "installed-requirements.txt").exists()


def test_a_file_in_the_place_of_the_environment_is_said(tmp_path: Path) -> None:
    odd = Copy(tmp_path / "odd")
    odd.venv.write_text("mine", encoding="utf-8")
    done = odd.start("gaps")
    assert done.returncode == 2
    assert ".venv" in done.stderr
    assert "Traceback" not in done.stderr


# ---------------------------------------------------------------- old Pythons


def test_an_old_python_gets_one_clear_sentence() -> None:
    code = "import runpy, sys; sys.version_info = (3, 10, 2); runpy.run_path(sys.argv[1], run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code, str(ROOT / "app.py")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "needs Python 3.11 or newer, and this is Python 3.10" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_old_pythons_can_parse_the_launcher() -> None:
    ast.parse((ROOT / "app.py").read_text(encoding="utf-8"), feature_version=(3, 6))
