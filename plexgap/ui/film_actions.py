"""What buttons do on the page Collections: ignore a film or a collection and take that back, say which film one is.

Changes when a person can do something else there. What all pages share stands in actions.
"""

from __future__ import annotations

import threading

import streamlit as st

from plexgap import wiring
from plexgap.domain.decisions import Override
from plexgap.domain.errors import PlexgapError
from plexgap.jobs import film_choices
from plexgap.ui import actions, state
from plexgap.ui.resources import Place
from plexgap.views import words
from plexgap.views.collection_card import Choice
from plexgap.views.films import CollectionReport, FilmToMap


def ignore(place: Place, collection: CollectionReport, menu: str) -> None:
    """Ignore what the menu of that key has chosen: all of the collection, or one film."""
    chosen = st.session_state.get(menu)
    if not isinstance(chosen, Choice):
        return
    state.clear_trouble()
    decisions, now = place.house.decisions, place.house.now()
    film = next((line for line in collection.lines if line.tmdb_id == chosen.tmdb_id), None)
    try:
        if film is not None:
            made = film_choices.ignore_film(decisions, film, now=now)
        else:
            made = film_choices.ignore_collection(decisions, collection, now=now)
    except PlexgapError as error:
        state.set_trouble(error.advice)
        return
    state.set_done(f"Ignored {chosen.named}.", lambda: actions.unignore(place, made.key, chosen.named))
    state.ask_for_present()


def identify(place: Place, film: FilmToMap, tmdb_id: int) -> str:
    """Keep the person's word on which film it is; it counts at once. Takes as long as TMDB needs.

    "", or a sentence why it was not kept.
    """
    state.clear_trouble()
    try:
        before = film_choices.said_of_film(place.house.decisions, film)
        kept = wiring.override_film(place.house, film, tmdb_id, threading.Event())
    except PlexgapError as error:
        return words.sentence(error.advice)
    state.set_done(f"{film.title} now counts as {kept.echo}.", lambda: _put_back(place, film, before))
    state.ask_for_present()
    return ""


def forget(place: Place, film: FilmToMap) -> None:
    """Take the person's word back."""
    state.clear_trouble()
    try:
        _forget(place, film)
    except PlexgapError as error:
        state.set_trouble(error.advice)


def _forget(place: Place, film: FilmToMap) -> None:
    said = wiring.clear_film_override(place.house, film)
    undo = (lambda: _put_back(place, film, said)) if said is not None else None
    state.set_done(_by_plex(film), undo)
    state.ask_for_present()


def _put_back(place: Place, film: FilmToMap, said: Override | None) -> None:
    """What was said of the film before counts again."""
    film_choices.put_film_back(place.house.decisions, film, said)
    state.set_done(f"What you said of {film.title} before counts again." if said is not None else _by_plex(film))
    state.ask_for_present()


def _by_plex(film: FilmToMap) -> str:
    return f"{film.title} is judged by what Plex says again."


def count_again(place: Place, menu: str) -> None:
    """Take back the ignore that the menu of that key has chosen."""
    chosen = st.session_state.get(menu)
    if isinstance(chosen, Choice):
        actions.unignore(place, chosen.key, chosen.named)
