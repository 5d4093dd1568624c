"""The page Library, its titles: what they are picked by, the table, and the one that is opened. Changes with their
look."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import tzinfo
from html import escape

import streamlit as st

from plexgap.store.explore import Sought
from plexgap.ui import parts_show, resources, state
from plexgap.ui.parts import html
from plexgap.ui.parts_card import poster
from plexgap.ui.parts_lists import some
from plexgap.ui.resources import Place
from plexgap.views import words
from plexgap.views.explore import (
    OpenedTitle,
    PieceRow,
    TitleRow,
    by_height,
    codec_label,
    decade_label,
    found,
    opened_title,
    resolution_label,
    sections_of_titles,
    show_of,
)
from plexgap.views.report import Report

PAGE = 100


@st.fragment
def explore(place: Place, report: Report, zone: tzinfo) -> None:
    """Everything the mirror holds, a hundred titles a page; only a page of them is read."""
    sought = _asked(place)
    at = state.page_of(state.TITLES_PAGE)
    page = place.house.index.titles(sought, (at - 1) * PAGE, PAGE)
    if page.total and not page.titles:  # the address named a page that is no more
        page = place.house.index.titles(sought, 0, PAGE)
    view = found(page, sought)
    html(f'<p class="judged" role="status">{escape(view.said)}</p>')
    if not view.rows:
        return
    row = _table(view.rows, f"{sought}{at}")
    pages = -(-view.total // PAGE)
    if pages > 1:
        st.pagination(pages, key=state.TITLES_PAGE, bind="query-params")
    if row is not None:
        _opened(place, report, row.key, zone)


def _asked(place: Place) -> Sought:
    facets = resources.facets(place)
    sections = {section.uuid: section for section in sections_of_titles(place.house.index.sections())}
    titles = [section.title for section in sections.values()]

    def library(uuid: str) -> str:
        section = sections[uuid]
        return section.title if titles.count(section.title) == 1 else f"{section.title} ({section.key})"

    with st.container(key="sought"):
        search = st.text_input(
            "Search titles",
            key="title",
            type="search",
            icon=":material/search:",
            placeholder="Search titles",
            on_change=state.to_first_titles,
            live="300ms",
            label_visibility="collapsed",
            bind="query-params",
        )
        with st.container(key="facets", horizontal=True):
            return Sought(
                search or "",
                some("Library", "library", tuple(sections), library, state.to_first_titles),
                some("Decade", "decade", facets.decades, decade_label, state.to_first_titles),
                some(
                    "Resolution", "resolution", by_height(facets.resolutions), resolution_label, state.to_first_titles
                ),
                some("Codec", "codec", facets.codecs, codec_label, state.to_first_titles),
            )


def _table(rows: Sequence[TitleRow], asked: str) -> TitleRow | None:
    """The table; the row that was chosen in it. Another question has a table of its own, in which none is."""
    name = hashlib.blake2b(asked.encode(), digest_size=6).hexdigest()
    seen = st.dataframe(
        {
            "Title": [row.title for row in rows],
            "Year": [row.year for row in rows],
            "Library": [row.library for row in rows],
            "Seasons": [row.seasons for row in rows],
            "Episodes": [row.episodes for row in rows],
            "Size": [row.size / 1e9 if row.size else None for row in rows],
            "Resolution": [row.quality for row in rows],
        },
        hide_index=True,
        height=_HEIGHT,
        key=f"titles-{name}",
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        alt="Titles in your library. Choose a row to open it below.",
        column_config={
            "Title": st.column_config.TextColumn(width="large"),
            "Year": st.column_config.NumberColumn(format="%d", width="small"),
            "Seasons": st.column_config.NumberColumn(width="small"),
            "Episodes": st.column_config.NumberColumn(format="localized", width="small"),
            "Size": st.column_config.NumberColumn(format="%,.1f GB", width="small"),
            "Resolution": st.column_config.TextColumn(width="small"),
        },
    )
    chosen = seen.selection.rows
    return rows[chosen[0]] if chosen and chosen[0] < len(rows) else None


_HEIGHT = 420


def _opened(place: Place, report: Report, key: str, zone: tzinfo) -> None:
    detail = place.house.index.title(key)
    if detail is None:
        return
    show = show_of(report, key)
    view = opened_title(detail, report)
    with st.container(key="one-title"):
        if show is not None and show.is_judged:
            parts_show.show_body(place, show, report.as_of, zone)
        else:
            html(_head(view))
        html(_pieces(view))


def _head(view: OpenedTitle) -> str:
    year = f' <span class="soft">{view.year}</span>' if view.year else ""
    verdict = f"<p>{escape(view.verdict)}</p>" if view.verdict else ""
    said = f"<h3>{escape(view.title)}{year}</h3><p>{escape(view.about)}</p>{verdict}"
    return f'<div class="ask">{poster(view.poster)}<div>{said}</div></div>'


def _pieces(view: OpenedTitle) -> str:
    heads = "".join(f"<th>{name}</th>" for name in (view.what, "", "Resolution", "Codec", "Size"))
    return (
        f'<table class="list pieces"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(map(_piece, view.pieces))}</tbody></table>"
    )


def _piece(piece: PieceRow) -> str:
    size = words.size(piece.size) if piece.size else ""
    cells = (piece.name, piece.held, piece.quality, piece.codec, size)
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
