"""What a person decided holds, wherever Plex and the catalogues have gone since."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from plexgap import wiring
from plexgap.domain.catalogue import AIRED
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Standing, State
from plexgap.gaps.rules import Rules
from plexgap.jobs import choices
from plexgap.jobs.choices import Specials, Wish
from plexgap.views.memo import Memo
from plexgap.views.report import ShowReport
from tests.scan.conftest import Install, Installation
from tests.scan.test_modes import ordinary


def says(installation: Installation, show: ShowReport, wish: Wish) -> ShowReport:
    """The show as it is judged once the person said this of it."""
    wiring.choose(installation.house, show, wish, threading.Event())
    wiring.run_rescan(installation.house, show, threading.Event())
    return next(one for one in installation.report.shows if set(show.rating_keys) <= set(one.rating_keys))


def ignored(show: ShowReport) -> set[str]:
    """The ignored episodes by their titles, which every catalogue of the invented world shares."""
    return {line.title for line in show.of(Standing.IGNORED)}


def outcome(installation: Installation) -> list[tuple[object, ...]]:
    """What is said of every show, whatever its rating keys."""
    return [
        (
            show.title,
            show.state,
            show.show_id,
            [line.number for line in show.missing],
            [line.number for line in show.of(Standing.IGNORED)],
            show.specials is not None,
        )
        for show in installation.report.shows
    ]


# ---------------------------------------------------------------- Plex installed anew


def decide(installation: Installation) -> ShowReport:
    """An episode, a season and a show ignored, what counts of one said, and which show one without any id is."""
    decisions, now = installation.house.decisions, installation.clock()
    gaps = [show for show in installation.report.shows if show.missing_regular and show.provider is Source.TMDB]
    (season, number), *_ = (line.number for line in gaps[0].missing)
    choices.ignore(decisions, gaps[0], season=season, numbers=(number,), now=now)
    choices.ignore(decisions, gaps[1], season=gaps[1].missing[-1].number.season, now=now)
    choices.ignore(decisions, gaps[2], now=now)
    wiring.choose(installation.house, gaps[3], Wish(policy="latest_season"), threading.Event())
    right = installation.show(ordinary(installation, "archived_complete"))
    unknown = next(show for show in installation.report.shows if not show.ref.ids and not show.ref.guids)
    return says(installation, unknown, Wish(tmdb_id=right.show_id, specials=Specials.ON))


def test_decisions_hold_once_plex_was_installed_anew(checked: Installation) -> None:
    named = decide(checked)
    before = outcome(checked)
    checked.demo.change.install_anew()
    checked.scan()
    after = next(show for show in checked.report.shows if show.show_id == named.show_id)
    assert after.chosen is not None
    assert not set(after.rating_keys) & set(named.rating_keys)
    assert outcome(checked) == before


def test_exported_decisions_hold_in_another_home_over_a_plex_installed_anew(
    checked: Installation, install: Install
) -> None:
    decide(checked)
    moved = install()
    moved.demo.change.install_anew()
    read = moved.house.decisions.take_in(checked.house.decisions.exported(), "the file")
    assert (read.ignores, read.overrides, read.there) == (3, 2, 0)
    moved.scan()
    assert outcome(moved) == outcome(checked)


def test_decisions_taken_in_after_the_first_scan_hold_without_another(checked: Installation, install: Install) -> None:
    moved = install()
    moved.demo.change.install_anew()
    moved.scan()
    decide(checked)
    moved.house.decisions.take_in(checked.house.decisions.exported(), "the file")
    moved.forget_requests()
    told = {show.title: show for show in moved.report.shows}
    for show in checked.report.shows:
        assert ignored(told[show.title]) == ignored(show), show.title
    assert moved.asked("plex") + moved.asked("tmdb") == 0


# ---------------------------------------------------------------- another catalogue, another order


def in_dvd_order(installation: Installation) -> ShowReport:
    """A show with something missing that is judged in TheTVDB's DVD order, and whose titles tell its episodes apart."""
    shows = [show for show in installation.report.shows if show.order == "dvd" and show.missing_regular]
    return next(show for show in shows if show.fit is not None and show.fit.confirmed == show.fit.counted)


def test_an_episode_ignored_in_dvd_order_is_the_same_one_as_tmdb_aired_it(checked: Installation) -> None:
    show = in_dvd_order(checked)
    season, number = show.missing[0].number
    made = choices.ignore(checked.house.decisions, show, season=season, numbers=(number,), now=checked.clock())
    covered = ignored(checked.show(show.title))
    aired = says(checked, show, Wish(order=AIRED, order_provider=Source.TMDB))
    assert (aired.provider, aired.order, aired.order_source) == (Source.TMDB, AIRED, "override")
    assert ignored(aired) == covered == {show.missing[0].title}
    assert made.provider is Source.TVDB


@pytest.mark.parametrize("whole_season", [False, True])
def test_what_was_ignored_as_tmdb_aired_it_is_ignored_in_dvd_order(checked: Installation, whole_season: bool) -> None:
    show = in_dvd_order(checked)
    aired = says(checked, show, Wish(order=AIRED, order_provider=Source.TMDB))
    season, number = aired.missing[0].number
    numbers = () if whole_season else (number,)
    choices.ignore(checked.house.decisions, aired, season=season, numbers=numbers, now=checked.clock())
    covered = ignored(checked.show(show.title))
    assert covered
    dvd = says(checked, aired, Wish(order=""))
    assert (dvd.provider, dvd.order) == (Source.TVDB, "dvd")
    absent = {line.title for line in dvd.of(Standing.MISSING)} | ignored(dvd)
    assert ignored(dvd) == covered & absent
    assert ignored(dvd)


def test_an_ignored_episode_follows_its_id_when_the_catalogue_renumbers(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    show = checked.show(title)
    line = show.missing[0]
    season, number = line.number
    choices.ignore(checked.house.decisions, show, season=season, numbers=(number,), now=checked.clock())
    last = max(one.number for one in show.missing if one.number.season == season)
    checked.demo.change.renumber(title, (season, number), (season, last.number + 50))
    checked.scan()
    assert [one.title for one in checked.show(title).of(Standing.IGNORED)] == [line.title]


# ---------------------------------------------------------------- what counts of one show


def test_what_counts_of_one_show_asks_nobody_and_moves_no_other(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    before = {show.title_id: show for show in checked.report.shows}
    show = checked.show(title)
    wiring.choose(checked.house, show, Wish(policy="latest_season"), threading.Event())
    after = {one.title_id: one for one in checked.report.shows}
    last = max(season.season for season in show.seasons)
    assert {line.number.season for line in after[show.title_id].missing} <= {last}
    assert {k: v for k, v in after.items() if k != show.title_id} == {
        k: v for k, v in before.items() if k != show.title_id
    }
    assert checked.asked("plex") + checked.asked("tmdb") == 0


def test_a_second_look_tells_only_what_counts(checked: Installation) -> None:
    title = ordinary(checked, "archived_gaps")
    show = checked.show(title)
    first = show.missing[0].number
    choices.ignore(checked.house.decisions, show, season=first.season, numbers=(first.number,), now=checked.clock())
    assert checked.rescan(title).missing == tuple(line.number for line in checked.show(title).missing)
    last = show.missing[-1].number
    wiring.choose(checked.house, show, Wish(policy=f"from:{last}"), threading.Event())
    found = checked.rescan(title)
    assert (found.missing, found.filled, found.new) == ((last,), (), ())


def test_a_second_look_in_another_order_tells_nothing_as_filled_or_new(checked: Installation) -> None:
    show = in_dvd_order(checked)
    wiring.choose(checked.house, show, Wish(order=AIRED, order_provider=Source.TMDB), threading.Event())
    found = wiring.run_rescan(checked.house, show, threading.Event())
    assert (found.filled, found.new) == ((), ())
    assert found.missing


def test_specials_that_one_show_leaves_out_stay_out_where_all_others_have_theirs(checked: Installation) -> None:
    every = wiring.report(checked.house, rules=Rules(exclude_specials=False))
    show = next(one for one in every.shows if one.specials is not None and one.specials.missing)
    wiring.choose(checked.house, show, Wish(specials=Specials.OFF), threading.Event())
    without = wiring.report(checked.house, rules=Rules(exclude_specials=False))
    (told,) = [one for one in without.shows if one.title_id == show.title_id]
    assert (told.specials, told.state) == (None, State.COMPLETE if not show.missing_regular else State.GAPS)
    assert without.tally == replace(
        every.tally,
        missing_specials=every.tally.missing_specials - len(show.specials.missing if show.specials else ()),
        complete=every.tally.complete + (told.state is State.COMPLETE),
        with_gaps=every.tally.with_gaps - (told.state is State.COMPLETE),
        shows_ongoing=without.tally.shows_ongoing,
        shows_archived=without.tally.shows_archived,
    )


def test_a_show_of_which_nothing_moved_is_the_same_in_the_next_report(checked: Installation) -> None:
    memo = Memo()

    def report() -> dict[str, ShowReport]:
        return {show.title_id: show for show in wiring.report(checked.house, memo=memo).shows}

    before = report()
    title = next(show for show in before.values() if show.missing)
    choices.ignore(checked.house.decisions, title, now=checked.clock())
    after = report()
    assert [key for key, show in after.items() if show is not before[key]] == [title.title_id]
    assert after[title.title_id].state is State.COMPLETE
    checked.clock.pass_by(days=400)
    later = {show.title_id: show for show in wiring.report(checked.house).shows}
    assert report() == later
    assert later != after
