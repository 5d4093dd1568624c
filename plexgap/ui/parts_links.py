"""Where a missing episode or film may be looked for: a form of the settings. Changes when links are chosen otherwise.

plexgap itself never opens one of these addresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from html import escape

import streamlit as st

from plexgap.config import LinkTemplate, again, save
from plexgap.domain.errors import ConfigError, PlexgapError
from plexgap.ui import parts_form as form
from plexgap.ui.parts import html, md
from plexgap.ui.parts_plex import with_scheme
from plexgap.ui.resources import PLACES, Place
from plexgap.views import words
from plexgap.views.settings import PRESETS

_OWN = "An address of your own"
_PLACES = (
    "In place of {query} stands the title with its number (Title S02E05), or a film's with its year. There are also "
    "{title}, {code} (S02E05), {season}, {episode}, {imdbid}, {tmdbid} and {tvdbid}. No key may stand in it."
)
_WRONG = "That is no such address: it starts with http:// or https://, and holds no key and no other place in braces."


def media_manager(place: Place) -> None:
    """Debrid Media Manager, on or off, and where it is."""
    locked = {key: form.locked(place, key) for key in ("include_dmm_link", "dmm_base_url")}
    known = place.house.settings
    with st.form("form-dmm", border=False):
        wanted = st.checkbox(
            "Link to Debrid Media Manager",
            known.include_dmm_link,
            key=form.field("include_dmm_link", place),
            disabled=locked["include_dmm_link"],
        )
        _where(place, "include_dmm_link")
        address = st.text_input(
            "Its address", known.dmm_base_url, key=form.field("dmm_base_url", place), disabled=locked["dmm_base_url"]
        )
        _where(place, "dmm_base_url")
        with st.container(key="go-dmm"):
            pressed = st.form_submit_button("Save", type="primary", key="save-dmm", disabled=all(locked.values()))
    if pressed:
        typed = {"include_dmm_link": wanted, "dmm_base_url": with_scheme(address or "") or None}
        changes = {key: value for key, value in typed.items() if not locked[key]}
        _keep("dmm", lambda: form.keep(place, changes))
    form.answered("dmm")


def _where(place: Place, key: str) -> None:
    if form.locked(place, key):
        html(f'<p class="locked">{escape(form.locked_words(place, key))}</p>')


def templates(place: Place) -> None:
    """The person's own links: each with the way to remove it, and the form for another."""
    for number, template in enumerate(place.house.settings.link_templates):
        with st.container(key=f"link-{number}", horizontal=True, vertical_alignment="center"):
            html(f'<b>{escape(template.label)}</b><div class="judged">{escape(template.url)}</div>')
            if st.button("Remove", key=f"unlink-{place.number}-{number}", help=md(f"Remove {template.label}")):
                _keep("links", partial(_relink, place, gone=template))
    names = (*PRESETS, _OWN)
    chosen = st.selectbox("Another link", names, key=form.field("link_preset", place))
    label, url = (chosen, PRESETS[chosen]) if chosen in PRESETS else ("", "")
    slug = names.index(chosen)
    with st.form("form-links", border=False):
        name = st.text_input("Name", label, key=form.field(f"link_label_{slug}", place), max_chars=60)
        address = st.text_input("Address", url, key=form.field(f"link_url_{slug}", place), placeholder="https://")
        html(f'<p class="locked">{escape(_PLACES)}</p>')
        with st.container(key="go-links"):
            pressed = st.form_submit_button("Add", type="primary", key="save-links")
    if pressed and (name or "").strip():
        added = {"label": (name or "").strip(), "url": (address or "").strip()}
        _keep("links", lambda: _relink(place, added))
    elif pressed:
        form.say("links", "Give the link a name.", good=False)
    form.answered("links")


def _relink(place: Place, *added: Mapping[str, str], gone: LinkTemplate | None = None) -> None:
    """Links are written as a whole: what stands on disk by now is taken, not what stood there when it was drawn."""
    now = again(place.house.loaded)
    known = [template.model_dump() for template in now.settings.link_templates if template != gone]
    save(now, {"link_templates": [*known, *added]})
    PLACES.reopen()


def _keep(box: str, change: Callable[[], object]) -> None:
    try:
        change()
    except ConfigError as error:
        form.say(box, _WRONG if box == "links" else words.sentence(error.problem), good=False)
    except PlexgapError as error:
        form.say(box, words.sentence(error.advice), good=False)
    else:
        form.say(box, "Saved.", good=True)
    st.rerun()
