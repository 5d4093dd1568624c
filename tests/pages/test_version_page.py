"""The tab Version of the page Settings, on a real clone of a real repository beside the app's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plexgap import __version__
from plexgap.jobs.runner import RUNNER
from plexgap.jobs.updates import PROCESS
from tests.pages.conftest import Open
from tests.pages.reading import source, text
from tests.repositories import commit, git, make_clone, make_upstream


def script(root: str) -> None:
    """The tab alone, in the folder that is handed in."""
    from pathlib import Path

    from plexgap.ui import parts_version

    parts_version.version(Path(root))


@pytest.fixture(autouse=True)
def _not_updated() -> Iterator[None]:
    yield
    PROCESS.updated = False


def opened(folder: Path) -> AppTest:
    return AppTest.from_function(script, args=(str(folder),), default_timeout=60).run()


def test_an_update_is_looked_for_taken_and_asks_for_a_restart(tmp_path: Path) -> None:
    upstream = make_upstream(tmp_path)
    clone = make_clone(upstream)
    commit(upstream, "app.py", "two", "missing: counts <script>alert(1)</script>")
    app = opened(clone)
    assert f"This is plexgap {__version__}." in text(app)
    assert "behind" not in text(app), "nobody was asked"
    assert [button.key for button in app.button] == ["version-look"]
    app.button(key="version-look").click().run()
    assert "1 change behind origin/main." in text(app)
    assert "<li>missing: counts &lt;script&gt;" in source(app)
    app.button(key="version-update").click().run()
    assert (clone / "app.py").read_text(encoding="utf-8") == "two"
    assert "Restart plexgap to use it" in text(app)
    assert re.search(r"At commit \w+ of main, which is the newest of origin/main\.", text(app))


@pytest.mark.usefixtures("checked")
def test_no_check_begins_between_an_update_and_the_restart(open_app: Open) -> None:
    app = open_app()
    PROCESS.updated = True
    before = RUNNER.snapshot.number
    app.button(key="check-now").click().run()
    assert RUNNER.snapshot.number == before
    assert "Restart plexgap first: it was updated" in text(app)


def test_a_changed_clone_says_why_it_is_not_updated(tmp_path: Path) -> None:
    upstream = make_upstream(tmp_path)
    clone = make_clone(upstream)
    commit(upstream, "app.py", "two", "second")
    (clone / "app.py").write_text("mine", encoding="utf-8")
    app = opened(clone)
    app.button(key="version-look").click().run()
    assert "1 change behind origin/main. Files of plexgap were changed here" in text(app)
    assert [button.key for button in app.button] == ["version-look"]
    assert git(clone, "stash", "list") == ""


def test_an_upstream_that_does_not_answer_is_said(tmp_path: Path) -> None:
    upstream = make_upstream(tmp_path)
    clone = make_clone(upstream)
    upstream.rename(tmp_path / "elsewhere")
    app = opened(clone)
    app.button(key="version-look").click().run()
    assert app.error[0].value.startswith("The repository that this clone comes from did not answer")
    assert "newest" not in text(app)
    (tmp_path / "elsewhere").rename(upstream)
    app.button(key="version-look").click().run()
    assert "newest" in text(app)
    upstream.rename(tmp_path / "elsewhere")
    app.button(key="version-look").click().run()
    assert "newest" not in text(app)


def test_what_is_no_clone_has_nothing_to_update(tmp_path: Path) -> None:
    app = opened(tmp_path)
    assert "there is nothing to update here" in text(app)
    assert not app.button
