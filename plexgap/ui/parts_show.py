"""A show on a page: its card, its opened body, and the block of one that needs the person. Changes with what can be
done to a show."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from html import escape
from typing import Literal

import streamlit as st

from plexgap.domain.verdicts import State
from plexgap.ui import actions, state
from plexgap.ui.parts import html, md
from plexgap.ui.parts_card import card_html, lines_html, need_html, season_html
from plexgap.ui.parts_choices import choices_form, compare, offer
from plexgap.ui.resources import Place
from plexgap.views import words
from plexgap.views.card import Ask, card, need
from plexgap.views.opened import Opened, Season, opened
from plexgap.views.report import ShowReport

_MOST_PILLS = 24
_LAZY_FROM = 5
WRONG = "Wrong show or order"


@st.fragment
def show_card(place: Place, show: ShowReport, now: datetime, zone: tzinfo, new: int = 0) -> None:
    """One show, of which `new` episodes became missing since the last visit: everything static is one html, its body is
    drawn only once it is opened."""
    key = state.slug(show.title_id)
    with st.container(key=f"card-{key}"):
        html(card_html(card(show, now, zone, new)))
        opener = st.expander(f"Details *of {md(show.title)}*", key=state.open_key(show.title_id), on_change="rerun")
        with opener:
            if opener.open:
                body(place, show, now, zone)


@st.fragment
def show_need(place: Place, show: ShowReport, now: datetime, zone: tzinfo) -> None:
    """A show that is in no total: why, and what can be answered."""
    key = state.slug(show.title_id)
    drawn = need(show, now, zone)
    with st.container(key=f"need-{key}"):
        html(need_html(drawn))
        with st.container(key=f"answers-{key}", horizontal=True, vertical_alignment="center"):
            if drawn.ask is Ask.RETRY:
                _look_again(place, show, "Try again")
            else:
                for offered in drawn.offered:
                    offer(place, show, offered)
                choices_form(place, show, drawn.other, quiet=bool(drawn.offered))
                if show.state is State.SUSPECT:
                    compare(place, show)
                _look_again(place, show, "Check again", quiet=True)
        _answer(show)


@st.fragment
def show_body(place: Place, show: ShowReport, now: datetime, zone: tzinfo) -> None:
    """The body alone, for a show chosen from a list."""
    with st.container(key=f"alone-{state.slug(show.title_id)}"):
        html(card_html(card(show, now, zone)))
        body(place, show, now, zone)


def body(place: Place, show: ShowReport, now: datetime, zone: tzinfo) -> None:
    """What can be done to the show, then its seasons with something absent."""
    view = opened(show, now, zone, place.house.settings.options.recent_threshold_hours)
    key = state.slug(show.title_id)
    with st.container(key=f"do-{key}", horizontal=True, vertical_alignment="center"):
        _look_again(place, show, "Check again")
        with st.popover("Ignore show"):
            _ignore_form(place, show, None, (), f"{key}-show")
        choices_form(place, show, WRONG)
        html(f'<span class="judged">{escape(view.judged)}</span>', width="content")
    if view.said:
        html(f'<p class="judged">{escape(view.said)}</p>')
    _answer(show)
    _seasons(place, show, view, key)


def _seasons(place: Place, show: ShowReport, view: Opened, key: str) -> None:
    if view.quiet:
        html(f'<p class="judged">{escape(view.quiet)}</p>')
    for told in view.findings:
        html(f'<p class="judged">{escape(told)}</p>')
    for season in view.seasons:
        with st.container(key=f"season-{key}-{season.season}", gap=None):
            with st.container(key=f"top-{key}-{season.season}", horizontal=True, vertical_alignment="bottom"):
                html(season_html(season))
                for link in season.links:
                    st.link_button(
                        md(link.label),
                        link.url,
                        icon=":material/open_in_new:",
                        icon_position="right",
                        help=link.note or None,
                    )
                if season.numbers:
                    _ignore_season(place, show, season, f"{key}-{season.season}", lazy=len(view.seasons) >= _LAZY_FROM)
            html(lines_html(season))


def _look_again(place: Place, show: ShowReport, label: str, *, quiet: bool = False) -> None:
    key = f"again-{state.slug(show.title_id)}"
    kind: Literal["secondary", "tertiary"] = "tertiary" if quiet else "secondary"
    if st.button(label, key=key, icon=":material/refresh:", type=kind, disabled=not place.ready):
        with st.spinner(f"Asking about {md(show.title)}"):
            actions.look_again(place, show)
        st.rerun()


def _answer(show: ShowReport) -> None:
    said = state.answer(show.title_id)
    if said:
        st.markdown(md(said))


# ---------------------------------------------------------------- ignoring


def _ignore_season(place: Place, show: ShowReport, season: Season, form: str, *, lazy: bool) -> None:
    """The season's form; of a show with many seasons it is drawn when it is opened."""
    popover = st.popover("Ignore", key=f"ignore-{form}", on_change="rerun" if lazy else "ignore")
    with popover:
        if not lazy or popover.open:
            _ignore_form(place, show, season.season, season.numbers, form)


def _ignore_form(place: Place, show: ShowReport, season: int | None, numbers: tuple[int, ...], form: str) -> None:
    chosen = [] if season is None else _which(season, numbers, form)
    how_long = st.segmented_control(
        "For how long",
        (actions.FOR_GOOD, actions.DAYS_30, actions.UNTIL),
        default=actions.FOR_GOOD,
        required=True,
        key=f"long-{form}",
    )
    if how_long == actions.UNTIL:
        today = place.house.now().astimezone(state.zone()).date()
        st.date_input("Until", today + timedelta(days=90), min_value=today, key=f"until-{form}", format="YYYY-MM-DD")
    st.text_input("Reason (optional)", key=f"reason-{form}", max_chars=200)
    with st.container(key=f"go-ignore-{form}"):
        if season is None:
            st.button(
                "Ignore this show",
                key=f"do-ignore-{form}",
                type="primary",
                on_click=actions.ignore_show,
                args=(place, show, form),
            )
        else:
            st.button(
                _label(chosen),
                key=f"do-ignore-{form}",
                type="primary",
                disabled=not chosen,
                on_click=actions.ignore_season,
                args=(place, show, season, form),
            )


def _which(season: int, numbers: tuple[int, ...], form: str) -> list[int | str]:
    """The chosen episodes, or the word for all of them."""
    options: tuple[int | str, ...] = (*numbers, actions.WHOLE)

    def code(option: int | str) -> str:
        return f"E{option:02d}" if isinstance(option, int) else option

    if len(numbers) <= _MOST_PILLS:
        chosen = st.pills(
            words.season_name(season), options, selection_mode="multi", format_func=code, key=f"which-{form}"
        )
    else:
        chosen = st.multiselect(words.season_name(season), options, format_func=code, key=f"which-{form}")
    return list(chosen)


def _label(chosen: list[int | str]) -> str:
    if actions.WHOLE in chosen:
        return "Ignore the whole season"
    return f"Ignore {words.count(len(chosen), 'episode')}" if chosen else "Choose what to ignore"
