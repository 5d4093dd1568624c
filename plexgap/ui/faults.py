"""What a fault of ours looks like: one sentence with a code, and the traceback in the log under that code."""

from __future__ import annotations

import logging
import secrets
from html import escape

import streamlit as st

from plexgap.domain.errors import PlexgapError

log = logging.getLogger(__name__)


def show(fault: Exception) -> bool:
    """Draws the fault where the page stopped, in place of Streamlit's own box. True: nothing else is to be shown.

    An error of ours has a sentence for the person; any other is a fault of the program, and is logged once.
    """
    if isinstance(fault, PlexgapError):
        log.warning("a page could not go on: %s", fault)
        words = fault.advice
    else:
        code = secrets.token_hex(2).upper()
        log.error("a page failed by a fault of ours, code %s", code, exc_info=fault)
        words = f"Something went wrong here. It is in the log as {code}."
    st.html(
        f'<div class="px"><div class="notice oops" role="alert"><b>{escape(words)}</b> '
        '<a href="" target="_self">Reload</a></div></div>'
    )
    return True
