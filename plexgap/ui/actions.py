"""What buttons do: start and stop checks, look again, ignore, say which show it is, take back, change the library.

Changes when a person can do something else. Each calls one function of the program and says how it went.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import streamlit as st

from plexgap import wiring
from plexgap.domain import events
from plexgap.domain.decisions import Ignore
from plexgap.domain.errors import IncompleteListing, NotListed, PlexgapError, Rejected, SourceError
from plexgap.domain.events import Event, Phase, RunStatus
from plexgap.domain.verdicts import Outcome
from plexgap.jobs import choices
from plexgap.jobs.choices import Wish
from plexgap.jobs.rescan import NoSuchTitle, Rescanned
from plexgap.jobs.runner import RUNNER
from plexgap.jobs.scan import Mode, ScanPlan
from plexgap.jobs.updates import PROCESS
from plexgap.ui import state
from plexgap.ui.resources import PLACES, Place
from plexgap.views import words
from plexgap.views.chosen import changed, taken_back
from plexgap.views.opened import rechecked, rejudged
from plexgap.views.report import ShowReport

BY = "you"
FOR_GOOD, DAYS_30, UNTIL = "For good", "30 days", "Until a date"
WHOLE = "the whole season"
RETRY = "retry"


def start(mode: Mode | None, accept_removals: bool = False) -> None:
    """Begin a check; None is "Check now". One that runs already goes on, and this tab watches it."""
    state.clear_done()
    state.clear_trouble()
    state.clear_answers()
    if _is_outdated():
        return
    place = PLACES.present()
    plan = ScanPlan(mode=mode, accept_removals=accept_removals, by=BY)

    def job(stop: threading.Event) -> Iterator[Event]:
        return wiring.run_scan(place.house, plan, stop, RUNNER.count_by)

    RUNNER.start(job, mode=mode or "", by=BY)


def retry(shows: tuple[ShowReport, ...]) -> None:
    """Ask again about these shows alone, as one job."""
    state.clear_done()
    state.clear_trouble()
    if _is_outdated():
        return
    place = PLACES.present()
    RUNNER.start(lambda stop: _retried(place, shows, stop), mode=RETRY, by=BY)


def _is_outdated() -> bool:
    """Whether a check would be made by old and new modules together; the person is told."""
    if PROCESS.updated:
        state.set_trouble("Restart plexgap first: it was updated, and what runs here is the older one.")
    return PROCESS.updated


def _retried(place: Place, shows: tuple[ShowReport, ...], stop: threading.Event) -> Iterator[Event]:
    """A show that fails, left Plex or is listed in part is told and the others go on; what no other one would survive
    either is raised: a refused key, another server, a wrong setting, a full disk."""
    yield events.RunStarted(RETRY)
    yield events.PhaseStarted(Phase.COMPARE)
    yield events.Total(Phase.COMPARE, "", len(shows))
    failed = 0
    for done, show in enumerate(shows, start=1):
        if stop.is_set():
            break
        try:
            wiring.run_rescan(place.house, show, stop)
        except Rejected:
            raise
        except (SourceError, NoSuchTitle, NotListed, IncompleteListing) as error:
            failed += 1
            yield events.Warning("show", show.title, error.advice, show.title_id)
        yield events.Progress(Phase.COMPARE, "", show.title, done, len(shows))
    status = RunStatus.STOPPED if stop.is_set() else RunStatus.PARTIAL if failed else RunStatus.OK
    yield events.RunDone(status, events.Stats())


def stop() -> None:
    RUNNER.cancel()


def pause() -> None:
    RUNNER.pause()


def go_on() -> None:
    RUNNER.go_on()


def show_changes() -> None:
    state.ask_for_present()
    state.forget_order()
    st.rerun("app")


def switch(demo: bool) -> None:
    """Change to the invented library or back, for the whole process. The first time it takes a second or two."""
    attempt(lambda: _switch(demo))
    state.go_to_first_page()


def _switch(demo: bool) -> None:
    state.clear_done()
    state.clear_trouble()
    if not PLACES.go(demo=demo):
        state.set_trouble("A check runs. Stop it first, then change the library.")


def look_again(place: Place, show: ShowReport) -> None:
    """Look at one show again, and say under it what was found. Takes as long as Plex and the catalogue need."""
    state.clear_done()
    state.clear_trouble()
    found = _looked_at(place, show, lambda found, why: rechecked(found.filled, found.new, found.missing, why))
    if found is not None and not found.missing and found.outcome is Outcome.JUDGED:
        state.set_done(f"{found.title}. {state.answer(found.title_id)}")


def _looked_at(place: Place, show: ShowReport, told: Callable[[Rescanned, str | None], str]) -> Rescanned | None:
    """Looks at the show again and sets the answer under it: as `told` says, which is handed why it was not judged."""
    state.ask_for_present()
    try:
        found = wiring.run_rescan(place.house, show, threading.Event())
    except PlexgapError as error:
        state.set_answer(show.title_id, f"Not checked: {words.sentence(error.advice)}")
        return None
    why = None if found.outcome is Outcome.JUDGED else found.reason or "It is unclear."
    state.set_answer(found.title_id, told(found, why))
    if found.title_id != show.title_id:
        state.keep_open(found.title_id)
    return found


def ignore_show(place: Place, show: ShowReport, form: str) -> None:
    attempt(lambda: _ignore(place, show, None, (), form))
    st.rerun("app")


def ignore_season(place: Place, show: ShowReport, season: int, form: str) -> None:
    """Ignore what the season's form has chosen: some episodes, or all of it."""
    chosen = st.session_state.get(f"which-{form}") or []
    numbers = () if WHOLE in chosen else tuple(number for number in chosen if isinstance(number, int))
    attempt(lambda: _ignore(place, show, season, numbers, form))
    st.rerun("app")


def _ignore(place: Place, show: ShowReport, season: int | None, numbers: tuple[int, ...], form: str) -> None:
    state.clear_trouble()
    made = choices.ignore(
        place.house.decisions,
        show,
        season=season,
        numbers=numbers,
        until=_until(place, form),
        reason=str(st.session_state.get(f"reason-{form}") or ""),
        now=place.house.now(),
    )
    for field in ("which", "long", "until", "reason"):
        st.session_state.pop(f"{field}-{form}", None)
    what = show.title if season is None else f"{words.ignored_what(made)} of {show.title}"
    state.set_done(f"Ignored {what}.", lambda: _take_back(place, made.key, what))
    state.ask_for_present()


def _until(place: Place, form: str) -> date | None:
    how_long = st.session_state.get(f"long-{form}")
    today = place.house.now().astimezone(state.zone()).date()
    if how_long == DAYS_30:
        return today + timedelta(days=30)
    chosen = st.session_state.get(f"until-{form}")
    return chosen if how_long == UNTIL and isinstance(chosen, date) else None


def unignore(place: Place, key: str, what: str) -> None:
    """Take an ignore back from the list at the foot."""
    attempt(lambda: _take_back(place, key, what))


def _take_back(place: Place, key: str, what: str) -> None:
    taken = choices.unignore(place.house.decisions, key)
    state.ask_for_present()
    if taken is None:
        state.set_done(f"{what} was not ignored any more.")
    else:
        state.set_done(f"Back in the list: {what}.", lambda: _ignore_again(place, taken, what), "Ignore again")


def _ignore_again(place: Place, ignore: Ignore, what: str) -> None:
    place.house.decisions.add_ignore(ignore)
    state.ask_for_present()
    state.set_done(f"Ignored {what}.", lambda: _take_back(place, ignore.key, what))


def choose(place: Place, show: ShowReport, wish: Wish) -> str:
    """Keep what the person says of a show, and judge it by that at once. Takes as long as the catalogues need.

    "", or a sentence why it was not kept.
    """
    state.clear_trouble()
    try:
        kept = wiring.choose(place.house, show, wish, threading.Event())
    except PlexgapError as error:
        return words.sentence(error.advice)
    judge_anew(place, show, moved=wish.moves)
    state.set_done(changed(show.title, wish, kept), lambda: _put_back(place, show, moved=wish.moves))
    return ""


def forget_choices(place: Place, show: ShowReport) -> None:
    """Take back all that the person said of a show."""
    state.clear_trouble()
    attempt(lambda: _forget_choices(place, show))


def _forget_choices(place: Place, show: ShowReport) -> None:
    said = wiring.clear_override(place.house, show)
    moved = said is not None and said.moves
    judge_anew(place, show, moved=moved)
    state.set_done(taken_back(show.title), lambda: _put_back(place, show, moved=moved))


def _put_back(place: Place, show: ShowReport, *, moved: bool) -> None:
    """What was said of the show when it was drawn counts again."""
    wiring.put_back(place.house, show, show.chosen)
    judge_anew(place, show, moved=moved)
    state.set_done(f"What you said of {show.title} before counts again." if show.chosen else taken_back(show.title))


def judge_anew(place: Place, show: ShowReport, *, moved: bool) -> None:
    """The show by what is said of it now. `moved`: which show it is, or its order, so that its services are asked."""
    state.clear_done()
    state.ask_for_present()
    if moved:
        _looked_at(place, show, lambda found, why: rejudged(found.missing, why))


def undo() -> None:
    """Take back what the notice at the foot tells of."""
    done = state.done()
    state.clear_done()
    if done is not None and done.undo is not None:
        attempt(done.undo)


def seen(place: Place, sentence: str) -> None:
    """The person has read a notice."""
    attempt(lambda: place.house.state.mark_seen(sentence))


def attempt(act: Callable[[], None]) -> None:
    try:
        act()
    except PlexgapError as error:
        state.set_trouble(error.advice)
