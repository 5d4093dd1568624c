"""What is missing or ahead, to take along: files to download and addresses to subscribe to. Changes with what is
offered."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from plexgap.ui import resources, state
from plexgap.ui.parts import html
from plexgap.ui.resources import Place
from plexgap.views import ics, narrowed, rss
from plexgap.views.export import report_csv, report_json
from plexgap.views.report import Report

Narrow = Callable[[Report], Report]


def export_shows(place: Place) -> None:
    """[Export] of the page Missing."""
    _export(place, "missing-episodes", narrowed.of_shows)


def export_films(place: Place) -> None:
    """[Export] of the page Collections."""
    _export(place, "missing-films", narrowed.of_films)


def _export(place: Place, name: str, narrow: Narrow) -> None:
    """A file is made when its button is pressed, from the report as it is then."""
    day = f"{place.house.now():%Y-%m-%d}"

    def now() -> Report:
        return narrow(resources.report(place))

    with st.popover("Export", key="export", icon=":material/download:"):
        html('<p class="judged">What is missing, as a file.</p>')
        st.download_button(
            "CSV, for a spreadsheet",
            lambda: report_csv(now()),
            file_name=f"{name}-{day}.csv",
            mime="text/csv",
            key="export-csv",
            on_click="ignore",
        )
        st.download_button(
            "JSON, for other programs",
            lambda: report_json(now(), place.house.now()),
            file_name=f"{name}-{day}.json",
            mime="application/json",
            key="export-json",
            on_click="ignore",
        )


def subscribe(place: Place) -> None:
    """[Subscribe] of the page Upcoming."""
    own = state.address()  # a file is made outside of the tab that asks for it
    with st.popover("Subscribe", key="subscribe", icon=":material/rss_feed:"):
        _subscription(
            "Calendar",
            "What is ahead, day by day, for a calendar program on this computer. It looks again by itself.",
            "upcoming.ics",
            ics.MEDIA_TYPE,
            lambda: ics.upcoming_ics(resources.report(place)),
        )
        _subscription(
            "Feed",
            "What is missing, the newest first, for a feed reader on this computer.",
            "missing.rss",
            rss.MEDIA_TYPE,
            lambda: rss.missing_rss(resources.report(place), own),
        )
        html('<p class="judged">Both answer as long as plexgap runs, to this computer alone.</p>')


def _subscription(title: str, text: str, name: str, mime: str, write: Callable[[], str]) -> None:
    html(f'<h4>{title}</h4><p class="judged">{text}</p>')
    st.code(f"{state.address()}/{name}", language=None)
    st.download_button(
        "Download", lambda: write().encode(), file_name=name, mime=mime, key=f"download-{name[-3:]}", on_click="ignore"
    )
