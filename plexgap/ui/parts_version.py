"""Which plexgap this is, and taking a newer one. Changes when updates are offered otherwise.

The repository is asked when a button is pressed, and never before.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import streamlit as st

from plexgap import __version__
from plexgap.config import ROOT
from plexgap.domain.errors import PlexgapError
from plexgap.jobs import updates
from plexgap.jobs.runner import RUNNER
from plexgap.jobs.updates import PROCESS, Clone
from plexgap.ui import parts_form as form
from plexgap.ui.parts import CHECK_RUNS, html
from plexgap.views.settings import version_line

_ASKED = "tab:updates-asked"
_RESTART = "Updated. Restart plexgap to use it: Ctrl+C in its terminal, then start it again as you did."


def version(root: Path = ROOT) -> None:
    """The version, what is known of a newer one, and the buttons. `root`: the app's own folder."""
    html(f"<p>This is plexgap {escape(__version__)}.</p>")
    try:
        found = updates.look(root)
    except PlexgapError as error:
        html(f'<p class="locked">{escape(error.advice)}</p>')
        return
    asked = bool(st.session_state.get(_ASKED))
    html(f'<p class="locked" role="status">{escape(version_line(found, asked=asked))}</p>')
    if PROCESS.updated:
        html(f'<div class="notice" role="status"><b>{escape(_RESTART)}</b></div>')
    if found.news:
        html(f"<h3>What is new</h3><ul>{''.join(f'<li>{escape(each)}</li>' for each in found.news)}</ul>")
    if found.upstream:
        _buttons(root, found)
    form.answered("version")


def _buttons(root: Path, found: Clone) -> None:
    with st.container(key="go-version", horizontal=True):
        if st.button("Look for updates", key="version-look"):
            st.session_state[_ASKED] = _do("Asking the repository", lambda: updates.fetch(root))
            st.rerun()
        if not found.behind or found.obstacle:
            return
        runs = RUNNER.snapshot.running
        pressed = st.button(
            "Update",
            key="version-update",
            type="primary",
            disabled=runs,
            help=CHECK_RUNS if runs else None,
        )
        if pressed:
            PROCESS.updated = _do("Updating", lambda: updates.update(root)) or PROCESS.updated
            st.rerun()


def _do(words: str, work: Callable[[], Clone]) -> bool:
    form.forget("version")
    try:
        with st.spinner(words):
            work()
    except PlexgapError as error:
        form.say("version", error.advice, good=False)
        return False
    return True
