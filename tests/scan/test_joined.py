"""Plex items that only the catalogue takes for one show: held is what any of them holds, whatever happens meanwhile."""

from __future__ import annotations

from collections import Counter

import pytest

from plexgap.demo.truth import ShowTruth
from plexgap.domain.verdicts import State
from plexgap.jobs.scan import Mode
from plexgap.views.report import ShowReport
from tests.scan.conftest import Installation


def tagged(installation: Installation, tag: str) -> ShowTruth:
    return next(truth for truth in installation.demo.world.truths if tag in truth.tags)


def holding(installation: Installation, key: str) -> ShowReport:
    (found,) = [show for show in installation.report.shows if key in show.rating_keys]
    return found


def join(checked: Installation) -> ShowReport:
    """A show known by its TVDB id alone, and another item of it known to Plex by other ids: only TMDB says they are
    one. The first lacks an episode that the second holds."""
    truth = tagged(checked, "tvdb_guid_only")
    titles = Counter(entry.title for entry in checked.demo.world.truths)
    other = next(
        s for s in checked.report.shows if s.state is State.NEEDS_MAPPING and not s.ids and titles[s.title] == 1
    )
    checked.demo.change.rematch(other.title, truth.tmdb_id or 0, other.year)
    entries = (entry for section in checked.demo.world.library.sections for entry in section.entries)
    (matched,) = (entry for entry in entries if str(entry.key) in other.rating_keys)
    matched.guid = f"plex://show/{'f' * 24}"
    checked.demo.change.remove_episode(truth.title, 1, 2)
    checked.scan()
    show = holding(checked, truth.rating_keys[0])
    assert set(show.rating_keys) == {*truth.rating_keys, *other.rating_keys}
    assert (1, 2) not in [line.number for line in show.missing]
    return show


@pytest.mark.parametrize("mode", [Mode.INCREMENTAL, Mode.REFRESH, Mode.FULL])
def test_items_that_only_the_catalogue_joins_stay_joined(checked: Installation, mode: Mode) -> None:
    before = join(checked)
    checked.scan(mode)
    after = holding(checked, before.rating_keys[0])
    assert after.rating_keys == before.rating_keys
    assert [line.number for line in after.missing] == [line.number for line in before.missing]


def test_at_no_moment_of_a_scan_is_missing_what_another_item_of_the_show_holds(checked: Installation) -> None:
    before, looked = join(checked), set[int]()
    for _ in checked.events(Mode.FULL):
        if (revision := checked.house.index.revision()) in looked:
            continue  # nothing was written since: the report is the one that was looked at
        looked.add(revision)
        shows = [s for s in checked.report.shows if set(s.rating_keys) & set(before.rating_keys)]
        assert not [s for s in shows if s.state is State.GAPS and (1, 2) in [line.number for line in s.missing]]
    assert len(looked) > 3


def test_item_whose_lookup_failed_leaves_the_show_it_belonged_to_unknown(checked: Installation) -> None:
    before = join(checked)
    checked.demo.knobs["tmdb"].add("html", r"/3/find/", count=None)
    for mode in (Mode.FULL, Mode.INCREMENTAL):
        checked.scan(mode)
        shows = [s for s in checked.report.shows if set(s.rating_keys) & set(before.rating_keys)]
        assert {s.state for s in shows} == {State.UNKNOWN}, mode
        assert not [s for s in shows if (1, 2) in [line.number for line in s.missing]], mode
    checked.demo.reset()
    checked.scan(None)
    after = holding(checked, before.rating_keys[0])
    assert (after.rating_keys, after.state) == (before.rating_keys, before.state)


def test_title_excluded_by_the_name_of_one_item_is_left_out_whole(checked: Installation) -> None:
    before = holding(checked, tagged(checked, "show_in_two_sections").rating_keys[0])
    sections = checked.demo.world.library.sections
    _, second = (e for section in sections for e in section.entries if str(e.key) in before.rating_keys)
    second.title = "Put apart"
    checked.scan()
    shows = checked.report.tally.shows
    checked.open(**{"exclusions.shows": ["put apart"]})
    assert not [s for s in checked.report.shows if set(s.rating_keys) & set(before.rating_keys)]
    assert checked.report.tally.shows == shows - 1


def test_scope_never_parts_items_that_an_earlier_check_joined(checked: Installation) -> None:
    join(checked)
    truth = tagged(checked, "tvdb_guid_only")
    entries = [entry for section in checked.demo.world.library.sections for entry in section.entries]
    (matched,) = (entry for entry in entries if entry.guid == f"plex://show/{'f' * 24}")
    # From here on nothing that Plex says of the two is the same.
    matched.guids, matched.title = (f"tmdb://{truth.tmdb_id}",), "Another Name Altogether"
    checked.scan()
    before = holding(checked, truth.rating_keys[0])
    assert len(before.rating_keys) == 2
    checked.demo.change.clear_watchlist()
    checked.demo.change.add_to_watchlist(truth.title)
    checked.open(scan_scope="watchlist_only")
    for mode in (Mode.INCREMENTAL, Mode.FULL):
        checked.scan(mode)
        (show,) = checked.report.shows
        assert show.rating_keys == before.rating_keys
        assert [line.number for line in show.missing] == [line.number for line in before.missing]
