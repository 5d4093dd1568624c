"""What buttons do on the page Maintenance: take back what was said of a title, take in a file of decisions, clear what
plexgap remembers, say where files lie. Changes when a person can do something else there.
"""

from __future__ import annotations

from collections.abc import Callable

from plexgap.config import Loaded, again
from plexgap.domain.decisions import Override
from plexgap.domain.errors import PlexgapError
from plexgap.domain.library import Kind
from plexgap.gaps.rules import same_title
from plexgap.jobs import keeping, paths
from plexgap.ui import actions, state
from plexgap.ui.resources import PLACES, Place
from plexgap.views import maintenance
from plexgap.views.chosen import taken_back


def forget(place: Place, said: Override) -> None:
    """Take back all that the person said of a title. A show that is judged otherwise by that is judged anew at once,
    which takes as long as its services need."""
    state.clear_done()
    state.clear_trouble()
    actions.attempt(lambda: _forget(place, said))


def _forget(place: Place, said: Override) -> None:
    place.house.decisions.clear_override(said.title, said.kind)
    _judge_anew(place, said)
    state.set_done(taken_back(said.title.title), lambda: _say_again(place, said), "Correct again")


def _say_again(place: Place, said: Override) -> None:
    place.house.decisions.set_override(said)
    _judge_anew(place, said)
    state.set_done(f"What you said of {said.title.title} counts again.", lambda: _forget(place, said))


def _judge_anew(place: Place, said: Override) -> None:
    """Films count by what is said of them at once; a show that nobody has any more can't be looked at."""
    shown = state.report(place)
    state.ask_for_present()
    if said.kind is Kind.SHOW and said.moves and place.ready:
        for show in shown.shows:
            if same_title(said.title, show.ref):
                actions.judge_anew(place, show, moved=True)


def take_in(place: Place, data: bytes, name: str) -> str:
    """Join the decisions of a file that was handed over; "", or a sentence why nothing of it was taken."""
    state.clear_trouble()
    try:
        taken = keeping.take_in(place.house.decisions, data, name)
    except PlexgapError as error:
        return error.advice
    state.ask_for_present()
    state.set_done(maintenance.imported(taken), (lambda: _give_back(place, taken)) if taken.changed else None)
    return ""


def _give_back(place: Place, taken: keeping.TakenIn) -> None:
    keeping.give_back(place.house.decisions, taken)
    state.ask_for_present()
    state.set_done("What the file brought is taken back.")


def clear_listings(place: Place) -> None:
    house = place.house
    _clear("listings", lambda: keeping.clear_listings(house.listings, house.scan_lock))


def clear_pictures(place: Place) -> None:
    house = place.house
    _clear("pictures", lambda: keeping.clear_pictures(house.paths.images, house.scan_lock))


def _clear(name: str, clear: Callable[[], int]) -> None:
    state.clear_done()
    state.clear_trouble()
    actions.attempt(lambda: state.set_done(maintenance.cleared(name, clear())))


def add_mapping(place: Place, plex: str, local: str, *, ignore_case: bool) -> str:
    """ "", or a sentence why it was not kept."""
    return _remapped(place, lambda now: paths.add(now, plex, local, ignore_case=ignore_case))


def remove_mapping(place: Place, plex: str) -> str:
    return _remapped(place, lambda now: paths.remove(now, plex))


def _remapped(place: Place, change: Callable[[Loaded], object]) -> str:
    """`change` is handed the settings as they stand on disk: mappings are written as a whole."""
    try:
        change(again(place.house.loaded))
        PLACES.reopen()
    except PlexgapError as error:
        return error.advice
    return ""
