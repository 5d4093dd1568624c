"""The page Collections: what can be asked of its list, its cards, and films that wait for the person. Changes with
what can be done there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import Literal

import streamlit as st

from plexgap.ui import actions, film_actions, parts, parts_export, parts_lists, state
from plexgap.ui.parts import html, md
from plexgap.ui.parts_card import need_html
from plexgap.ui.parts_tiles import glance_html, head_html, tiles_html
from plexgap.ui.resources import Place
from plexgap.views.card import Ask
from plexgap.views.choosing import film_named
from plexgap.views.collection_card import Choice, collection_card, film_need
from plexgap.views.collections import SORTS, Asked, ListView, Pick
from plexgap.views.collections_said import Glance
from plexgap.views.films import CollectionReport, FilmToMap

PAGE = 25
_WHERE = "At themoviedb.org the number stands in the address of the film."


def glance(seen: Glance | None) -> None:
    if seen is not None:
        html(glance_html(seen))


def asked(place: Place, picks: Sequence[tuple[Pick, str]]) -> Asked:
    """The pills, the search, the order, and [Export]; none of them where there is nothing to choose. What is chosen."""
    if not picks:
        return Asked()
    with st.container(key="asked", horizontal=True, vertical_alignment="center"):
        pick, search = parts_lists.asked(state.COLLECTIONS, picks, "Which collections", "Search collections and films")
        sort = parts_lists.ordered(state.COLLECTIONS, SORTS, "collapsed")
        parts_export.export_films(place)
    return Asked(pick, search, sort)


def cards(place: Place, seen: ListView, now: datetime, zone: tzinfo) -> None:
    """Twenty-five a page; the page stands in the address."""
    if seen.quiet:
        parts.quiet(seen.quiet)
    if seen.nothing:
        parts_lists.nothing(state.COLLECTIONS, seen.nothing, seen.elsewhere)
    if not seen.found:
        return
    box = st.container(key="sets")
    page = parts_lists.paged(seen.found, PAGE, "page", bind=True)
    with box:
        for one in page:
            _card(place, one, now, zone)


def _card(place: Place, one: CollectionReport, now: datetime, zone: tzinfo) -> None:
    """One collection: everything static is two pieces of html, with its menus beside the first."""
    drawn = collection_card(one, now, zone, place.house.settings.options.recent_threshold_hours)
    key = state.slug(drawn.key)
    with st.container(key=f"set-{'doubt-' if drawn.mark else ''}{key}"):
        with st.container(key=f"over-{key}", horizontal=True, vertical_alignment="center"):
            html(head_html(drawn))
            if drawn.back:
                menu = f"back-{key}"
                _menu("Ignored", drawn.name, drawn.back, menu, film_actions.count_again, (place, menu))
            if drawn.menu:
                menu = f"ignore-{key}"
                _menu("Ignore", drawn.name, drawn.menu, menu, film_actions.ignore, (place, one, menu))
        html(tiles_html(drawn))


def _menu(
    label: str,
    name: str,
    choices: Sequence[Choice],
    key: str,
    call: Callable[..., None],
    args: tuple[object, ...],
) -> None:
    """A menu whose label says aloud what it is of."""
    st.menu_button(
        f"{label} *films of {md(name)}*",
        choices,
        format_func=lambda choice: md(choice.label),
        key=key,
        on_click=call,
        args=args,
    )


def need(place: Place, film: FilmToMap) -> None:
    """A film that is in no collection's count: why, and what can be answered."""
    key = state.slug(film.film_id)
    drawn = film_need(film)
    with st.container(key=f"need-{key}"):
        html(need_html(drawn))
        with st.container(key=f"answers-{key}", horizontal=True, vertical_alignment="center"):
            for offered in drawn.offered:
                label, key_of = md(offered.label), f"it-is-{key}-{offered.show_id}"
                if st.button(label, key=key_of, help=f"Film {offered.show_id} of TMDB", disabled=not place.ready):
                    _identify(place, film, offered.show_id)
            if drawn.ask is Ask.IDENTIFY or film.overridden:
                _say_which(place, film, key, drawn.other, quiet=bool(drawn.offered))
            if drawn.ask is Ask.RETRY:
                st.button(
                    "Try again",
                    key=f"again-{key}",
                    icon=":material/refresh:",
                    on_click=actions.start,
                    args=(None,),
                    disabled=not place.ready,
                )


def _say_which(place: Place, film: FilmToMap, key: str, label: str, *, quiet: bool) -> None:
    """The film's number at TMDB, by the person's word; and the way back from it."""
    look: Literal["secondary", "tertiary"] = "tertiary" if quiet else "secondary"
    with st.popover(label, type=look, key=f"film-{key}", disabled=not place.ready):
        with st.container(key=f"which-film-{key}", horizontal=True, vertical_alignment="bottom"):
            text = st.text_input("Its number or address at TMDB", key=f"named-{key}", placeholder="603", help=_WHERE)
            with st.container(key=f"go-named-{key}", width="content"):
                pressed = st.button("Use this one", key=f"use-{key}", type="primary")
        if film.overridden:
            st.button(
                "Go by what Plex says again", key=f"forget-{key}", on_click=film_actions.forget, args=(place, film)
            )
        if not pressed:
            return
        number = film_named(text or "")
        if number is None:
            st.error(f"That is no number of TMDB. {_WHERE}")
        else:
            _identify(place, film, number)


def _identify(place: Place, film: FilmToMap, tmdb_id: int) -> None:
    with st.spinner(f"Asking TMDB about {md(film.title)}"):
        refused = film_actions.identify(place, film, tmdb_id)
    if refused:
        st.error(md(refused))
    else:
        st.rerun()
