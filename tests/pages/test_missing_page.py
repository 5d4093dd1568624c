"""The page Missing, from the first check to taking a decision back."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plexgap import wiring
from plexgap.config import ROOT
from plexgap.demo.servers import DemoServers
from plexgap.domain.errors import Rejected, SourceError
from plexgap.domain.events import Phase, RunStatus
from plexgap.domain.ids import Source
from plexgap.domain.verdicts import State
from plexgap.gaps.rules import Rules
from plexgap.jobs.runner import RUNNER
from plexgap.jobs.scan import Mode, ScanPlan
from plexgap.store.locks import scan_lock
from plexgap.ui.resources import PLACES, report
from plexgap.views.missing import NEED_FIRST
from plexgap.views.report import ShowReport
from plexgap.views.shows import Pick, missing_now
from tests.pages.conftest import LONG_S, Open
from tests.pages.reading import heading, missing, source, text


def show_named(title: str) -> ShowReport:
    return next(show for show in report(PLACES.present()).shows if show.title == title)


def pick(app: AppTest, pick: Pick | None) -> AppTest:
    app.session_state["list"] = pick
    return app.run()


def open_card(app: AppTest, show: ShowReport) -> AppTest:
    app.session_state[f"open-{show.title_id}"] = True
    return app.run()


@pytest.mark.usefixtures("unlimited")
def test_the_first_check_goes_from_nothing_to_the_whole_answer(open_app: Open) -> None:
    app = open_app()
    assert heading(app) == "Not checked yet"
    app.button(key="check-now").click().run()
    assert RUNNER.wait(LONG_S)
    app.run()
    tally = report(PLACES.present()).tally
    assert heading(app) == f"{tally.missing_ongoing + tally.missing_archived} episodes are missing"
    assert tally.with_gaps > 0
    assert "Checked just now" in text(app)
    assert RUNNER.snapshot.mode == "full"


@pytest.mark.usefixtures("checked")
def test_an_earlier_answer_stands_there_at_once_and_nobody_is_asked(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    assert missing(app) > 0
    assert demo.knobs["plex"].count == 0
    assert demo.knobs["tmdb"].count == 0


@pytest.mark.usefixtures("checked")
def test_each_catalogue_that_is_asked_is_named_as_it_wants_to_be(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmdb = "This product uses the TMDB API but is not endorsed or certified by TMDB."
    tvdb = "Please consider adding missing information or subscribing."
    app = open_app()
    assert tmdb in text(app)
    assert tvdb in text(app)
    assert 'Metadata provided by <a href="https://thetvdb.com/subscribe"' in source(app)
    monkeypatch.delenv("TVDB_API_KEY")
    PLACES.reopen()
    app.run()
    assert tmdb in text(app)
    assert tvdb not in text(app)


@pytest.mark.usefixtures("checked")
def test_every_show_of_the_report_can_be_found_on_the_page(open_app: Open) -> None:
    app = open_app()
    seen = text(pick(app, Pick.NEED)) + text(pick(app, Pick.COMPLETE)) + text(pick(app, Pick.GAPS))
    assert [show.title for show in report(PLACES.present()).shows if show.title not in seen] == []


@pytest.mark.usefixtures("checked")
def test_three_shows_that_need_the_person_stand_first_and_all_of_them_on_demand(open_app: Open) -> None:
    app = open_app()
    every = report(PLACES.present()).tally.need_you
    assert source(app).count('class="ask"') == NEED_FIRST < every
    assert app.button(key="more-needs").label == f"and {every - NEED_FIRST} more in Library"
    pick(app, Pick.NEED)
    assert source(app).count('class="ask"') == every
    pick(app, Pick.GAPS)
    assert source(app).count('class="ask"') == NEED_FIRST


@pytest.mark.usefixtures("checked")
def test_titles_are_text_wherever_they_stand(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    hostile = next(show for show in report(PLACES.present()).shows if "<script>" in show.title)
    open_card(app, hostile)
    assert "<script" not in source(app)
    assert "&lt;script&gt;" in source(app)
    labels = [button.label for button in app.button] + [one.label for one in app.expander]
    assert not any("<script>" in label for label in labels), labels
    assert any(re.search(r"\\<script\\>", label) for label in labels)


@pytest.mark.usefixtures("checked")
def test_a_missing_season_is_a_link_and_one_button(open_app: Open) -> None:
    app = open_app()
    show = show_named("The Lantern Keepers")
    season = next(one for one in show.seasons if one.missing)
    assert season.link is not None
    assert f'href="{season.link.url}" target="_blank" rel="noopener noreferrer"' in source(app)
    open_card(app, show)
    urls = [button.proto.url for button in app.get("link_button")]
    assert urls.count(season.link.url) == 1


@pytest.mark.usefixtures("checked")
def test_ignoring_an_episode_moves_every_count_and_undo_puts_it_back(open_app: Open) -> None:
    app = open_app()
    before, show = missing(app), show_named("The Lantern Keepers")
    season = next(one for one in show.seasons if len(one.missing) > 1)
    form = f"{show.title_id}-{season.season}"
    open_card(app, show)
    number = season.missing[0].number.number
    app.session_state[f"which-{form}"] = [number]
    app.run()
    assert app.button(key=f"do-ignore-{form}").label == "Ignore 1 episode"
    app.button(key=f"do-ignore-{form}").click().run()
    assert missing(app) == before - 1
    assert f"Ignored S{season.season:02d} E{number:02d} of The Lantern Keepers." in text(app)
    app.button(key="undo").click().run()
    assert missing(app) == before


@pytest.mark.usefixtures("checked")
def test_an_ignored_show_stands_at_the_foot_with_its_way_back(open_app: Open) -> None:
    app = open_app()
    before, show = missing(app), show_named("Inverlock")
    open_card(app, show)
    app.text_input(key=f"reason-{show.title_id}-show").set_value("not for us").run()
    app.button(key=f"do-ignore-{show.title_id}-show").click().run()
    assert missing(app) == before - show.missing_regular
    app.session_state["fold-ignored"] = True
    app.run()
    assert "for good. Reason: Not for us." in text(app)
    undo = next(button for button in app.button if str(button.key).startswith("unignore-"))
    undo.click().run()
    assert missing(app) == before


@pytest.mark.usefixtures("checked")
def test_checking_one_show_again_finds_what_was_added(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    before, show = missing(app), show_named("The Lantern Keepers")
    number = show.missing[0].number
    demo.change.add_episode(show.title, number.season, number.number, show.year)
    open_card(app, show)
    app.button(key=f"again-{show.title_id}").click().run()
    assert missing(app) == before - 1
    assert any("1 filled" in one.value for one in app.markdown)


def fail(app: AppTest, demo: DemoServers) -> tuple[ShowReport, ...]:
    """One show of Anime and three others that could not be checked; the page offers to try them again."""
    house = PLACES.present().house
    judged = [show for show in report(PLACES.present()).shows if show.is_judged and len(show.rating_keys) == 1]
    chosen = [next(show for show in judged if show.libraries == ("Anime",))]
    chosen += [show for show in judged if show.libraries == ("TV Shows",)][:NEED_FIRST]
    for service in ("tmdb", "tvdb"):
        demo.knobs[service].add("html", count=None)
    for show in chosen:
        with pytest.raises(SourceError):
            wiring.run_rescan(house, show, threading.Event())
    demo.reset()
    app.run()
    return tuple(chosen)


@pytest.mark.usefixtures("checked")
def test_one_show_that_failed_behind_others_that_need_the_person_is_said_and_can_be_shown(
    open_app: Open, demo: DemoServers
) -> None:
    app, show = open_app(), show_named("Inverlock")
    for service in ("tmdb", "tvdb"):
        demo.knobs[service].add("html", count=None)
    with pytest.raises(SourceError):
        wiring.run_rescan(PLACES.present().house, show, threading.Event())
    demo.reset()
    app.run()
    assert app.button(key="retry-shows-partial").label == "Try again"
    every = report(PLACES.present()).tally.shows
    assert f"1 of {every} shows could not be checked." in text(app)
    app.button(key="show-needs-partial").click().run()
    assert show.title in source(app)
    assert "shows could not be checked." not in text(app)
    pick(app, Pick.GAPS)
    app.button(key="retry-shows-partial").click().run()
    assert RUNNER.wait(LONG_S)
    app.run()
    assert show_named(show.title).is_judged
    assert "shows could not be checked." not in text(app)


@pytest.mark.usefixtures("checked")
def test_the_status_line_is_calm_again_once_what_failed_was_looked_at(open_app: Open, demo: DemoServers) -> None:
    app, show = open_app(), show_named("Inverlock")
    assert 'class="status quiet"' in source(app)
    demo.knobs["tmdb"].add("status", rf"/tv/{show.show_id}", status=500, count=None)
    app.button(key="start-full").click().run()
    assert RUNNER.wait(LONG_S)
    app.run()
    assert RUNNER.snapshot.status is RunStatus.PARTIAL
    assert 'class="status amber"' in source(app)
    demo.reset()
    app.button(key="retry-shows-partial").click().run()
    assert RUNNER.wait(LONG_S)
    app.run()
    assert show_named(show.title).is_judged
    assert 'class="status quiet"' in source(app)


@pytest.mark.usefixtures("checked")
def test_shows_that_plex_lost_or_lists_in_part_hold_up_no_other_that_is_tried_again(
    open_app: Open, demo: DemoServers
) -> None:
    app = open_app()
    part, gone, leaving, whole = fail(app, demo)
    demo.knobs["plex"].add("status", rf"/metadata/{gone.rating_keys[0]}\?", status=404, count=None)
    demo.knobs["plex"].add("status", rf"/metadata/{leaving.rating_keys[0]}/allLeaves", status=404, count=None)
    demo.change.set_short("Anime", 1)
    try:
        app.button(key="retry-shows-partial").click().run()
        assert RUNNER.wait(LONG_S)
    finally:
        demo.change.set_short("Anime", 0)
    assert RUNNER.snapshot.status is RunStatus.PARTIAL
    warned = {warning.title: warning.reason for warning in RUNNER.snapshot.warnings}
    assert warned.keys() == {part.title, gone.title, leaving.title}
    assert warned[gone.title] == "Plex no longer has this show."
    assert show_named(whole.title).is_judged


@pytest.mark.usefixtures("checked")
def test_trying_again_at_another_server_ends_at_once(open_app: Open, demo: DemoServers) -> None:
    """Its rating keys are of other titles."""
    app = open_app()
    fail(app, demo)
    own, demo.world.machine_id = demo.world.machine_id, "another"
    try:
        app.button(key="retry-shows-partial").click().run()
        assert RUNNER.wait(LONG_S)
    finally:
        demo.world.machine_id = own
    assert RUNNER.snapshot.status is RunStatus.FAILED
    assert RUNNER.snapshot.warnings == ()
    assert "another Plex server" in RUNNER.snapshot.advice


@pytest.mark.usefixtures("checked")
def test_saying_which_show_it_is_asks_tmdb_and_can_be_taken_back(open_app: Open) -> None:
    app = open_app()
    pick(app, Pick.NEED)
    tally = report(PLACES.present()).tally
    show = next(one for one in report(PLACES.present()).shows if one.state is State.NEEDS_MAPPING and one.candidates)
    chosen = show.candidates[-1]
    app.text_input(key=f"named-{show.title_id}").set_value("no number").run()
    app.button(key=f"use-{show.title_id}").click().run()
    assert "That is no number of TMDB." in app.error[0].value
    app.text_input(key=f"named-{show.title_id}").set_value("999999").run()
    app.button(key=f"use-{show.title_id}").click().run()
    assert "TMDB does not list" in app.error[0].value
    app.text_input(key=f"named-{show.title_id}").set_value(f"https://www.themoviedb.org/tv/{chosen.show_id}-x").run()
    app.button(key=f"use-{show.title_id}").click().run()
    assert f"{show.title} is now judged as {chosen.title} ({chosen.year})" in text(app)
    assert report(PLACES.present()).tally.need_you == tally.need_you - 1
    app.button(key="undo").click().run()
    assert report(PLACES.present()).tally.need_you == tally.need_you


@pytest.mark.usefixtures("checked")
def test_a_candidate_is_chosen_by_one_button(open_app: Open) -> None:
    app = open_app()
    pick(app, Pick.NEED)
    show = next(one for one in report(PLACES.present()).shows if one.state is State.NEEDS_MAPPING and one.candidates)
    first, second = show.candidates
    labels = {
        key: button.label for button in app.button if (key := str(button.key)).startswith(f"it-is-{show.title_id}-")
    }
    assert labels == {
        f"it-is-{show.title_id}-tmdb-{first.show_id}": f"It is the {first.year} series",
        f"it-is-{show.title_id}-tmdb-{second.show_id}": f"It is the {second.year} series",
    }
    app.button(key=f"it-is-{show.title_id}-tmdb-{second.show_id}").click().run()
    assert f"{show.title} is now judged as {second.title} ({second.year})" in text(app)
    (joined,) = [one for one in report(PLACES.present()).shows if one.show_id == second.show_id]
    assert set(show.rating_keys) < set(joined.rating_keys)


@pytest.mark.usefixtures("checked")
def test_what_counts_of_one_show_is_kept_said_and_taken_back(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    before, show = missing(app), show_named("The Lantern Keepers")
    form = show.title_id
    last = show.missing[-1].number
    open_card(app, show)
    assert app.button(key=f"counts-{form}").disabled
    app.selectbox(key=f"policy-{form}").set_value("from").run()
    app.button(key=f"counts-{form}").click().run()
    assert "Enter an episode" in app.error[0].value
    app.text_input(key=f"start-{form}").set_value(f"s{last.season} e{last.number}").run()
    app.button(key=f"counts-{form}").click().run()
    assert show_named("The Lantern Keepers").chosen is not None
    assert missing(app) == before - len(show.missing) + 1
    assert f"You chose: what aired from S{last.season:02d} E{last.number:02d} on counts." in text(app)
    start = next(one for one in app.text_input if str(one.key).startswith(f"start-{form}"))
    assert start.value == f"S{last.season:02d}E{last.number:02d}"
    app.button(key="undo").click().run()
    assert missing(app) == before
    assert show_named("The Lantern Keepers").chosen is None
    assert demo.knobs["tmdb"].count == 0


@pytest.mark.usefixtures("checked")
def test_an_order_is_chosen_from_those_there_are_and_taken_back(open_app: Open) -> None:
    app = open_app()
    show = next(one for one in report(PLACES.present()).shows if one.order == "dvd" and one.missing_regular)
    open_card(app, show)
    order = app.selectbox(key=f"order-{show.title_id}")
    assert order.options == ["What fits best", "Aired order, TMDB", "Aired order, TheTVDB", "DVD order, TheTVDB"]
    order.select_index(1).run()
    app.button(key=f"counts-{show.title_id}").click().run()
    assert f"{show.title} is judged in aired order of TMDB." in text(app)
    told = show_named(show.title)
    assert (told.provider, told.order, told.order_source) == (Source.TMDB, "aired", "override")
    assert "Judged by TMDB in aired order, by your word" in text(app)
    assert any("Judged anew" in one.value for one in app.markdown)
    app.button(key="undo").click().run()
    assert (show_named(show.title).order, show_named(show.title).chosen) == ("dvd", None)


@pytest.mark.usefixtures("checked")
def test_specials_of_one_show_are_listed_apart_and_count_in_no_total(open_app: Open) -> None:
    app = open_app()
    before = missing(app)
    everything = wiring.report(PLACES.present().house, rules=Rules(exclude_specials=False))
    wanted = next(one for one in everything.shows if one.specials and one.specials.missing)
    show, form = show_named(wanted.title), wanted.title_id
    assert show.state is State.COMPLETE
    pick(app, Pick.COMPLETE)
    open_card(app, show)
    app.selectbox(key=f"specials-{form}").set_value("on").run()
    app.button(key=f"counts-{form}").click().run()
    told = show_named(wanted.title)
    assert (told.specials, told.missing_regular, told.held) == (wanted.specials, 0, show.held)
    assert (missing(app), told.state) == (before, State.GAPS)
    pick(app, Pick.GAPS)
    open_card(app, told)
    assert "You chose: its specials are listed, apart from the rest." in text(app)
    next(button for button in app.button if str(button.key).startswith(f"forget-{form}")).click().run()
    assert show_named(wanted.title).state is State.COMPLETE


@pytest.mark.usefixtures("checked")
def test_the_list_stays_as_it_is_while_a_check_runs_until_it_is_asked_for(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    before = missing(app)
    show = show_named("Northern Society")
    for line in show.missing:
        demo.change.add_episode(show.title, line.number.season, line.number.number, show.year)
    other = next(one for one in report(PLACES.present()).shows if one.show_id and one.title_id != show.title_id)
    demo.knobs["tmdb"].add("hang", f"/3/tv/{other.show_id}", count=None)
    app.button(key="start-full").click().run()
    while show_named("Northern Society").missing:
        assert RUNNER.snapshot.running
    app.run()
    assert missing(app) == before
    assert any("Stop" in button.label for button in app.button)
    app.button(key="stop").click().run()
    assert RUNNER.wait(LONG_S)
    demo.knobs["tmdb"].clear()
    app.run()
    assert RUNNER.snapshot.status == "stopped"
    assert missing(app) < before
    assert show.title not in [one.title for one in report(PLACES.present()).shows if one.missing]


@pytest.mark.usefixtures("checked")
def test_a_check_is_paused_goes_on_and_is_stopped_by_its_buttons(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    demo.knobs["tmdb"].add("hang", "/3/tv/", count=None)
    app.button(key="start-full").click().run()
    while RUNNER.snapshot.phase is not Phase.COMPARE:
        assert RUNNER.snapshot.running
    app.run()
    app.button(key="pause").click().run()
    assert RUNNER.snapshot.paused
    assert f"Paused at 0 of {RUNNER.snapshot.total} shows." in text(app)
    assert "pause" not in [button.key for button in app.button]
    second = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()
    assert "Paused at" in text(second)
    second.button(key="go-on").click().run()
    assert not RUNNER.snapshot.paused
    app.run()
    app.button(key="pause").click().run()
    app.button(key="stop").click().run()
    assert RUNNER.wait(LONG_S)
    demo.knobs["tmdb"].clear()
    app.run()
    assert RUNNER.snapshot.status == "stopped"
    assert not app.button(key="check-now").disabled


@pytest.mark.usefixtures("checked")
def test_a_check_that_waits_for_one_of_another_program_says_so_and_can_be_stopped(open_app: Open, home: Path) -> None:
    app = open_app()
    with scan_lock(home / "scan.lock", "the schedule"):
        app.button(key="check-now").click().run()
        while not RUNNER.snapshot.waiting_for:
            assert RUNNER.snapshot.running
        app.run()
        assert "started by the schedule; waiting up to 10 s." in text(app)
        app.button(key="stop").click().run()
        assert RUNNER.wait(5)
    app.run()
    assert RUNNER.snapshot.status == "stopped"


@pytest.mark.usefixtures("checked")
def test_plex_away_is_said_and_what_was_known_stays(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    before = missing(app)
    demo.knobs["plex"].add("status", "", status=401, count=None)
    app.button(key="check-now").click().run()
    assert RUNNER.wait(LONG_S)
    app.run()
    assert "Plex refused the token." in text(app)
    assert missing(app) == before


@pytest.mark.usefixtures("checked")
def test_a_failure_is_told_until_a_later_check_ended(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    demo.knobs["plex"].add("status", "", status=401, count=1)
    app.button(key="check-now").click().run()
    assert RUNNER.wait(LONG_S)
    app.run()
    assert "Plex refused the token." in text(app)
    _by_the_schedule()
    app.run()
    assert "Plex refused the token." not in text(app)
    demo.knobs["plex"].add("status", "", status=401, count=None)
    with contextlib.suppress(Rejected):
        _by_the_schedule()
    app.run()
    assert "The last check ended early." in text(app)


def _by_the_schedule() -> None:
    plan = ScanPlan(mode=Mode.INCREMENTAL, by="the schedule")
    for _ in wiring.run_scan(PLACES.present().house, plan, threading.Event()):
        pass


@pytest.mark.usefixtures("checked")
def test_a_broken_decisions_file_is_said_until_it_was_seen(open_app: Open, home: Path) -> None:
    (home / "decisions.json").write_text("{broken", encoding="utf-8")
    app = open_app()
    assert "decisions.json" in text(app)
    seen = next(button for button in app.button if button.label == "Seen")
    seen.click().run()
    assert "decisions.json" not in text(app)


def cards(app: AppTest) -> list[str]:
    return re.findall(r'<div class="card">.*?<h3 title="(.*?)">', source(app))


@pytest.mark.usefixtures("checked")
def test_the_counts_of_the_pills_are_those_of_the_rows_they_open(open_app: Open) -> None:
    app = open_app()
    pills = {str(option).rpartition(" ")[0]: int(str(option).rpartition(" ")[2]) for option in app.pills[0].options}
    tally = report(PLACES.present()).tally
    assert (pills["With gaps"], pills["Need you"], pills["Complete"]) == (
        tally.with_gaps,
        tally.need_you,
        tally.complete,
    )
    assert len(cards(pick(app, Pick.COMPLETE))) == tally.complete
    assert len(cards(pick(app, Pick.AIRED))) == pills["Just aired"]
    assert len(cards(pick(app, Pick.GAPS))) == tally.with_gaps


@pytest.mark.usefixtures("checked")
def test_a_search_and_a_filter_narrow_the_list_and_leave_every_count(open_app: Open) -> None:
    app = open_app()
    before = missing(app)
    app.session_state["find"] = "lantern"
    app.run()
    assert cards(app) == ["The Lantern Keepers"]
    app.session_state["find"] = "no such show"
    app.run()
    assert 'No show with gaps matches "no such show".' in text(app)
    app.button(key="clear-search").click().run()
    app.session_state["in"] = ["Anime"]
    app.run()
    found = [show for show in report(PLACES.present()).shows if show.state is State.GAPS and "Anime" in show.libraries]
    assert len(cards(app)) == len(found) > 0
    assert "Only Anime." in text(app)
    assert missing(app) == before
    app.button(key="clear-filter").click().run()
    assert len(cards(app)) == report(PLACES.present()).tally.with_gaps


@pytest.mark.usefixtures("checked")
def test_what_became_missing_since_the_last_visit_is_marked_as_new(open_app: Open, home: Path) -> None:
    app = open_app()
    assert "New 0" in app.pills[0].options, "the first visit knows of none before"
    known = missing_now(report(PLACES.present()))
    show = show_named("The Lantern Keepers")
    seen = {key: each for key, each in known.items() if key != show.title_id}
    (home / "seen.json").write_text(json.dumps({"day": "2020-01-01", "missing": seen}), encoding="utf-8")
    PLACES.reopen()
    app.run()
    assert "New 1" in app.pills[0].options
    assert cards(pick(app, Pick.NEW)) == [show.title]
    assert f'<span class="fresh">{len(show.missing)} new</span>' in source(app)
