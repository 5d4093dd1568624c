"""The forms of the settings, on their page and on the first start. Changes when a setting is asked for otherwise.

A saved secret is never sent to the browser. Nothing is saved before it was tested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from plexgap import wiring
from plexgap.config import Origin, save
from plexgap.domain.errors import ConfigError, PlexgapError, Rejected
from plexgap.domain.library import Kind, Section
from plexgap.jobs import selection
from plexgap.jobs.runner import RUNNER
from plexgap.ui import actions, state
from plexgap.ui.parts import html, md
from plexgap.ui.resources import PLACES, Place
from plexgap.views import words

PLEX_WHERE = (
    "The address of the server on your network, with its port, usually 32400.",
    "Where to get it: open Plex Web, press F12, choose Network and play or open anything. The token stands behind "
    "X-Plex-Token in the addresses listed there.",
)
TMDB_WHERE = (
    'Where to get it: <a href="https://www.themoviedb.org/settings/api" target="_blank" rel="noopener noreferrer">'
    "themoviedb.org, Settings, API</a>. It is free. Either the API key or the read token will do."
)
_REFUSED_BY_PLEX = "Plex refused the token. Copy it once more; it has about 20 letters and digits."
KEPT = "Kept. Paste a new one to replace it."
_HIDDEN = "\u2022" * 16
_SECTIONS, _FOUND = "tab:sections", "tab:found-by-test"


@dataclass(frozen=True, slots=True)
class Library:
    """A library of the server, as the form offers it."""

    key: str
    uuid: str
    title: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Found:
    """What a test of one box found: a sentence, and whether it went well."""

    box: str
    words: str
    good: bool


# ---------------------------------------------------------------- the page, and the first start


def settings(place: Place) -> None:
    with st.container(key="narrow"):
        with st.container(key="box-plex"):
            _box_head("Plex", "plex", "")
            _plex(place, "Test and save", says=False)
        with st.container(key="box-tmdb"):
            _box_head("TMDB", "tmdb", "")
            _tmdb(place, "Test and save", says=False)
        with st.container(key="box-libraries"):
            _box_head("Libraries", "libraries", "which ones count")
            _libraries(place, "Save")
        _invented(place)


def first_start(place: Place) -> None:
    """Three steps, one open at a time. What is set already, here or in the environment, is behind us."""
    known = place.house.settings
    if known.plex_token and not _known_libraries(place) and not _found("plex"):
        _ask_libraries(place)
    step = 1 if not known.plex_token or not _known_libraries(place) else 2 if not known.tmdb_api_key else 3
    with st.container(key="first"):
        html(
            '<div class="head"><h1>See what your library is missing</h1><p class="status">Three steps, about two '
            "minutes. Settings and results stay on this computer.</p></div>"
        )
        with _step(1, step, "Plex", "holds your library"):
            _plex(place, "Test and go on", says=True)
        with _step(2, step, "TMDB", "lists what exists"):
            if step >= 2:
                _tmdb(place, "Test and go on", says=True)
        with _step(3, step, "Libraries", "which ones count"):
            if step == 3:
                _libraries(place, "Save and check now")
                _said("libraries")
        _invented(place)


def _step(number: int, present: int, name: str, about: str) -> st.delta_generator.DeltaGenerator:
    icon = "check_circle" if number < present else "radio_button_checked" if number == present else "circle"
    return st.expander(
        f"**{number}. {name}** {about}",
        expanded=number == present,
        icon=f":material/{icon}:",
        type="step",
        key=f"step-{number}-{present}",
    )


def _box_head(name: str, box: str, quiet: str) -> None:
    found = _found(box)
    if found is None:
        stands = f'<span class="stands">{escape(quiet)}</span>' if quiet else ""
    else:
        stands = f'<span class="stands {"good" if found.good else "bad"}" role="status">{escape(found.words)}</span>'
    html(f"<h2>{escape(name)}</h2>{stands}")


def _invented(place: Place) -> None:
    runs = RUNNER.snapshot.running
    html('<div class="rule"></div>')
    with st.container(horizontal=True, vertical_alignment="center", key="invented"):
        html('<span class="soft">Just looking? An invented library shows everything, without account or key.</span>')
        pressed = st.button(
            "Try the invented library",
            key="try-demo",
            disabled=runs,
            help="A check runs. Stop it first." if runs else None,
        )
    if pressed:
        with st.spinner("Inventing a library"):
            actions.switch(True)
        st.rerun()


# ---------------------------------------------------------------- Plex


def _plex(place: Place, label: str, *, says: bool) -> None:
    """`says`: what the last test found stands below the form, until it is asked again."""
    known = place.house.settings
    with st.form("form-plex", border=False):
        address = st.text_input(
            "Address", known.plex_base_url, key=_field("plex-address", place), disabled=_locked(place, "plex_base_url")
        )
        _where(place, "plex_base_url", escape(PLEX_WHERE[0]))
        token = _secret(place, "Token", "plex_token", known.plex_token)
        _where(place, "plex_token", escape(PLEX_WHERE[1]))
        with st.container(key="go-plex"):
            pressed = st.form_submit_button(
                _label(place, label, "plex_base_url", "plex_token"), type="primary", key="save-plex"
            )
    answer = st.empty()
    if pressed:
        with answer, st.spinner("Asking Plex"):
            _save_plex(place, with_scheme(address or ""), (token or "").strip())
        st.rerun()
    if says:
        with answer:
            _said("plex")


def with_scheme(address: str) -> str:
    """The address as a web address: people type 192.168.1.20:32400, and Plex speaks http there."""
    address = address.strip()
    return address if not address or "://" in address else f"http://{address}"


def _ask_libraries(place: Place) -> None:
    """What the server has, where the token is known already: set in the environment, or at an earlier visit."""
    known = place.house.settings
    try:
        with st.spinner("Asking Plex which libraries it has"):
            sections = wiring.try_plex(place.house, known.plex_base_url, known.plex_token)
    except PlexgapError as error:
        _say("plex", _refusal(error, _REFUSED_BY_PLEX), good=False)
    else:
        if not _remember(sections):
            _say("plex", "Plex answers, but this token sees no library there.", good=False)


def _remember(sections: Sequence[Section]) -> list[Library]:
    libraries = [Library(section.key, section.uuid, section.title, section.kind) for section in sections]
    st.session_state[_SECTIONS] = libraries
    return libraries


def _save_plex(place: Place, address: str, token: str) -> None:
    known = place.house.settings
    if not token and not known.plex_token:
        _say("plex", "The token is missing.", good=False)
        return
    changes = _open_changes(place, {"plex_base_url": address, "plex_token": token})
    try:
        tried = save_check(place, changes)
        sections = wiring.try_plex(place.house, tried["plex_base_url"], tried["plex_token"])
        libraries = _remember(sections)
        state.set_choosing(not place.ready or state.choosing())
        _keep(place, changes)
    except PlexgapError as error:
        _say("plex", _refusal(error, _REFUSED_BY_PLEX), good=False)
        return
    names = words.listed([library.title for library in libraries])
    _say("plex", f"Connected. {words.count(len(libraries), 'library', 'libraries')}: {names}.", good=True)


# ---------------------------------------------------------------- TMDB


def _tmdb(place: Place, label: str, *, says: bool) -> None:
    known = place.house.settings
    with st.form("form-tmdb", border=False):
        key = _secret(place, "API key or read token", "tmdb_api_key", known.tmdb_api_key)
        _where(place, "tmdb_api_key", TMDB_WHERE)
        with st.container(key="go-tmdb"):
            pressed = st.form_submit_button(_label(place, label, "tmdb_api_key"), type="primary", key="save-tmdb")
    answer = st.empty()
    if pressed:
        with answer, st.spinner("Asking TMDB"):
            _save_tmdb(place, (key or "").strip())
        st.rerun()
    if says:
        with answer:
            _said("tmdb")


def _save_tmdb(place: Place, key: str) -> None:
    known = place.house.settings
    if not key and not known.tmdb_api_key:
        _say("tmdb", "The key is missing.", good=False)
        return
    changes = _open_changes(place, {"tmdb_api_key": key})
    try:
        wiring.try_tmdb(place.house, save_check(place, changes)["tmdb_api_key"])
        state.set_choosing(not place.ready or state.choosing())
        _keep(place, changes)
    except PlexgapError as error:
        refused = "TMDB refused this key. Copy it once more; it has 32 characters, or starts with eyJ."
        _say("tmdb", _refusal(error, refused), good=False)
        return
    _say("tmdb", "The key works.", good=True)


# ---------------------------------------------------------------- libraries


def _libraries(place: Place, label: str) -> None:
    by = next((key for key in ("libraries", "library_name") if _locked(place, key)), "")
    found = _known_libraries(place)
    if by:
        html(f'<p class="locked">{escape(_locked_words(place, by))}</p>')
    elif not found:
        html('<p class="soft">Test the connection to Plex above; then the libraries of your server stand here.</p>')
        return
    with st.form("form-libraries", border=False):
        chosen = () if by else _choice(place, found)
        with st.container(key="go-libraries"):
            pressed = st.form_submit_button(
                label, type="primary", key="save-libraries", disabled=bool(by) and place.ready and not state.choosing()
            )
    if pressed:
        _save_libraries(place, found, chosen, locked=bool(by))


def _choice(place: Place, found: Sequence[Library]) -> Sequence[str]:
    known = place.house.settings
    before = [library.key for library in selection.within(known, found)]
    names = {
        library.key: f"{library.title} ({'films' if library.kind is Kind.MOVIE else 'shows'})" for library in found
    }
    chosen = st.pills(
        "Libraries that count",
        [library.key for library in found],
        selection_mode="multi",
        default=before,
        format_func=lambda key: md(names[key]),
        key=_field("libraries", place),
    )
    html('<p class="locked">All of them: libraries that you add to Plex later count too.</p>')
    return chosen


def _save_libraries(place: Place, found: Sequence[Library], chosen: Sequence[str], *, locked: bool) -> None:
    if not locked:
        if not chosen:
            _say("libraries", "Choose at least one library.", good=False)
            st.rerun()
        try:
            _keep(place, {"libraries": names_to_keep(found, chosen), **_open_changes(place, {"library_name": " "})})
        except PlexgapError as error:
            _say("libraries", words.sentence(error.advice), good=False)
            st.rerun()
    if state.choosing():
        state.set_choosing(False)
        actions.start(None)
        state.go_to_first_page()
    else:
        _say("libraries", "Saved. The next check reads them.", good=True)
    st.rerun()


def names_to_keep(found: Sequence[Library], chosen: Sequence[str]) -> list[str]:
    """What is kept of the choice: nothing when it is all of them, else titles, or keys where two share a title."""
    if len(chosen) == len(found):
        return []
    titles = [library.title.strip().casefold() for library in found]
    return [
        library.key if titles.count(library.title.strip().casefold()) > 1 else library.title
        for library in found
        if library.key in chosen
    ]


def _known_libraries(place: Place) -> list[Library]:
    """Those the last test found, else those of the mirror."""
    tested = st.session_state.get(_SECTIONS)
    if isinstance(tested, list):
        return [library for library in tested if isinstance(library, Library)]
    stored = place.house.index.sections()
    return [Library(section.key, section.uuid, section.title, section.kind) for section in stored]


# ---------------------------------------------------------------- what all boxes share


def _secret(place: Place, label: str, key: str, kept: str) -> str | None:
    return st.text_input(
        label,
        key=_field(key, place),
        type="password",
        placeholder=(_HIDDEN if _locked(place, key) else KEPT) if kept else "Paste it here",
        disabled=_locked(place, key),
        autocomplete="off",
    )


def _where(place: Place, key: str, words_html: str) -> None:
    """Where to get it, or why it can't be changed here."""
    html(f'<p class="locked">{escape(_locked_words(place, key)) if _locked(place, key) else words_html}</p>')


def _label(place: Place, label: str, *keys: str) -> str:
    """The button's words; where nothing can be changed here it only tests."""
    return "Test" if place.ready and all(_locked(place, key) for key in keys) else label


def _locked(place: Place, key: str) -> bool:
    return place.house.loaded.origins[key] in (Origin.DOTENV, Origin.ENVIRONMENT, Origin.OPTION)


def _locked_words(place: Place, key: str) -> str:
    name = place.house.loaded.env_names.get(key, key.upper())
    where = "in .env" if place.house.loaded.origins[key] is Origin.DOTENV else "in the environment"
    return f"Set by {name} {where}. Change it there."


def _field(name: str, place: Place) -> str:
    """The key of a field; another one once it was saved, so that it is empty again."""
    return f"{name.replace('_', '-')}-{place.number}"


def _open_changes(place: Place, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed into fields that are open here; an empty secret stays as it is."""
    return {key: value.strip() for key, value in typed.items() if value and not _locked(place, key)}


def save_check(place: Place, changes: Mapping[str, str]) -> dict[str, str]:
    """The three values to try, as they would stand after these changes."""
    known = place.house.settings
    stands = {key: str(getattr(known, key)) for key in ("plex_base_url", "plex_token", "tmdb_api_key")}
    return {**stands, **changes}


def _keep(place: Place, changes: Mapping[str, object]) -> None:
    """Saves and opens the library anew, so that everything goes by the new settings."""
    save(place.house.loaded, changes)
    PLACES.reopen()


def _refusal(error: PlexgapError, refused: str) -> str:
    if isinstance(error, Rejected):
        return refused
    if isinstance(error, ConfigError):
        return words.sentence(error.problem)
    return words.sentence(error.advice)


def _say(box: str, text: str, *, good: bool) -> None:
    st.session_state[_FOUND] = _Found(box, text, good)


def _found(box: str) -> _Found | None:
    found = st.session_state.get(_FOUND)
    return found if isinstance(found, _Found) and found.box == box else None


def _said(box: str) -> None:
    found = _found(box)
    if found is not None and not found.good:
        st.error(md(found.words), icon=":material/error:")
