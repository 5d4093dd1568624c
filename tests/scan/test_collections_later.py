"""What becomes of collections after the first scan: failures and their healing, changes at TMDB and in Plex, freshness,
decisions, settings."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from plexgap import wiring
from plexgap.demo.servers import DemoServers
from plexgap.demo.world import DEFAULT_FILMS, make_world
from plexgap.domain import events
from plexgap.domain.errors import NotListed, Rejected
from plexgap.domain.events import Change, Progress, RunStatus
from plexgap.domain.library import Kind
from plexgap.domain.verdicts import Standing, State
from plexgap.jobs import choices, film_choices
from plexgap.jobs.scan import Mode
from plexgap.views.report import NOT_CHECKED
from tests.scan.conftest import Clock, Install, Installation
from tests.scan.test_collections import asked, collection, films, seen, stated, states, truth_of
from tests.support import FEW_FILMS

OFFLINE = "TMDB did not answer: its server has a fault (500). Try again later."


@pytest.fixture(scope="module")
def looked_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an installation after its first check of films, to be copied."""
    home = tmp_path_factory.mktemp("looked")
    with DemoServers(make_world(now=Clock(), films=FEW_FILMS)) as demo:
        installation = Installation(demo, Clock(), home)
        films(installation)
        installation.house.close()
    return home


@pytest.fixture
def looked(install: Install, looked_home: Path, tmp_path: Path) -> Installation:
    """An installation after its first check of films, over a world of its own whose log of requests is empty."""
    shutil.copytree(looked_home, tmp_path / "0")
    return install()


def fail(installation: Installation, pattern: str) -> None:
    installation.demo.knobs["tmdb"].add("status", pattern, count=None, status=500)


def titles(installation: Installation, number: int) -> list[str]:
    """The films of a collection in its order, by the names of TMDB."""
    catalogue = installation.demo.world.catalogue
    return [catalogue.films[part].title for part in catalogue.collections[number].parts]


# ---------------------------------------------------------------- failures


def test_a_collection_that_was_never_answered_is_unknown_and_healed_by_the_next_scan(install: Install) -> None:
    installation = install()
    truth = truth_of(installation, "lookup_fails")
    fail(installation, f"/collection/{truth.tmdb_id}$")
    told = list(installation.events(Mode.FULL, only=Kind.MOVIE))
    failed = collection(installation, truth.tmdb_id)
    assert (failed.state, failed.reason, failed.name) == (State.UNKNOWN, OFFLINE, truth.name)
    assert [line.standing for line in failed.lines] == [Standing.HELD]
    assert not failed.stale
    assert events.Warning("collection", truth.name, OFFLINE, str(truth.tmdb_id)) in told
    run = installation.report.last_run
    assert run is not None
    assert (run.status, run.advice) == (RunStatus.PARTIAL, "1 collection could not be checked.")
    tally = installation.report.films.tally
    assert (tally.unknown, installation.report.complete) == (1, False)
    installation.demo.knobs["tmdb"].clear()
    assert films(installation, Mode.INCREMENTAL).status is RunStatus.OK
    assert seen(collection(installation, truth.tmdb_id)) == stated(truth)


def test_a_collection_that_fails_later_keeps_its_last_good_answer_with_its_age(looked: Installation) -> None:
    truth = truth_of(looked, "lookup_fails")
    then = looked.clock.at
    looked.clock.pass_by(days=8)
    fail(looked, f"/collection/{truth.tmdb_id}$")
    assert films(looked, Mode.INCREMENTAL).status is RunStatus.PARTIAL
    stale = collection(looked, truth.tmdb_id)
    assert (stale.state, stale.stale, stale.checked_at) == (State.UNKNOWN, True, then)
    assert tuple(line.tmdb_id for line in stale.missing) == truth.missing
    assert looked.report.films.tally.missing == sum(
        len(one.missing) for one in looked.report.collections if one.state is not State.UNKNOWN
    )
    looked.demo.knobs["tmdb"].clear()
    for mode in (Mode.REFRESH, Mode.INCREMENTAL):
        assert films(looked, mode).status is RunStatus.OK
        assert seen(collection(looked, truth.tmdb_id)) == stated(truth)


def test_a_film_that_failed_is_unknown_by_itself_and_asked_again(install: Install) -> None:
    installation = install()
    truth = truth_of(installation, "single_part")
    (number,) = installation.demo.world.catalogue.collections[truth.tmdb_id].parts
    title = installation.demo.world.catalogue.films[number].title
    fail(installation, f"/movie/{number}$")
    assert films(installation).status is RunStatus.PARTIAL
    unknown = [film for film in installation.report.films.open if film.state is State.UNKNOWN]
    assert [(film.title, film.reason) for film in unknown] == [(title, OFFLINE)]
    installation.demo.knobs["tmdb"].clear()
    films(installation, Mode.INCREMENTAL)
    assert not any(film.state is State.UNKNOWN for film in installation.report.films.open)


def test_a_film_that_failed_is_known_when_its_collection_answers_through_another(install: Install) -> None:
    installation = install()
    truth = truth_of(installation, "film_moved")
    first, *_ = installation.demo.world.catalogue.collections[truth.tmdb_id].parts
    fail(installation, f"/movie/{first}$")
    assert films(installation).status is RunStatus.OK
    assert seen(collection(installation, truth.tmdb_id)) == stated(truth)


def test_a_collection_whose_film_could_not_be_looked_up_is_unknown_and_not_complete(looked: Installation) -> None:
    truth = truth_of(looked, "film_by_imdb_id")
    fail(looked, "/find/tt")
    assert films(looked, Mode.FULL).status is RunStatus.PARTIAL
    doubtful = collection(looked, truth.tmdb_id)
    assert doubtful.state is State.UNKNOWN
    assert doubtful.reason is not None
    assert doubtful.reason.endswith(f"could not be looked up: {OFFLINE}")
    assert doubtful.held == truth.held
    looked.demo.knobs["tmdb"].clear()
    films(looked, Mode.INCREMENTAL)
    assert seen(collection(looked, truth.tmdb_id)) == stated(truth)


@pytest.mark.parametrize("title", ["", "Un titre étranger"], ids=["by its title", "by its id"])
def test_a_film_never_looked_up_that_may_be_a_missing_one_leaves_the_collection_unknown(
    title: str, install: Install
) -> None:
    installation = install()
    truth = truth_of(installation, "film_by_imdb_id")
    catalogue = installation.demo.world.catalogue
    for part in catalogue.collections[truth.tmdb_id].parts[1:]:
        if part not in truth.missing:
            installation.demo.change.remove_film(catalogue.films[part].title)
    held = catalogue.films[catalogue.collections[truth.tmdb_id].parts[0]]
    installation.demo.change.add_film(catalogue.films[truth.missing[0]].title)
    sections = installation.demo.world.library.sections
    (entry,) = [each for section in sections for each in section.films if each.title == held.title]
    entry.title = title or entry.title
    fail(installation, f"/find/{held.imdb_id}")
    films(installation)
    doubtful = collection(installation, truth.tmdb_id)
    assert doubtful.state is State.UNKNOWN
    assert doubtful.reason == f"Whether {entry.title} is one of its films could not be looked up: {OFFLINE}"
    assert not doubtful.unsure


def test_details_that_fail_leave_a_film_missing_and_are_asked_for_again(install: Install) -> None:
    installation = install()
    truth = truth_of(installation, "one_of_many")
    fail(installation, f"/movie/{truth.missing[0]}$")
    assert films(installation).status is RunStatus.OK
    first, *others = collection(installation, truth.tmdb_id).missing
    assert first.imdb_id is None
    assert first.links[0].url.startswith("https://debridmediamanager.com/search?query=")
    assert all(line.imdb_id for line in others)
    installation.demo.knobs["tmdb"].clear()
    installation.forget_requests()
    films(installation, Mode.INCREMENTAL)
    assert installation.asked("tmdb") == 1
    assert collection(installation, truth.tmdb_id).missing[0].imdb_id is not None


def test_a_refused_key_ends_a_check_of_films_and_what_was_known_stays(looked: Installation) -> None:
    before = states(looked)
    looked.open(tmdb_api_key="0" * 32)
    with pytest.raises(Rejected):
        films(looked)
    assert states(looked) == before


def test_a_stopped_check_keeps_what_it_found(install: Install) -> None:
    installation = install(films=DEFAULT_FILMS)
    installation.demo.knobs["tmdb"].set_latency(0.1)
    stop = threading.Event()
    for event in installation.events(Mode.FULL, stop=stop, only=Kind.MOVIE):
        if isinstance(event, Progress) and event.phase == "films" and event.done > event.total // 2:
            stop.set()
    installation.demo.knobs["tmdb"].set_latency(0)
    assert installation.report.last_run is not None
    assert installation.report.last_run.status is RunStatus.STOPPED
    left = installation.report.films.tally.not_checked_yet
    assert 0 < left < installation.report.films.tally.films
    assert {film.reason for film in installation.report.films.open if film.state is State.UNKNOWN} == {NOT_CHECKED}
    installation.forget_requests()
    films(installation, Mode.INCREMENTAL)
    shown = [truth for truth in installation.demo.world.collection_truths if truth.shown]
    assert states(installation) == {truth.tmdb_id: stated(truth) for truth in shown}
    assert asked(installation, "/3/movie/") < installation.report.films.tally.films // 2


# ---------------------------------------------------------------- changes


def test_a_film_moved_to_another_collection_leaves_the_one_and_joins_the_other(looked: Installation) -> None:
    truth, other = truth_of(looked, "film_moved"), truth_of(looked, "parts_by_name")
    moved = looked.demo.world.catalogue.collections[truth.tmdb_id].parts[0]
    looked.demo.change.move_film(looked.demo.world.catalogue.films[moved].title, other.tmdb_id)
    looked.clock.pass_by(days=8)
    films(looked, Mode.INCREMENTAL)
    left, joined = collection(looked, truth.tmdb_id), collection(looked, other.tmdb_id)
    assert (left.held, left.listed) == (truth.held - 1, truth.listed - 1)
    assert (joined.held, joined.listed) == (other.held + 1, other.listed + 1)
    assert moved in {line.tmdb_id for line in joined.lines}


def test_a_film_moved_to_a_collection_that_is_new_here_is_followed_at_once(looked: Installation) -> None:
    truth = truth_of(looked, "film_moved")
    catalogue = looked.demo.world.catalogue
    moved = catalogue.films[catalogue.collections[truth.tmdb_id].parts[0]]
    single = next(film for film in catalogue.films.values() if film.collection is None and film.on_tmdb)
    looked.demo.change.move_film(moved.title, 0)
    looked.clock.pass_by(days=8)
    films(looked, Mode.INCREMENTAL)
    assert moved.tmdb_id not in {line.tmdb_id for one in looked.report.collections for line in one.lines}
    assert single.title not in {film.title for film in looked.report.films.open}


def test_a_collection_deleted_later_becomes_a_finding(looked: Installation) -> None:
    truth = truth_of(looked, "one_of_many")
    looked.demo.change.delete_collection(truth.tmdb_id)
    assert films(looked).status is RunStatus.OK
    assert truth.tmdb_id not in states(looked)
    (gone,) = [gone for gone in looked.report.films.gone if gone.tmdb_id == truth.tmdb_id]
    assert (gone.name, len(gone.films)) == (truth.name, truth.held)
    looked.forget_requests()
    films(looked, Mode.INCREMENTAL)
    assert looked.asked("tmdb") == 0
    looked.demo.change.delete_collection(truth.tmdb_id, on=False)
    films(looked)
    assert seen(collection(looked, truth.tmdb_id)) == stated(truth)


def test_a_filled_film_is_held_as_soon_as_plex_was_read_and_told_as_a_change(looked: Installation) -> None:
    truth = truth_of(looked, "parts_by_name")
    title = looked.demo.world.catalogue.films[truth.missing[0]].title
    looked.demo.change.add_film(title)
    told = list(looked.events(Mode.INCREMENTAL, only=Kind.MOVIE))
    filled = collection(looked, truth.tmdb_id)
    assert (filled.state, filled.held, filled.listed) == (State.COMPLETE, truth.listed, truth.listed)
    assert Change("updated", "collection", truth.name, detail="1 filled, 0 new, 0 absent") in told
    assert looked.asked("tmdb") == 0


def test_a_film_that_left_plex_is_missing_and_marked_as_removed(looked: Installation) -> None:
    truth = truth_of(looked, "collection_complete")
    first = looked.demo.world.catalogue.collections[truth.tmdb_id].parts[0]
    looked.demo.change.remove_film(looked.demo.world.catalogue.films[first].title)
    films(looked, Mode.INCREMENTAL)
    (line,) = collection(looked, truth.tmdb_id).missing
    assert (line.tmdb_id, line.removed) == (first, True)


def test_an_announced_film_turns_missing_with_the_clock_alone(looked: Installation) -> None:
    truth = truth_of(looked, "collection_complete")
    released = looked.demo.world.catalogue.films[truth.announced[0]].release_date
    assert released is not None
    day = looked.clock.at.replace(hour=0) + timedelta(days=1)
    while day.date().isoformat() < released:
        day += timedelta(days=1)
    for moment, standing in (
        (day - timedelta(seconds=1), Standing.UPCOMING),
        (day, Standing.JUST_AIRED),
        (day + timedelta(hours=24, seconds=-1), Standing.JUST_AIRED),
        (day + timedelta(hours=24), Standing.MISSING),
    ):
        report = wiring.report(looked.house, as_of=moment)
        (one,) = [one for one in report.collections if one.tmdb_id == truth.tmdb_id]
        assert one.lines[-1].standing is standing, moment
        assert one.state is (State.GAPS if standing is Standing.MISSING else State.COMPLETE)


# ---------------------------------------------------------------- freshness


def test_answers_hold_seven_days_and_one_day_while_a_film_is_due(looked: Installation) -> None:
    truth = truth_of(looked, "all_future")  # its next film comes in 60 days
    looked.clock.pass_by(days=6)
    films(looked, Mode.INCREMENTAL)
    due = asked(looked, "/3/collection/")
    assert asked(looked, f"/collection/{truth.tmdb_id}$") == 0
    assert asked(looked, "/3/movie/") == 0
    looked.clock.pass_by(days=25)
    films(looked, Mode.INCREMENTAL)
    looked.forget_requests()
    looked.clock.pass_by(days=1)
    films(looked, Mode.INCREMENTAL)
    assert asked(looked, f"/collection/{truth.tmdb_id}$") == 1
    assert due < len(looked.demo.world.collection_truths) // 2


def test_expired_answers_are_asked_for_with_their_validators_and_as_sparingly_as_at_first(install: Install) -> None:
    looked = install(films=DEFAULT_FILMS)  # validators are kept by address: a copied home has none for these servers
    films(looked)
    looked.forget_requests()
    looked.clock.pass_by(days=8)
    films(looked, Mode.INCREMENTAL)
    begun = len(looked.demo.world.collection_truths)
    assert asked(looked, "/3/collection/") == begun
    films_of_collections = sum(one.held for one in looked.report.collections)
    assert asked(looked, "/3/movie/") <= looked.report.films.tally.films - films_of_collections
    requests = looked.demo.knobs["tmdb"].matching("/3/(collection|movie)/")
    assert [one.path for one in requests if not one.conditional and one.status != 404] == []


def test_refresh_asks_only_for_collections_that_lack_something(looked: Installation) -> None:
    complete = truth_of(looked, "adult_and_video_parts")
    gaps = truth_of(looked, "one_of_many")
    looked.clock.pass_by(days=8)
    films(looked, Mode.REFRESH)
    assert asked(looked, f"/collection/{gaps.tmdb_id}$") == 1
    assert asked(looked, "/3/movie/") == 0
    lacking = sum(bool(check.absent) for check in looked.house.index.collection_checks())
    assert asked(looked, "/3/collection/") == lacking
    assert seen(collection(looked, complete.tmdb_id)) == stated(complete)


def test_an_emptied_cache_is_asked_for_again_and_says_the_same(looked: Installation) -> None:
    before = states(looked)
    looked.house.listings.clear()
    assert states(looked) == before
    films(looked, Mode.INCREMENTAL)
    assert states(looked) == before
    assert looked.asked("tmdb") > 0


def test_only_one_kind_is_read_and_asked_about(install: Install) -> None:
    installation = install()
    films(installation, None)
    assert installation.report.tally.shows == 0
    assert asked(installation, "/3/tv/") == 0
    run = installation.report.last_run
    assert run is not None
    assert run.mode == Mode.FULL
    installation.forget_requests()
    installation.scan(None, only=Kind.SHOW)
    assert asked(installation, "/3/(movie|collection)/") == 0
    assert installation.report.last_run is not None
    assert installation.report.last_run.mode == Mode.FULL
    assert installation.report.tally.shows > 0
    assert installation.report.films.tally.collections > 0


# ---------------------------------------------------------------- decisions and settings


def test_an_ignored_film_leaves_the_totals_and_comes_back(looked: Installation) -> None:
    truth = truth_of(looked, "parts_by_name")
    (line,) = collection(looked, truth.tmdb_id).missing
    missing = looked.report.films.tally.missing
    made = film_choices.ignore_film(looked.house.decisions, line, reason="a recap", now=looked.clock.at)
    ignored = collection(looked, truth.tmdb_id)
    assert (ignored.state, ignored.held, ignored.listed) == (State.COMPLETE, truth.held, truth.listed)
    assert [one.ignore and one.ignore.reason for one in ignored.ignored] == ["a recap"]
    assert looked.report.films.tally.missing == missing - 1
    assert choices.unignore(looked.house.decisions, made.key) == made
    assert seen(collection(looked, truth.tmdb_id)) == stated(truth)


def test_an_ignored_collection_lacks_nothing_until_its_end_date_has_passed(looked: Installation) -> None:
    truth = truth_of(looked, "one_of_many")
    today = looked.clock.at.date()
    made = film_choices.ignore_collection(
        looked.house.decisions, collection(looked, truth.tmdb_id), until=today, now=looked.clock.at
    )
    ignored = collection(looked, truth.tmdb_id)
    assert (ignored.state, ignored.ignore) == (State.COMPLETE, made)
    assert tuple(line.tmdb_id for line in ignored.ignored) == truth.missing
    looked.clock.pass_by(days=1)
    assert collection(looked, truth.tmdb_id).state is State.GAPS


def test_an_ignored_show_of_the_same_number_ignores_no_film(looked: Installation) -> None:
    looked.scan(Mode.FULL, only=Kind.SHOW)
    truth = truth_of(looked, "one_of_many")
    before = states(looked)
    numbers = {number for one in looked.demo.world.collection_truths for number in (one.tmdb_id, *one.missing)}
    for show in looked.report.shows:
        choices.ignore(looked.house.decisions, show, now=looked.clock.at)
    assert states(looked) == before
    assert numbers
    film_choices.ignore_collection(looked.house.decisions, collection(looked, truth.tmdb_id), now=looked.clock.at)
    assert {show.state for show in looked.report.shows if show.ref.ids} >= {State.COMPLETE}


def test_a_film_that_needs_mapping_is_what_the_person_says_at_once(looked: Installation) -> None:
    truth = truth_of(looked, "one_of_many")
    (film,) = looked.report.films.open
    chosen = truth.missing[0]
    made = wiring.override_film(looked.house, film, chosen, threading.Event())
    assert made.echo == f"{looked.demo.world.catalogue.films[chosen].title} ({_year(looked, chosen)})"
    assert (collection(looked, truth.tmdb_id).held, looked.report.films.open) == (truth.held + 1, ())
    films(looked, Mode.INCREMENTAL)
    assert collection(looked, truth.tmdb_id).held == truth.held + 1
    assert wiring.clear_film_override(looked.house, film) == made
    assert collection(looked, truth.tmdb_id).held == truth.held
    films(looked, Mode.INCREMENTAL)
    assert [one.film_id for one in looked.report.films.open] == [film.film_id]


def test_a_film_said_to_be_one_that_tmdb_has_not_is_not_kept(looked: Installation) -> None:
    (film,) = looked.report.films.open
    with pytest.raises(NotListed):
        wiring.override_film(looked.house, film, 999_999_999, threading.Event())
    assert looked.house.decisions.load().overrides == ()


@pytest.mark.parametrize(
    ("setting", "value", "tag", "held", "listed"),
    [
        ("options.include_adult", True, "adult_and_video_parts", 2, 3),
        ("options.include_video", True, "adult_and_video_parts", 2, 3),
        ("options.min_runtime_minutes", 104, "one_of_many", 1, 6),
        ("options.min_collection_size", 1, "single_part", 1, 1),
        ("options.min_collection_size", 1, "all_future", 1, 1),
    ],
)
def test_settings_say_which_films_and_collections_count(
    looked: Installation, setting: str, value: object, tag: str, held: int, listed: int
) -> None:
    looked.open(**{setting: value})
    found = collection(looked, truth_of(looked, tag).tmdb_id)
    assert (found.held, found.listed) == (held, listed)


def test_collections_too_small_or_hardly_owned_are_left_out(looked: Installation) -> None:
    one, three = truth_of(looked, "one_of_many").tmdb_id, truth_of(looked, "collection_complete").tmdb_id
    looked.open(**{"options.min_owned": 2})
    assert one not in states(looked)
    assert three in states(looked)
    looked.open(**{"options.min_owned": 1, "options.min_collection_size": 4})
    assert three not in states(looked)
    assert one in states(looked)


def test_a_collection_is_excluded_by_its_name_in_any_case(looked: Installation) -> None:
    truth = truth_of(looked, "one_of_many")
    looked.open(**{"exclusions.collections": [f" {truth.name.upper()} "]})
    assert truth.tmdb_id not in states(looked)


def test_future_films_count_when_they_are_wanted_and_undated_ones_never(looked: Installation) -> None:
    future, undated = truth_of(looked, "collection_complete"), truth_of(looked, "part_undated")
    looked.open(**{"options.exclude_future": False})
    found = collection(looked, future.tmdb_id)
    assert (found.state, len(found.missing), found.listed) == (State.GAPS, 1, future.listed + 1)
    found = collection(looked, undated.tmdb_id)
    assert tuple(line.tmdb_id for line in found.announced) == undated.announced


def test_lengths_are_asked_for_once_where_a_least_one_is_set(looked: Installation) -> None:
    truth = truth_of(looked, "adult_and_video_parts")
    video = next(
        part
        for part in looked.demo.world.catalogue.collections[truth.tmdb_id].parts
        if looked.demo.world.catalogue.films[part].video
    )
    looked.open(**{"options.include_video": True, "options.min_runtime_minutes": 60})
    assert collection(looked, truth.tmdb_id).state is State.GAPS  # its length is not known yet
    for requests in (1, 0):
        looked.forget_requests()
        films(looked, Mode.INCREMENTAL)
        assert asked(looked, f"/movie/{video}$") == requests
        assert collection(looked, truth.tmdb_id).state is State.COMPLETE


def _year(installation: Installation, number: int) -> int | None:
    return installation.demo.world.catalogue.films[number].year


# ---------------------------------------------------------------- keys


def test_without_a_key_of_tmdb_collections_say_what_they_need(install: Install) -> None:
    installation = install(tmdb_api_key="")
    assert films(installation).status is RunStatus.OK
    told = installation.report.films
    assert told.problem == "Collections are TMDB's, and there is no TMDB key. Enter one in the settings."
    assert (told.collections, told.open, told.tally.need_you) == ((), (), 0)
    installation.open(tmdb_api_key=installation.demo.world.tmdb_key)
    films(installation)
    assert installation.report.films.problem == ""
    assert installation.report.films.tally.collections > 0


def test_what_was_known_of_collections_stays_when_the_key_is_gone(looked: Installation) -> None:
    before = states(looked)
    looked.open(tmdb_api_key="")
    assert films(looked, Mode.INCREMENTAL).status is RunStatus.OK
    assert (states(looked), looked.report.films.problem) == (before, "")


def test_where_shows_are_judged_by_thetvdb_a_refused_key_of_tmdb_ends_the_films_alone(install: Install) -> None:
    installation = install(provider="tvdb", tmdb_api_key="0" * 32)
    done = installation.scan()
    assert done.status is RunStatus.PARTIAL
    assert "TMDB refused this key" in done.advice
    assert installation.report.last_run is not None
    assert installation.report.last_run.refused_by == ("TMDB",)
    assert installation.report.tally.complete > 0


def test_an_older_listing_that_a_newer_one_contradicts_is_asked_for_again(looked: Installation) -> None:
    due = truth_of(looked, "collection_complete")
    soon = looked.clock.at.date() + timedelta(days=10)
    looked.demo.world.catalogue.films[due.announced[0]].release_date = soon.isoformat()
    looked.demo.world.revision += 1
    films(looked)
    looked.forget_requests()
    truth = truth_of(looked, "film_moved")
    moved = looked.demo.world.catalogue.collections[truth.tmdb_id].parts[0]
    looked.demo.change.move_film(looked.demo.world.catalogue.films[moved].title, due.tmdb_id)
    looked.clock.pass_by(days=2)
    films(looked, Mode.INCREMENTAL)
    assert asked(looked, f"/collection/{truth.tmdb_id}$") == 1
    assert collection(looked, truth.tmdb_id).held == truth.held - 1
    assert collection(looked, due.tmdb_id).held == due.held + 1
