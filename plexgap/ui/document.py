"""Streamlit's first document, with what we add to it: see ui/first_sight.py and ui/keyboard.js. Changes when that of
Streamlit does, or when more is added."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

_SHELL = Path(st.__file__).parent / "static" / "index.html"
_KEYBOARD = Path(__file__).with_name("keyboard.js")
_ROOT = '<div id="root"></div>'
_STYLE = re.compile(r'<link rel="stylesheet"[^>]*>')


@dataclass(frozen=True, slots=True)
class Shell:
    """The document in two halves: between them stands what is seen first."""

    before: str
    after: str


def shell() -> Shell | None:
    """None where the document is not what it was when this was written: then it is better left alone.

    Its styles come first: nothing is painted without them, and the scripts before them are many.
    """
    try:
        text = _SHELL.read_text(encoding="utf-8")
    except OSError:
        return None
    styles = "".join(_STYLE.findall(text))
    before, root, rest = _STYLE.sub("", text).partition(_ROOT)
    head, found, title = before.partition("<head>")
    body, end, last = rest.partition("</body>")
    if not (root and found and styles and end):
        return None
    script = f"<script>{_KEYBOARD.read_text(encoding='utf-8')}</script>"
    return Shell(f"{head}{found}{styles}{title}{root}", f"{body}{script}{end}{last}")
