"""What counts as missing: a form of the settings. Changes when there is another rule to choose.

Nothing is read anew by it: what is known is judged otherwise from then on.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from plexgap.config import Options, Settings
from plexgap.domain.errors import PlexgapError
from plexgap.ui import parts_form as form
from plexgap.ui.parts import html
from plexgap.ui.resources import Place
from plexgap.views import words
from plexgap.views.choosing import FROM, POLICIES, policy_of
from plexgap.views.settings import ASKED, ORDERS, order_name, start_of, titles_in

_HALF_PX, _HOURS_MOST, _MANY = 364, 72, 100_000


@dataclass(frozen=True, slots=True)
class _Chosen:
    """What the form holds. `policy` None: the episode that was entered is none."""

    policy: str | None
    changes: dict[str, object]


def counts(place: Place) -> None:
    """The form; every field as it is in force now."""
    known = place.house.settings
    with st.form("form-counts", border=False):
        episodes = _episodes(place, known.options)
        films = _films(place, known.options)
        excluded = _excluded(place, known)
        asked = st.selectbox(
            "Who is asked what exists",
            tuple(ASKED),
            tuple(ASKED).index(known.provider),
            format_func=ASKED.__getitem__,
            key=form.field("provider", place),
        )
        with st.container(key="go-counts"):
            pressed = st.form_submit_button("Save", type="primary", key="save-counts")
    if pressed:
        _save(place, _Chosen(episodes.policy, {**episodes.changes, **films, **excluded, "provider": asked}))
        st.rerun()
    form.answered("counts")


def _episodes(place: Place, known: Options) -> _Chosen:
    html("<h3>Episodes</h3>")
    labels, start = dict(POLICIES[1:]), start_of(known.missing_policy)
    with st.container(key="counts-what", horizontal=True):
        policy = st.selectbox(
            "What counts",
            tuple(labels),
            tuple(labels).index(FROM if start else known.missing_policy),
            format_func=labels.__getitem__,
            key=form.field("missing_policy", place),
            width=_HALF_PX,
        )
        first = st.text_input(
            "Which episode, if from a certain one on",
            start,
            placeholder="S02E05",
            key=form.field("missing_start", place),
            width=_HALF_PX,
        )
    orders = {**ORDERS, known.default_order: order_name(known.default_order)}
    with st.container(key="counts-how", horizontal=True):
        order = st.selectbox(
            "Order that is tried first",
            tuple(orders),
            tuple(orders).index(known.default_order),
            format_func=orders.__getitem__,
            key=form.field("default_order", place),
            width=_HALF_PX,
        )
        hours = _number(
            place,
            "Hours for which an episode has just aired",
            "recent_threshold_hours",
            0,
            known.recent_threshold_hours,
            _HOURS_MOST,
        )
    specials = st.checkbox("List specials too, counted apart", not known.exclude_specials, key=form.field("sp", place))
    ahead = st.checkbox(
        "Count announced episodes that have a date as missing", not known.exclude_future, key=form.field("fu", place)
    )
    return _Chosen(
        policy_of(policy, first or ""),
        {
            "options.default_order": order,
            "options.recent_threshold_hours": hours,
            "options.exclude_specials": not specials,
            "options.exclude_future": not ahead,
        },
    )


def _films(place: Place, known: Options) -> dict[str, object]:
    html("<h3>Films of collections</h3>")
    with st.container(key="counts-films", horizontal=True):
        size = _number(place, "Fewest films in a collection", "min_collection_size", 1, known.min_collection_size)
        owned = _number(place, "Fewest films of it that you have", "min_owned", 1, known.min_owned)
    minutes = _number(
        place, "Shortest film, in minutes (0 is any)", "min_runtime_minutes", 0, known.min_runtime_minutes
    )
    adult = st.checkbox("Count films for adults", known.include_adult, key=form.field("adult", place))
    video = st.checkbox("Count films that only came out on video", known.include_video, key=form.field("video", place))
    return {
        "options.min_collection_size": size,
        "options.min_owned": owned,
        "options.min_runtime_minutes": minutes,
        "options.include_adult": adult,
        "options.include_video": video,
    }


def _number(place: Place, label: str, name: str, least: int, value: int, most: int = _MANY) -> int:
    return st.number_input(label, least, most, value, key=form.field(name, place), width=_HALF_PX)


def _excluded(place: Place, known: Settings) -> dict[str, object]:
    html("<h3>Left out altogether</h3>")
    found: dict[str, object] = {}
    for name, label, titles in (
        ("shows", "Shows, a title on each line", known.exclusions.shows),
        ("collections", "Collections, a name on each line", known.exclusions.collections),
    ):
        typed = st.text_area(label, "\n".join(titles), height=110, key=form.field(f"excluded_{name}", place))
        found[f"exclusions.{name}"] = list(titles_in(typed or ""))
    return found


def _save(place: Place, chosen: _Chosen) -> None:
    if chosen.policy is None:
        form.say("counts", "Enter an episode from which on it counts, such as S02E05.", good=False)
        return
    wanted = chosen.changes["provider"]
    known = place.house.settings
    if (wanted == "tvdb" and not known.tvdb_api_key) or (wanted == "tmdb" and not known.tmdb_api_key):
        name = {"tvdb": "TheTVDB", "tmdb": "TMDB"}[str(wanted)]
        form.say("counts", f"There is no key of {name} yet. Enter it under Sources first.", good=False)
        return
    try:
        form.keep(place, {**chosen.changes, "options.missing_policy": chosen.policy})
    except PlexgapError as error:
        form.say("counts", words.sentence(error.advice), good=False)
        return
    form.say("counts", "Saved. It counts from now on.", good=True)
