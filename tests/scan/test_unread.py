"""What was never read whole is never called complete, however the reading ended."""

from __future__ import annotations

import pytest

from plexgap.domain.errors import Rejected
from plexgap.views.lines import summary_lines
from tests.scan.conftest import Install, Installation


def test_library_that_is_not_known_yet_claims_nothing(checked: Installation) -> None:
    checked.open(library_name="Nope")
    assert not checked.report.shows_complete
    assert [(one.section, one.reason) for one in checked.report.unread] == [
        ("Nope", "No library of that name has been read.")
    ]


def test_failed_first_scan_claims_nothing(install: Install) -> None:
    installation = install(plex_token="wrong-token-0123456789")
    with pytest.raises(Rejected):
        installation.scan()
    assert not installation.report.shows_complete
    assert list(summary_lines(installation.report)) == ["There is no show.", "No library has been read yet."]


def test_library_that_could_not_be_read_keeps_the_whole_from_being_complete(install: Install) -> None:
    installation = install()
    installation.demo.knobs["plex"].add("status", r"/library/sections/2/all", status=500, count=None)
    installation.scan()
    assert installation.report.tally.need_you == 0
    assert not installation.report.shows_complete
    (unread,) = installation.report.unread
    assert unread.section == "TV Shows"
    assert "Plex can't be reached" in unread.reason
    installation.demo.reset()
    installation.scan()
    assert installation.report.unread == ()


def test_library_added_to_the_choice_counts_as_unread_until_the_next_scan(install: Install) -> None:
    installation = install(library_name="Anime")
    installation.scan()
    assert installation.report.shows_complete
    installation.open(library_name="TV Shows")
    assert [(one.section, one.reason) for one in installation.report.unread] == [
        ("TV Shows", "It has not been read yet.")
    ]
    assert not installation.report.shows_complete
