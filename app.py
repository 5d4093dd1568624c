"""plexgap's way in. Three faces: the launcher (`python3 app.py`, standard library only), the pages' router (the script
that the dashboard runs), and the server (what `streamlit run app.py` imports).

Changes when starting works otherwise (design/interface.md 1). Python 3.6 must be able to parse it, to be told so.
"""
# ruff: noqa: S603, S606 - starting other programs, none of them named by a stranger, is what this file is for

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is the one that older ones meet
    sys.stderr.write(
        "plexgap needs Python 3.11 or newer, and this is Python {}.{}. Install a newer one from python.org "
        "or your system's packages and start again with it.\n".format(*sys.version_info[:2])
    )
    sys.exit(2)

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK, LOG = VENV / "start.lock", VENV / "install.log"
NEEDS, TEST_NEEDS = ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt"
FIRST_PORT = 8501
OPEN = "PLEXGAP_OPEN"  # the launcher tells the server's face which address to open in the browser
CALLED = "PLEXGAP_CALLED"  # and the command line what it is called in its help
NO_NETWORK = re.compile(
    rb"NewConnectionError|NameResolutionError|Temporary failure in name resolution|getaddrinfo failed|Max retries"
    rb"|ConnectTimeout|ReadTimeout|Network is unreachable|Connection refused|ProxyError|Connection broken"
)
# `python -m streamlit`, but for Ctrl+C: Streamlit itself ends with the word "Aborted!", as if something had gone wrong.
SERVE = """
import runpy, signal, sys

def stopped(number, frame):
    sys.stderr.write("plexgap: Stopped.\\n")
    sys.exit(130)

signal.signal(signal.SIGINT, stopped)
runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
"""
USAGE = """python3 app.py                 start the dashboard
python3 app.py --demo          start it on an invented library: no account, no key, no network
python3 app.py COMMAND ...     run a command in the terminal; --help after it explains it
python3 app.py --test [ARGS]   run the tests; ARGS go to pytest

Commands: scan, gaps, episodes, movies, rescan, ignore, unignore, override, decisions, runs, config, auth,
paths, cache, export, demo.
"""


class CannotStart(Exception):
    """A start that goes no further. `code`: the exit code, as every command uses it."""

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code


def say(sentence: str) -> None:
    sys.stderr.write(f"plexgap: {sentence}\n")
    sys.stderr.flush()


def main(args: Sequence[str]) -> int:
    """Turn into the program that `args` ask for. It comes back only on Windows, or to say why it can't."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # ends pip with us; exec resets it
    try:
        if args in (["-h"], ["--help"], ["help"]):
            sys.stdout.write(USAGE)
            return 0
        if args[:1] == ["--test"]:
            make_ready(NEEDS, TEST_NEEDS)
            os.chdir(ROOT)
            return become([str(PYTHON), "-m", "pytest", *args[1:]], dict(os.environ))
        make_ready(NEEDS)
        if args in ([], ["--demo"]):
            return start_dashboard(is_demo=bool(args))
        path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        # -P: a folder named plexgap where the person stands must not be taken for ours.
        env = {**os.environ, "PYTHONPATH": path, CALLED: "python3 app.py"}
        return become([str(PYTHON), "-P", "-m", "plexgap", *args], env)
    except CannotStart as error:
        say(str(error))
        return error.code
    except OSError as error:
        say(f"It can't start: {error}.")
        return 2
    except KeyboardInterrupt:
        say("Stopped.")
        return 130


def become(command: list[str], env: dict[str, str]) -> int:
    """Replace this process, so that signals, standard input and the exit code are the program's own."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], command, env)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the program itself; we wait for it to end
    return subprocess.call(command, env=env)


# ---------------------------------------------------------------- the environment


def make_ready(*needs: Path) -> None:
    """Have `.venv` run and hold what these requirements files name. Does nothing when it does."""
    if all(map(is_installed, needs)) and version_of_venv():
        return
    VENV.mkdir(exist_ok=True)
    with only_one():
        version = version_of_venv()
        with LOG.open("wb") as log:
            if not version or run(log, str(PYTHON), "-I", "-m", "pip", "--version"):
                make_venv(log)
            for count, need in enumerate(needs, start=1):
                if not is_installed(need):
                    install(log, needs[:count])


def is_installed(need: Path) -> bool:
    """Whether `need` was installed as it stands now, into the environment as it is now."""
    try:
        return stamp(need).read_bytes() == need.read_bytes()
    except FileNotFoundError:
        return False


def stamp(need: Path) -> Path:
    """The copy of `need` that is laid into the environment once all that it names is in there."""
    return VENV / f"installed-{'-'.join(need.relative_to(ROOT).parts)}"


def version_of_venv() -> str:
    """ "3.11", or "" where the environment's Python is missing, broken, or another than its packages are for."""
    try:
        answer = subprocess.run(
            [str(PYTHON), "-I", "-S", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    version = answer.stdout.decode().strip()
    packages = VENV / ("Lib" if os.name == "nt" else f"lib/python{version}") / "site-packages"
    return version if packages.is_dir() else ""


def make_venv(log: BinaryIO) -> None:
    """A fresh environment in place of whatever half of one is there."""
    say("Making the environment in .venv (once).")
    for child in VENV.iterdir():
        if child in (LOCK, LOG):
            continue
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()
    base = getattr(sys, "_base_executable", None) or sys.executable
    if run(log, base, "-m", "venv", str(VENV)):
        raise CannotStart(
            "Python could not make the environment. On Debian and Ubuntu the package python3-venv is needed: "
            f"install it and start again. What Python said is in {LOG}."
        )


def install(log: BinaryIO, needs: Sequence[Path]) -> None:
    """Install what the last of `needs` names, held together with the ones before it. A copy of it is the stamp."""
    if needs[-1] == TEST_NEEDS:
        say("Installing what the tests need besides.")
    else:
        say("Installing what plexgap runs on. The first time that is about 500 MB and takes a minute or two.")
    start = log.tell()
    named = [word for need in needs for word in ("-r", str(need))]
    command = [str(PYTHON), "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *named]
    wanted = needs[-1].read_bytes()
    if run(log, *command) == 0:
        stamp(needs[-1]).write_bytes(wanted)
        return
    said = LOG.read_bytes()[start:]
    if NO_NETWORK.search(said):
        raise CannotStart(
            "What plexgap runs on could not be downloaded, because the package index can't be reached. Connect to the "
            f"internet for this first time and start again. What pip said is in {LOG}.",
            code=5,
        )
    lines = [line for line in said.decode(errors="replace").splitlines() if line.startswith("ERROR")]
    last = f" ({lines[-1]})" if lines else ""
    raise CannotStart(f"What plexgap runs on could not be installed{last}. What pip said is in {LOG}.")


def run(log: BinaryIO, *command: str) -> int:
    """The exit code of a step whose words go to the log."""
    log.flush()
    env = {**os.environ, "PIP_USER": "0"}  # a user-wide "install for me alone" is an error in an environment
    code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env, check=False).returncode
    log.seek(0, os.SEEK_END)
    return code


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Two starts at once (a schedule and a person) must not build in the same folder: the second waits."""
    with LOCK.open("ab") as file:
        is_first = True
        while not try_lock(file.fileno()):
            if is_first:
                say("Another start makes the environment ready. Waiting for it.")
            is_first = False
            time.sleep(0.5)
        yield


def try_lock(handle: int) -> bool:
    """Whether the lock is ours now. The system frees it when we end, however we end."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


# ---------------------------------------------------------------- the dashboard


def start_dashboard(is_demo: bool) -> int:
    """Start it on the next free port, say where, and on a desktop have it open the browser."""
    port = free_port()
    if port != FIRST_PORT:
        say(f"Port {FIRST_PORT} is taken, so it is {port} this time.")
    address = f"http://127.0.0.1:{port}"
    sys.stdout.write(f"plexgap: The dashboard is at {address} (Ctrl+C stops it)\n")
    env = dict(os.environ)
    for name in ("PLEXGAP_CONFIG", "PLEXGAP_HOME", "DB_PATH"):  # said where the person stands; we go to our folder
        if env.get(name, "").strip():
            env[name] = str(Path(env[name].strip()).expanduser().absolute())
    if is_demo:
        env["PLEXGAP_DEMO"] = "1"
    if is_desktop(env):
        env[OPEN] = address
    os.chdir(ROOT)  # Streamlit would read a .streamlit/config.toml where the person stands
    command = [str(PYTHON), "-P", "-c", SERVE, "run", str(ROOT / "app.py"), "--server.port", str(port)]
    return become(command, env)


def free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        with socket.socket() as probe:
            if os.name != "nt":  # there it would let us share a taken port
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise CannotStart(f"Every port from {FIRST_PORT} to {FIRST_PORT + 99} is taken.")


def is_desktop(env: Mapping[str, str]) -> bool:
    """Whether a person sits before this very machine's screen."""
    if not sys.stdout.isatty() or env.get("CI") or env.get("SSH_CONNECTION"):
        return False
    return sys.platform in ("win32", "darwin") or bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def open_when_ready(address: str) -> None:
    """Open the browser once the server answers; after a minute leave it."""
    port = int(address.rpartition(":")[2])
    for _ in range(120):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            webbrowser.open(address)
            return
        time.sleep(0.5)


# ---------------------------------------------------------------- the three faces

if __name__ == "__main__" and "streamlit" not in sys.modules:
    sys.exit(main(sys.argv[1:]))
elif __name__ == "__main__":
    from plexgap.ui.router import run as run_pages

    run_pages()
else:
    import streamlit as st

    from plexgap.ui.server import make_app

    app = st.App(__file__)  # `streamlit run` looks for this very form in the text to know that the file is a server
    app = make_app()
    if OPEN in os.environ:
        threading.Thread(target=open_when_ready, args=(os.environ.pop(OPEN),), daemon=True).start()
