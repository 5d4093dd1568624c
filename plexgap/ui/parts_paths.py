"""Where the files of the Plex server lie here: the mappings, one more, and trying one out. Changes with its look."""

from __future__ import annotations

from html import escape

import streamlit as st

from plexgap.jobs.paths import KEY, tried
from plexgap.ui import keeping_actions, parts, parts_form
from plexgap.ui.parts import html, md
from plexgap.ui.resources import Place
from plexgap.views.maintenance import mapped

_BOX = "paths"


def paths(place: Place) -> None:
    known = place.house.settings.path_mappings
    parts.lane_head("Paths", "where the files of your Plex server lie on this machine")
    with st.container(key="box-paths"):
        if place.demo:
            html('<p class="soft">The invented library has no files. Your own mappings are as you left them.</p>')
            return
        locked = parts_form.locked(place, KEY)
        if not known:
            html('<p class="soft">No mapping: each path counts as Plex gives it.</p>')
        for number, mapping in enumerate(known):
            with st.container(key=f"ignored-path-{number}", horizontal=True, vertical_alignment="center"):
                case = " Capital and small letters are the same." if mapping.ignore_case else ""
                html(
                    f'<b>{escape(mapping.plex)}</b> is {escape(mapping.local)}<div class="judged">In Plex, and here.'
                    f"{case}</div>"
                )
                if st.button(
                    "Remove",
                    key=f"unmap-{place.number}-{number}",
                    disabled=locked,
                    help=md(f"Remove the mapping of {mapping.plex}"),
                ):
                    _done(keeping_actions.remove_mapping(place, mapping.plex), "Removed.")
        _add(place, locked)
        parts_form.answered(_BOX)
        if known:
            _try(place)


def _add(place: Place, locked: bool) -> None:
    with st.form("form-paths", border=False):
        with st.container(key="path-fields", horizontal=True, vertical_alignment="bottom"):
            plex = st.text_input(
                "Folder in Plex", key=parts_form.field("path_plex", place), placeholder="/data/media", disabled=locked
            )
            local = st.text_input(
                "The same folder here",
                key=parts_form.field("path_local", place),
                placeholder="/mnt/media",
                disabled=locked,
            )
            with st.container(key="add-path", width="content"):
                pressed = st.form_submit_button("Add", key="save-path", disabled=locked)
        any_case = st.checkbox(
            "Capital and small letters are the same", key=parts_form.field("path_case", place), disabled=locked
        )
        if locked:
            html(f'<p class="locked">{escape(parts_form.locked_words(place, KEY))}</p>')
    if pressed:
        _done(keeping_actions.add_mapping(place, plex or "", local or "", ignore_case=any_case), "Saved.")


def _done(refused: str, said: str) -> None:
    parts_form.say(_BOX, refused or said, good=not refused)
    st.rerun()


def _try(place: Place) -> None:
    with st.container(key="path-test", horizontal=True, vertical_alignment="bottom"):
        path = st.text_input(
            "Try a path as Plex gives it",
            key="path-tried",
            placeholder="/data/media/tv/Northbound/S01E01.mkv",
        )
        st.button("Test", key="test-path")
    if path and path.strip():
        local, sentence = mapped(tried(path, place.house.settings.path_mappings))
        html(f'<p role="status"><code>{escape(local)}</code><br><span class="judged">{escape(sentence)}</span></p>')
