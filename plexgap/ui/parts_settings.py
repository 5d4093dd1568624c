"""The settings on their page and on the first start: which form stands where. Changes when one moves or joins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from plexgap.jobs.runner import RUNNER
from plexgap.ui import (
    actions,
    parts_counts,
    parts_form,
    parts_libraries,
    parts_links,
    parts_plex,
    parts_schedule,
    parts_scope,
    parts_sources,
    parts_version,
)
from plexgap.ui.parts import CHECK_RUNS, html, md
from plexgap.ui.resources import Place

_TABS = ("Sources", "Libraries", "What counts", "Links", "Schedule", "Version")


def settings(place: Place) -> None:
    """A tab for each kind of setting. The version is looked at only when its tab is opened."""
    sources, libraries, counted, links, schedule, version = st.tabs(_TABS, key="settings-tab", on_change="rerun")
    with sources, st.container(key="narrow-sources"):
        _sources(place)
    with libraries, st.container(key="narrow-libraries"):
        with _box("libraries", "Libraries", "which ones count"):
            parts_libraries.libraries(place, "Save")
        with _box("scope", "Scope"):
            parts_scope.scope(place)
    with counted, st.container(key="narrow-counts"), _box("rules", "What counts"):
        parts_counts.counts(place)
    with links, st.container(key="narrow-links"):
        with _box("media-manager", "Debrid Media Manager"):
            parts_links.media_manager(place)
        with _box("own-links", "Links of your own", "beside each missing episode and film"):
            parts_links.templates(place)
    with schedule, st.container(key="narrow-schedule"), _box("schedule", "Schedule"):
        parts_schedule.schedule()
    with version, st.container(key="narrow-version"), _box("about", "Version"):
        if version.open:
            parts_version.version()


def _sources(place: Place) -> None:
    with _box("plex", "Plex"):
        parts_plex.plex(place)
    with _box("tmdb", "TMDB"):
        parts_sources.tmdb(place, "Test and save", says=False)
    quiet = "" if place.house.settings.tvdb_api_key else "not set up, only needed for shows in a TVDB order"
    with _box("tvdb", "TheTVDB", quiet):
        parts_sources.tvdb(place, "Test and save", says=False)
    _invented()


@contextmanager
def _box(name: str, title: str, quiet: str = "") -> Iterator[None]:
    """A card with its name, and beside it what its last test found, or else `quiet`."""
    with st.container(key=f"box-{name}"):
        parts_form.box_head(title, name, quiet)
        yield


def first_start(place: Place) -> None:
    """Three steps, one open at a time. What is set already, here or in the environment, is behind us."""
    known = place.house.settings
    if known.plex_token and not parts_libraries.known(place) and not parts_form.found("plex"):
        parts_plex.ask_libraries(place)
    step = 1 if not known.plex_token or not parts_libraries.known(place) else 2 if known.lacking else 3
    with st.container(key="first"):
        html(
            '<div class="head"><h1>See what your library is missing</h1><p class="status">Three steps, about two '
            "minutes. Settings and results stay on this computer.</p></div>"
        )
        with _step(1, step, "Plex", parts_form.brief("plex", "holds your library")):
            parts_plex.first_plex(place)
        name, ask = ("TheTVDB", parts_sources.tvdb) if known.provider == "tvdb" else ("TMDB", parts_sources.tmdb)
        with _step(2, step, name, parts_form.brief(name.lower().removeprefix("the"), "lists what exists")):
            if step >= 2:
                ask(place, "Test and go on", says=True)
        with _step(3, step, "Libraries", "which ones count"):
            if step == 3:
                parts_libraries.libraries(place, "Save and check now")
                parts_form.said("libraries")
        _invented()


def _step(number: int, present: int, name: str, about: str) -> st.delta_generator.DeltaGenerator:
    icon = "check_circle" if number < present else "radio_button_checked" if number == present else "circle"
    return st.expander(
        f"**{number}. {name}** {md(about)}",
        expanded=number == present,
        icon=f":material/{icon}:",
        type="step",
        key=f"step-{number}-{present}",
    )


def _invented() -> None:
    runs = RUNNER.snapshot.running
    html('<div class="rule"></div>')
    with st.container(horizontal=True, vertical_alignment="center", key="invented"):
        html('<span class="soft">Just looking? An invented library shows everything, without account or key.</span>')
        pressed = st.button(
            "Try the invented library",
            key="try-demo",
            disabled=runs,
            help=CHECK_RUNS if runs else None,
        )
    if pressed:
        with st.spinner("Inventing a library"):
            actions.switch(True)
        st.rerun()
