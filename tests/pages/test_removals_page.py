"""A library that lost much at once, on the page: kept, or taken out, as the person says."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from plexgap.demo.servers import DemoServers
from plexgap.jobs.runner import RUNNER
from plexgap.ui.resources import PLACES, report
from tests.pages.conftest import LONG_S, Open
from tests.pages.reading import text


@pytest.fixture
def lost(demo: DemoServers) -> Iterator[set[str]]:
    """The rating keys of a third of the library, which Plex has lost while the test runs."""
    demo.change.keep()
    shows = demo.world.library.titled("TV Shows").entries
    gone = list(shows[: max(21, len(shows) * 3 // 10)])
    for entry in gone:
        if entry in shows:
            demo.change.remove_show(entry.title, entry.year)
    yield {str(entry.key) for entry in gone}
    demo.change.restore()


def pressed(app: AppTest, start: str) -> AppTest:
    """The page after a button was pressed whose key begins so, and after the check that it may have started."""
    next(button for button in app.button if str(button.key).startswith(start)).click().run()
    assert RUNNER.wait(LONG_S)
    return app.run()


def there(keys: set[str]) -> bool:
    """Whether shows of these rating keys are in the report."""
    return any(keys.intersection(show.rating_keys) for show in report(PLACES.present()).shows)


@pytest.mark.usefixtures("checked")
def test_what_a_library_lost_at_once_is_asked_about_and_kept_or_taken_out(open_app: Open, lost: set[str]) -> None:
    app = pressed(open_app(), "check-now")
    assert "no longer in TV Shows" in text(app)
    assert there(lost)
    app = pressed(app, "keep-")
    assert "no longer in TV Shows" not in text(app)
    assert there(lost)
    app = pressed(open_app(), "take-out-")
    assert not there(lost)
    assert report(PLACES.present()).held_back == ()
    assert "no longer in TV Shows" not in text(app)
