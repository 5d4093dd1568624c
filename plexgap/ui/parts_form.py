"""What every form of the settings shares: fields that may be locked, secrets that are never shown, what a test found.

A saved secret is never sent to the browser. Changes when all forms change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import streamlit as st

from plexgap.config import Origin, save
from plexgap.domain.errors import ConfigError, PlexgapError, Rejected
from plexgap.ui.parts import html, md
from plexgap.ui.resources import PLACES, Place
from plexgap.views import words

KEPT = "Kept. Paste a new one to replace it."
_HIDDEN = "\u2022" * 16
_FOUND = "tab:found-by-test"
_BRIEF = "tab:found-in-few-words"


@dataclass(frozen=True, slots=True)
class _Found:
    """What the test of a box found: a sentence, and whether it went well."""

    box: str
    words: str
    good: bool


def secret(place: Place, label: str, key: str) -> str:
    """What was typed into the field of a secret; never what is kept."""
    kept = getattr(place.house.settings, key)
    typed: str | None = st.text_input(
        label,
        key=field(key, place),
        type="password",
        placeholder=(_HIDDEN if locked(place, key) else KEPT) if kept else "Paste it here",
        disabled=locked(place, key),
        autocomplete="off",
    )
    return (typed or "").strip()


def where(place: Place, key: str, words_html: str) -> None:
    """Where to get it, or why it can't be changed here."""
    html(f'<p class="locked">{escape(locked_words(place, key)) if locked(place, key) else words_html}</p>')


def label_of(place: Place, label: str, *keys: str) -> str:
    """The button's words; where nothing can be changed here it only tests."""
    return "Test" if place.ready and all(locked(place, key) for key in keys) else label


def locked(place: Place, key: str) -> bool:
    """Whether it is set where this page can't change it."""
    return place.house.loaded.origins[key] in (Origin.DOTENV, Origin.ENVIRONMENT, Origin.OPTION)


def locked_words(place: Place, key: str) -> str:
    name = place.house.loaded.env_names.get(key, key.upper())
    where = "in .env" if place.house.loaded.origins[key] is Origin.DOTENV else "in the environment"
    return f"Set by {name} {where}. Change it there."


def field(name: str, place: Place) -> str:
    """The key of a field; another one once it was saved, so that it is empty again."""
    return f"{name.replace('_', '-')}-{place.number}"


def open_changes(place: Place, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed into fields that are open here; an empty secret stays as it is."""
    return {key: value.strip() for key, value in typed.items() if value and not locked(place, key)}


def after(place: Place, changes: Mapping[str, str], key: str) -> str:
    """The value to try: as it would stand after these changes."""
    return changes.get(key, str(getattr(place.house.settings, key)))


def keep(place: Place, changes: Mapping[str, object]) -> None:
    """Saves and opens the library anew, so that everything goes by the new settings."""
    save(place.house.loaded, changes)
    PLACES.reopen()


def refusal(error: PlexgapError, refused: str) -> str:
    """What to say of a test that failed; `refused`: of a token or key that was."""
    if isinstance(error, Rejected):
        return refused
    if isinstance(error, ConfigError):
        return words.sentence(error.problem)
    return words.sentence(error.advice)


def say(box: str, text: str, *, good: bool, brief: str = "") -> None:
    """Remembers what the test of a box found, in the place of whatever was found before. `brief`: kept beyond the next
    one, for the steps of the first start."""
    st.session_state[_FOUND] = _Found(box, text, good)
    if brief:
        st.session_state[_BRIEF] = {**_briefs(), box: brief}


def forget(box: str) -> None:
    """Nothing is said of this box any more."""
    if found(box) is not None:
        del st.session_state[_FOUND]


def brief(box: str, otherwise: str) -> str:
    """What the last test that went well found, in few words."""
    return str(_briefs().get(box, otherwise))


def _briefs() -> dict[str, str]:
    kept = st.session_state.get(_BRIEF)
    return kept if isinstance(kept, dict) else {}


def found(box: str) -> _Found | None:
    """What the last test found, if it was one of this box."""
    told = st.session_state.get(_FOUND)
    return told if isinstance(told, _Found) and told.box == box else None


def said(box: str) -> None:
    """What went wrong, below the form; nothing where nothing did."""
    told = found(box)
    if told is not None and not told.good:
        st.error(md(told.words), icon=":material/error:")


def answered(box: str) -> None:
    """What the last press of the button above found, good or bad; nothing where it found nothing yet."""
    told = found(box)
    if told is not None and told.good:
        html(f'<p class="answer" role="status">{escape(told.words)}</p>')
    said(box)


def box_head(name: str, box: str, quiet: str) -> None:
    """The name of a box, and beside it what its last test found, or else `quiet`."""
    told = found(box)
    if told is None:
        stands = f'<span class="stands">{escape(quiet)}</span>' if quiet else ""
    else:
        stands = f'<span class="stands {"good" if told.good else "bad"}" role="status">{escape(told.words)}</span>'
    html(f"<h2>{escape(name)}</h2>{stands}")
