"""Shows that are numbered otherwise than TMDB aired them: which catalogue judges them, what that costs, what is said
where it can't be asked."""

from __future__ import annotations

import pytest

from plexgap.demo.truth import ShowTruth
from plexgap.domain.events import RunStatus
from plexgap.domain.events import Warning as Told
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import Standing, State
from plexgap.jobs.scan import Mode
from plexgap.views.report import ShowReport
from tests.scan.conftest import Install, Installation

OTHER_ORDERS = ("dvd_order", "one_long_season", "absolute_order")


def truth(installation: Installation, tag: str) -> ShowTruth:
    return next(truth for truth in installation.demo.world.truths if tag in truth.tags)


def shown(installation: Installation, tag: str) -> ShowReport:
    return installation.show(truth(installation, tag).title)


def missing(show: ShowReport) -> tuple[tuple[int, int], ...]:
    return tuple((line.number.season, line.number.number) for line in show.missing)


def test_show_in_another_order_is_judged_by_the_catalogue_that_has_it(checked: Installation) -> None:
    for tag in OTHER_ORDERS:
        stated, show = truth(checked, tag), shown(checked, tag)
        assert (show.provider, show.order, missing(show)) == (Source.TVDB, stated.order, stated.missing)
        assert show.order_source == "plex"
        assert show.fit is not None
        assert not show.fit.best


def test_second_look_at_such_shows_asks_nothing_of_them_and_writes_nothing(checked: Installation) -> None:
    before = {show.title_id: show for show in checked.report.shows}
    revision = checked.house.index.revision()
    checked.scan(Mode.REFRESH)
    assert {show.title_id: show for show in checked.report.shows} == before
    assert not checked.demo.knobs["tvdb"].matching(r"/series/")
    assert not checked.demo.knobs["tmdb"].matching(r"/episode_group")
    assert checked.asked("plex") == 0
    assert checked.house.index.revision() == revision + 2  # the beginning and the end of the run


def test_only_shows_that_numbers_leave_open_are_asked_of_the_second_catalogue(install: Install) -> None:
    installation = install(episodes=5_000)
    done = installation.scan()
    assert 0 < done.stats.requests["tvdb"] == installation.asked("tvdb") <= 0.4 * done.stats.shows
    settings = installation.demo.knobs["plex"].matching(r"includePreferences=1")
    assert len(settings) == 1
    assert len(installation.demo.knobs["tvdb"].matching(r"/login")) == 1


def test_link_of_a_show_in_dvd_order_leads_to_the_aired_season(checked: Installation) -> None:
    show = shown(checked, "dvd_order")
    (season,) = [season for season in show.seasons if season.missing]
    assert season.season == 2
    assert season.link is not None
    assert season.link.url.endswith("/1")
    assert season.link.note == ""


@pytest.mark.parametrize("tag", ["dvd_order", "one_long_season"])
def test_without_a_key_of_the_second_catalogue_titles_and_dates_still_settle_it(install: Install, tag: str) -> None:
    installation = install(tvdb_api_key="")
    installation.scan()
    show, held = shown(installation, tag), truth(installation, tag)
    assert installation.asked("tvdb") == 0
    assert (show.state, show.provider, len(show.missing)) == (State.GAPS, Source.TMDB, len(held.missing))


def test_show_that_only_the_second_catalogue_knows_needs_mapping_without_its_key(install: Install) -> None:
    installation = install(tvdb_api_key="")
    installation.scan()
    assert shown(installation, "tvdb_only_show").state is State.NEEDS_MAPPING


def test_second_catalogue_that_is_away_leaves_open_shows_unknown_until_it_answers(install: Install) -> None:
    installation = install()
    installation.demo.knobs["tvdb"].add("status", "/series/", status=503, count=None)
    done = installation.scan()
    assert done.status is RunStatus.PARTIAL
    for tag in OTHER_ORDERS:
        show = shown(installation, tag)
        assert (show.state, show.missing) == (State.UNKNOWN, ())
        assert "TheTVDB" in (show.reason or "")
    assert shown(installation, "gaps_in_season").state is State.GAPS
    installation.demo.reset()
    assert installation.scan(None).status is RunStatus.OK
    for tag in OTHER_ORDERS:
        assert missing(shown(installation, tag)) == truth(installation, tag).missing


def test_second_catalogue_that_goes_away_later_leaves_the_last_answer_in_place(checked: Installation) -> None:
    before = {tag: missing(shown(checked, tag)) for tag in OTHER_ORDERS}
    checked.demo.knobs["tvdb"].add("status", "/series/", status=503, count=None)
    assert checked.scan(Mode.FULL).status is RunStatus.PARTIAL
    for tag in OTHER_ORDERS:
        show = shown(checked, tag)
        assert (show.state, show.stale, missing(show)) == (State.UNKNOWN, True, before[tag])


def test_second_catalogue_that_refuses_its_key_is_done_without_and_that_is_said(install: Install) -> None:
    installation = install(tvdb_api_key="wrong-key")
    said = list(installation.events())
    told = [event for event in said if isinstance(event, Told)]
    assert [(event.what, event.title) for event in told] == [("service", "TheTVDB")]
    assert "refused this key" in told[0].reason
    assert "wrong-key" not in str(said)
    assert installation.report.last_run is not None
    assert installation.report.last_run.status is RunStatus.PARTIAL
    assert installation.report.last_run.refused_by == ("TheTVDB",)
    assert len(installation.demo.knobs["tvdb"].matching(r"/login")) == 1
    assert shown(installation, "gaps_in_season").state is State.GAPS
    assert shown(installation, "dvd_order").provider is Source.TMDB


def test_with_a_key_of_the_second_catalogue_alone_shows_are_judged_by_it(install: Install) -> None:
    installation = install(tmdb_api_key="")
    assert installation.scan().status is RunStatus.OK
    assert installation.asked("tmdb") == 0
    judged = [show for show in installation.report.shows if show.state in (State.COMPLETE, State.GAPS)]
    assert len(judged) > 0.7 * len(installation.report.shows)
    assert {show.provider for show in judged} == {Source.TVDB}
    for tag in ("dvd_order", "one_long_season", "tvdb_only_show", "gaps_in_season"):
        assert missing(shown(installation, tag)) == truth(installation, tag).missing


@pytest.mark.parametrize(("provider", "silent"), [("tmdb", "tvdb"), ("tvdb", "tmdb")])
def test_setting_asks_one_catalogue_alone(install: Install, provider: str, silent: str) -> None:
    installation = install(provider=provider)
    installation.scan()
    about_shows = r"/3/(tv|search/tv)" if silent == "tmdb" else ""
    assert not installation.demo.knobs[silent].matching(about_shows)
    assert {str(show.provider) for show in installation.report.shows if show.provider} == {provider}


def test_other_setting_is_followed_by_the_next_scan(checked: Installation) -> None:
    checked.open(provider="tvdb")
    checked.scan(Mode.INCREMENTAL)
    show = shown(checked, "gaps_in_season")
    assert (show.provider, missing(show)) == (Source.TVDB, truth(checked, "gaps_in_season").missing)


def test_episode_that_plex_held_before_is_missing_with_that_badge(checked: Installation) -> None:
    title = truth(checked, "archived_complete").title
    checked.demo.change.remove_episode(title, 1, 2)
    checked.scan(Mode.FULL)
    (line,) = checked.show(title).of(Standing.MISSING)
    assert (line.number, line.removed) == ((1, 2), True)
    assert not any(line.removed for line in shown(checked, "gaps_in_season").missing)


def test_rescan_of_a_show_in_another_order_asks_what_it_needs_and_no_more(checked: Installation) -> None:
    stated = truth(checked, "dvd_order")
    found = checked.rescan(stated.title)
    assert tuple(found.missing) == stated.missing
    assert (found.filled, found.new) == ((), ())
    assert checked.asked("plex") <= 3
    assert checked.asked("tmdb") == 1
    assert len(checked.demo.knobs["tvdb"].matching(r"/series/")) <= 3
