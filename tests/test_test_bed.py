"""The test bed itself: it lets no test out, says which tests it left out, and has workers begin with long files."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parent / "conftest.py"


def test_no_test_reaches_beyond_this_machine() -> None:
    with pytest.raises(pytest.fail.Exception, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=0.1)
    with pytest.raises(pytest.fail.Exception, match=r"api\.example"):
        socket.create_connection(("api.example", 80), timeout=0.1)
    with pytest.raises(socket.gaierror):
        socket.create_connection(("plex.invalid", 80), timeout=0.1)


@pytest.mark.parametrize(("option", "code"), [((), 0), (("--need-browser",), 1)])
def test_without_chromium_browser_tests_are_skipped_and_the_last_lines_say_so(
    tmp_path: Path, option: tuple[str, ...], code: int
) -> None:
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser\n", encoding="utf-8")
    (tmp_path / "test_it.py").write_text(
        "import pytest\n\n"
        "@pytest.mark.browser\ndef test_page(chromium):\n    assert chromium\n\n"
        "def test_plain():\n    pass\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *option],
        cwd=tmp_path,
        env={**os.environ, "PATH": str(tmp_path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    *_, said, closing = done.stdout.strip().splitlines()
    assert done.returncode == code, done.stdout
    assert said.startswith("1 browser test was skipped. Install Chromium")
    assert closing.startswith("1 passed, 1 skipped")


def test_workers_begin_with_the_files_that_take_longest(tmp_path: Path) -> None:
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    for name in ("unit/test_a.py", "scan/test_b.py", "browser/test_c.py", "test_d.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("def test_one():\n    pass\n", encoding="utf-8")
    shared = ("-p", "xdist", "-n", "1", "--dist", "loadfile", "--no-loadscope-reorder")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *shared],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    passed = [line.split()[-1].partition("::")[0] for line in done.stdout.splitlines() if " PASSED " in line]
    assert passed == ["browser/test_c.py", "scan/test_b.py", "test_d.py", "unit/test_a.py"], done.stdout
