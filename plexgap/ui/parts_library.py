"""The page Library, its health: what waits, findings, how complete everything is. Changes with their look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, tzinfo
from html import escape

import streamlit as st

from plexgap.ui import actions, parts, parts_collections, parts_lists, parts_show, state
from plexgap.ui.parts import html, md
from plexgap.ui.parts_card import need_html
from plexgap.ui.parts_tiles import whole_html
from plexgap.ui.resources import Place
from plexgap.views.films import CollectionReport, FilmToMap
from plexgap.views.health import Finding, FindingKind
from plexgap.views.library import Bar, Group, Waiting, collection_need, copies, library_health
from plexgap.views.report import Report, ShowReport

_COLUMNS = {
    FindingKind.TWO_PLACES: ("Show", "Libraries"),
    FindingKind.GONE: ("Collection", "Films you have of it"),
}


def tabs(draw_health: Callable[[], None], draw_explore: Callable[[], None]) -> None:
    """Both, of which only the one that is open is drawn. Which one stands in the address."""
    health_tab, explore_tab = st.tabs(["Health", "Explore"], key="tab", on_change="rerun", bind="query-params")
    with health_tab:
        if health_tab.open:
            draw_health()
    with explore_tab:
        if explore_tab.open:
            draw_explore()


def health(place: Place, report: Report, zone: tzinfo) -> None:
    view = library_health(report, place.house.index.sizes(copies(report)))
    if view.quiet:
        html(f'<p class="judged">{escape(view.quiet)}</p>')
    _waiting(place, view.waiting, report.as_of, zone)
    _findings(view.groups)
    _bars(view.bars)


# ---------------------------------------------------------------- what waits


def _waiting(place: Place, waiting: Sequence[Waiting], now: datetime, zone: tzinfo) -> None:
    if not waiting:
        return
    parts.lane_head("Waiting for you", "not in any total until you decide")
    box = st.container(key="cards-waiting")
    shown = parts_lists.paged(waiting, parts_lists.PAGE, "page-waiting")
    with box:
        for one in shown:
            if isinstance(one, ShowReport):
                parts_show.show_need(place, one, now, zone)
            elif isinstance(one, FilmToMap):
                parts_collections.need(place, one)
            else:
                _collection(place, one)


def _collection(place: Place, one: CollectionReport) -> None:
    key = state.slug(one.collection_id)
    with st.container(key=f"need-{key}"):
        html(need_html(collection_need(one)))
        with st.container(key=f"answers-{key}", horizontal=True, vertical_alignment="center"):
            st.button(
                "Try again",
                key=f"again-{key}",
                icon=":material/refresh:",
                on_click=actions.start,
                args=(None,),
                disabled=not place.ready,
            )


# ---------------------------------------------------------------- findings


def _findings(groups: Sequence[Group]) -> None:
    if not groups:
        return
    parts.lane_head("Findings", "never counted as gaps")
    with st.container(key="findings"):
        for group in groups:
            opener = st.expander(
                f"**{md(group.kind)}** {md(group.note)}", key=f"finding-{group.kind.name.lower()}", on_change="rerun"
            )
            with opener:
                if opener.open:
                    _table(group)


def _table(group: Group) -> None:
    title, what = _COLUMNS.get(group.kind, ("Show", "Episode"))

    def cells(of: Callable[[Finding], str]) -> list[str]:
        return [of(finding) for finding in group.findings]

    st.dataframe(
        {title: cells(lambda finding: finding.title), what: cells(lambda finding: finding.what)},
        hide_index=True,
        lazy=True,
        alt=f"{group.kind}: {group.note}",
    )


# ---------------------------------------------------------------- how complete


def _bars(bars: Iterable[Bar]) -> None:
    drawn = "".join(
        f"<div><dt>{escape(bar.name)}</dt><dd>{whole_html(bar.parts)}</dd><dd>{escape(bar.note)}</dd></div>"
        for bar in bars
    )
    if drawn:
        parts.lane_head("How complete", "what you have, of what could be judged")
        html(f'<dl class="bars">{drawn}</dl>')
