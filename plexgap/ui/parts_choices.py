"""What a person may say of a show: which one it is, in which order it is numbered, what of it counts.

Changes when the form asks otherwise.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Literal

import streamlit as st

from plexgap import wiring
from plexgap.domain.ids import Source
from plexgap.jobs.choices import Specials, Wish
from plexgap.ui import actions, state
from plexgap.ui.parts import html, md
from plexgap.ui.resources import Place
from plexgap.views.card import Offered
from plexgap.views.choosing import FROM, Choosing, choosing, policy_of, show_named
from plexgap.views.compared import compared
from plexgap.views.report import ShowReport

_SPECIALS = {Specials.DEFAULT: "As in your settings", Specials.ON: "Listed", Specials.OFF: "Left out"}
_SOURCE_PX, _NUMBER_PX, _CHOICE_PX = 116, 190, 256
_WHERE = {
    Source.TMDB: "At themoviedb.org the number stands in the address of the series.",
    Source.TVDB: 'At thetvdb.com it stands on the page of the series, as "TheTVDB.com Series ID".',
}


def choices_form(place: Place, show: ShowReport, label: str, *, quiet: bool = False) -> None:
    """The form, opened by a button of this label; `quiet`: by its words alone. What of a show counts is asked once it
    is known which one it is."""
    form = _form(show)
    look: Literal["secondary", "tertiary"] = "tertiary" if quiet else "secondary"
    with st.popover(label, type=look, disabled=not place.ready, key=f"choices-{form}"):
        view = choosing(show, wiring.orders_of(place.house, show))
        _which_show(place, show, view, form)
        if show.provider is not None:
            with st.container(key=f"counted-{form}"):
                _what_counts(place, show, view, form)
        elif view.is_chosen:
            _forget(place, show, form)


def _form(show: ShowReport) -> str:
    """The end of the form's keys. A form that was kept is another one from then on: nothing that was entered stays."""
    said = show.chosen.made_at.strftime("-%Y%m%d%H%M%S%f") if show.chosen is not None else ""
    return f"{state.slug(show.title_id)}{said}"


def offer(place: Place, show: ShowReport, offered: Offered, where: str = "") -> None:
    """A show that it may be, as one button. `where`: the start of its key, where it is offered twice."""
    form = state.slug(show.title_id)
    key = f"{where}it-is-{form}-{offered.provider}-{offered.show_id}{state.slug(offered.order) if where else ''}"
    help_text = f"Series {offered.show_id} of {offered.provider.label}"
    if st.button(md(offered.label), key=key, help=help_text, disabled=not place.ready):
        wish = _named(offered.provider, offered.show_id)
        ordered = replace(wish, order=offered.order, order_provider=offered.provider)
        _keep(place, show, ordered if offered.order else wish)


def compare(place: Place, show: ShowReport) -> None:
    """What would be found and missing in each order that is known of it, once that is opened."""
    popover = st.popover(
        "Compare the orders", type="tertiary", key=f"compare-{state.slug(show.title_id)}", on_change="rerun"
    )
    with popover:
        if not popover.open:
            return
        seen = compared(wiring.compare_orders(place.house, show), place.house.now())
        if len(seen) < 2:
            html('<p class="judged">No second order of it is known. Look for one under "Wrong show or order".</p>')
        cells = (
            f"<tr><td>{escape(one.name)}</td><td>{one.found}</td><td>{one.missing}</td><td>{one.nowhere}</td></tr>"
            for one in seen
        )
        html(f'<table class="list"><tbody>{"".join(cells)}</tbody></table>')
        with st.container(key=f"compared-{state.slug(show.title_id)}", horizontal=True):
            for one in seen:
                offer(place, show, one.offer, "compared-")


def _which_show(place: Place, show: ShowReport, view: Choosing, form: str) -> None:
    source = view.sources[0] if view.sources else Source.TMDB
    html(f'<p class="judged">{view.taken}</p>')
    with st.container(key=f"which-show-{form}", horizontal=True, vertical_alignment="bottom"):
        if len(view.sources) > 1:
            source = st.selectbox(
                "Listed at" if show.provider is None else "Another one, at",
                view.sources,
                format_func=lambda each: each.label,
                key=f"at-{form}",
                width=_SOURCE_PX,
            )
        text = st.text_input(
            "Its number or address",
            key=f"named-{form}",
            placeholder="1396",
            help=_WHERE[source],
            width=_NUMBER_PX,
        )
        pressed = st.button("Use this one", key=f"use-{form}")
    if not pressed:
        return
    named = show_named(text or "", source)
    if named is None:
        st.error(f"That is no number of {source.label}. {_WHERE[source]}")
    else:
        _keep(place, show, _named(named.source, int(named.value)))


def _what_counts(place: Place, show: ShowReport, view: Choosing, form: str) -> None:
    labels = dict(view.policies)
    said = Specials.DEFAULT if view.specials is None else Specials.ON if view.specials else Specials.OFF
    start = view.start
    with st.container(key=f"how-{form}", horizontal=True):
        order = st.selectbox(
            "Order of its episodes",
            view.orders,
            index=view.orders.index(view.order),
            format_func=lambda each: each.label,
            key=f"order-{form}",
            width=_CHOICE_PX,
        )
        specials = st.selectbox(
            "Specials",
            tuple(_SPECIALS),
            index=tuple(_SPECIALS).index(said),
            format_func=_SPECIALS.__getitem__,
            key=f"specials-{form}",
            width=_CHOICE_PX,
        )
    with st.container(key=f"more-{form}", horizontal=True):
        policy = st.selectbox(
            "What counts",
            tuple(labels),
            index=tuple(labels).index(view.policy),
            format_func=labels.__getitem__,
            key=f"policy-{form}",
            width=_CHOICE_PX,
        )
        if policy == FROM:
            start = st.text_input(
                "From which episode on", view.start, key=f"start-{form}", placeholder="S02E05", width=_CHOICE_PX
            )
    wanted = policy_of(policy, start or "")
    wish = Wish(
        order=None if order == view.order else order.order,
        order_provider=None if order == view.order else order.provider,
        policy=None if wanted == policy_of(view.policy, view.start) else wanted,
        specials=None if specials == said else specials,
    )
    with st.container(key=f"act-{form}", horizontal=True):
        with st.container(key=f"go-counts-{form}", width="content"):
            unchanged = wish == Wish() and wanted is not None
            pressed = st.button("Keep this", key=f"counts-{form}", type="primary", disabled=unchanged)
        if view.is_chosen:
            _forget(place, show, form)
    if pressed and wanted is None:
        st.error("Enter an episode, such as S02E05.")
    elif pressed:
        _keep(place, show, wish)


def _forget(place: Place, show: ShowReport, form: str) -> None:
    """Takes back all that was said of the show."""
    if st.button("Go by Plex and your settings", key=f"forget-{form}"):
        with st.spinner(f"Asking about {md(show.title)}"):
            actions.forget_choices(place, show)
        st.rerun()


def _named(source: Source, number: int) -> Wish:
    return Wish(tmdb_id=number) if source is Source.TMDB else Wish(tvdb_id=number)


def _keep(place: Place, show: ShowReport, wish: Wish) -> None:
    with st.spinner(f"Asking about {md(show.title)}"):
        refused = actions.choose(place, show, wish)
    if refused:
        st.error(md(refused))
    else:
        st.rerun()
