"""How a check runs by itself: this system's own scheduler. Changes when plexgap gets one of its own."""

from __future__ import annotations

import os

import streamlit as st

from plexgap.config import ROOT
from plexgap.ui.parts import html


def schedule() -> None:
    """Says what works, and the line to use."""
    html(
        "<p>Checks start when you start them. The scheduler of your system can do that too, also while no page is "
        "open; the pages then show what it found.</p>"
    )
    app = ROOT / "app.py"
    if os.name == "nt":
        html("<p>Once a day at 4:00, for a terminal:</p>")
        st.code(f'schtasks /Create /SC DAILY /ST 04:00 /TN plexgap /TR "py \\"{app}\\" scan -q"', language=None)
    else:
        html("<p>Once a day at 4:00, as a line for <code>crontab -e</code>:</p>")
        st.code(f'0 4 * * * python3 "{app}" scan -q >/dev/null', language=None)
