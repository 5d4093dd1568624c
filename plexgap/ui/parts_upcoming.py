"""The page Upcoming: its head, the nearest, lanes by day, the calendar. Changes with its look (design/screens.md 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from html import escape
from itertools import groupby

import streamlit as st

from plexgap.ui import parts, parts_export, parts_lists, state
from plexgap.ui.parts import html
from plexgap.ui.resources import Place
from plexgap.views import words
from plexgap.views.report import Report
from plexgap.views.upcoming import UNDATED, Calendar, Cell, Lane, Name, Row, UpcomingView, calendar

PAGE = 100
LIST, CALENDAR = "List", "Calendar"


def head(place: Place, view: UpcomingView) -> str:
    """The heading, and how the page is looked at: LIST or CALENDAR, which the address keeps."""
    with st.container(key="head", horizontal=True, vertical_alignment="bottom"):
        parts.heading(view.heading, view.status, view.tone)
        looked = st.segmented_control(
            "How to look at it",
            (LIST, CALENDAR),
            default=LIST,
            required=True,
            key="view",
            label_visibility="collapsed",
            bind="query-params",
        )
        parts_export.subscribe(place)
    return looked or LIST


def nearest(rows: Sequence[Row]) -> None:
    if rows:
        html(f'<div class="nearest">{"".join(map(_near, rows))}</div>')


def _near(row: Row) -> str:
    title = escape(row.title)
    return (
        f'<div class="near">{_poster(row, 96, 144)}<div><h2>{escape(row.weekday)}</h2>'
        f'<p class="soft">{escape(row.date)}</p><h3 title="{title}">{title}</h3>'
        f'<p class="soft">{escape(f"{row.code} {row.note}".strip())}</p></div></div>'
    )


def lanes(drawn: Sequence[Lane]) -> None:
    """Those ahead of 30 days, and those without a day, are drawn once they are opened."""
    for lane in drawn:
        if not lane.folded:
            parts.lane_head(lane.title, lane.note)
            _rows(lane)
            continue
        opener = st.expander(f"{lane.title}, {lane.note}", key=f"fold-{lane.key}", on_change="rerun")
        with opener:
            if opener.open:
                _rows(lane)


def _rows(lane: Lane) -> None:
    """Under each day its rows, a hundred a page."""
    if not lane.rows:
        return
    box = st.container()
    page = parts_lists.paged(lane.rows, PAGE, f"page-{lane.key}")
    days = groupby(page, key=lambda row: (row.weekday, row.date))
    with box:
        html("".join(_day(*named, tuple(rows), lane.key.startswith("out-")) for named, rows in days))


def _day(weekday: str, date: str, rows: Sequence[Row], is_named: bool) -> str:
    """`is_named`: the lane's own title is the day."""
    named = f'<h3 class="day">{escape(weekday)} <span class="soft">{escape(date)}</span></h3>'
    return f'{named if weekday and not is_named else ""}<ul class="coming">{"".join(map(_row, rows))}</ul>'


def _row(row: Row) -> str:
    title, note = escape(row.title), escape(row.note)
    return (
        f'<li>{_poster(row, 32, 48)}<b title="{title}">{title}</b><span class="code">{escape(row.code)}</span>'
        f'<span class="name" title="{note}">{note}</span><span class="where">{escape(row.library)}</span></li>'
    )


def _poster(row: Row, width: int, height: int) -> str:
    if not row.poster:
        return '<span class="poster"></span>'
    return (
        f'<img class="poster" src="/poster/{escape(row.poster)}.webp" loading="lazy" width="{width}" height="{height}"'
        ' alt="">'
    )


# ---------------------------------------------------------------- the calendar


def ahead(report: Report, zone: tzinfo, drawn: Sequence[Lane], looked: str) -> None:
    """The lanes; or the calendar where there is room for one, and the lanes where there is none. What has no date
    stands below either. Both are drawn into the same places, so that changing over shows nothing twice."""
    dated = [lane for lane in drawn if lane.key != UNDATED]
    is_month = looked == CALENDAR and bool(dated)
    with st.container(key="only-wide"):
        if is_month:
            _month(report, zone)
    with st.container(key="only-narrow" if is_month else "lanes-ahead"):
        lanes(dated)
    with st.container(key="lanes-undated"):
        lanes([lane for lane in drawn if lane.key == UNDATED])


def _month(report: Report, zone: tzinfo) -> None:
    page = state.calendar_page()
    seen = calendar(report, zone, page)
    with st.container(key="month", horizontal=True, vertical_alignment="center"):
        _turn("Five weeks earlier", "chevron_left", page - 1, off=page == 0)
        html(f"<h2>{escape(seen.title)}</h2>", "content")
        _turn("Five weeks later", "chevron_right", page + 1, off=seen.is_last)
    html(calendar_html(seen))


def _turn(label: str, icon: str, page: int, *, off: bool) -> None:
    st.button(
        f"*{label}*",
        key=f"turn-{icon}",
        icon=f":material/{icon}:",
        on_click=state.turn_calendar,
        args=(page,),
        disabled=off,
    )


def calendar_html(seen: Calendar) -> str:
    heads = "".join(f'<th scope="col" abbr="{day}">{day[:3]}</th>' for day in words.WEEKDAYS)
    weeks = "".join(f"<tr>{''.join(map(_cell, week))}</tr>" for week in seen.weeks)
    return (
        f'<table class="month"><caption class="hide">What airs, {escape(seen.title)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{weeks}</tbody></table>"
    )


def _cell(cell: Cell) -> str:
    kind = "today" if cell.is_today else "past" if cell.is_past else ""
    names = "".join(map(_name, cell.names))
    more = ""
    if cell.more:
        rest = "".join(map(_name, cell.more))
        more = f"<details><summary>and {words.number(len(cell.more))} more</summary>{rest}</details>"
    return f'<td class="{kind}"><span class="date">{escape(cell.label)}</span>{names}{more}</td>'


def _name(name: Name) -> str:
    return f'<p title="{escape(f"{name.title}, {name.what}")}">{escape(name.title)}</p>'
