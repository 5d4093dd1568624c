"""The small things pages are drawn from: labels, notices, headings, counters, folded lists. Changes with their look.

Everything that comes from a library or a catalogue is data: `escape` for our html, `md` for labels of widgets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st

from plexgap.domain.ids import Source
from plexgap.views.missing import Counter, Quiet

FOLDER = Path(__file__).parent
ICON = FOLDER / "icon.png"
LOGO = FOLDER / "logo.png"
ADDRESSES = ("upcoming", "collections", "library", "activity", "maintenance", "settings")  # Missing stands at the root
SETTINGS_PAGE = "pages/settings.py"
UPCOMING_PAGE = "pages/upcoming.py"
LIBRARY_PAGE = "pages/library.py"
ACTIVITY_PAGE = "pages/activity.py"
CHECK_RUNS = "A check runs. Stop it first."


def md(text: str) -> str:
    """A text inside a label: no markup, no picture, no link, addresses included (research/dependencies.md 4)."""
    text = re.sub(r"(?i)(?<=http|ttps|.ftp|.www)(?=[:.])|(?=@)", "\u2060", " " + text)[1:]
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def style() -> None:
    st.html(FOLDER / "style.css")


def html(body: str, width: str = "stretch") -> None:
    """Our own html, whose every text is escaped already."""
    st.html(f'<div class="px">{body}</div>', width="content" if width == "content" else "stretch")


def _nothing() -> None:
    """What a button calls that only leads to another page."""


@dataclass(frozen=True, slots=True)
class Action:
    """A button. `first`: drawn with a border, the others as words alone. `goes`: the page it leads to, or ""."""

    label: str
    key: str
    call: Callable[..., None] = _nothing
    args: tuple[object, ...] = ()
    first: bool = False
    help: str | None = None
    icon: str | None = None
    off: bool = False
    goes: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """`strong` is what is so, `text` what one can do. `tone`: amber, red or plain. `key` becomes a class name."""

    key: str
    strong: str
    text: str = ""
    tone: str = "amber"
    actions: tuple[Action, ...] = ()


def notice(said: Notice) -> None:
    with st.container(key=notice_key(said.tone, said.key), horizontal=True, vertical_alignment="center"):
        html(notice_html(said.strong, said.text))
        for action in said.actions:
            _button(action)


def notice_key(tone: str, key: str) -> str:
    """The name of its box, which says its tone too."""
    return f"say-{key}" if tone == "amber" else f"say-{tone}-{key}"


def notice_html(strong: str, text: str) -> str:
    said = f"<b>{escape(strong)}</b> " if strong else ""
    return f'<div class="notice" role="status">{said}{escape(text)}</div>'


def _button(action: Action) -> None:
    pressed = st.button(
        action.label,
        key=action.key,
        on_click=action.call,
        args=action.args,
        type="secondary" if action.first else "tertiary",
        help=action.help,
        icon=action.icon,
        disabled=action.off,
    )
    if pressed and action.goes:
        st.switch_page(action.goes)


def heading(text: str, status: str, tone: str = "quiet") -> None:
    """A page's heading and its status line, for pages without anything moving in their head."""
    html(f'<div class="head"><h1>{escape(text)}</h1><p class="status {tone}">{escape(status)}</p></div>')


def counters(counted: Iterable[Counter]) -> None:
    html(counters_html(counted))


def counters_html(counted: Iterable[Counter]) -> str:
    return f'<dl class="counts">{"".join(_counter(counter) for counter in counted)}</dl>'


def _counter(counter: Counter) -> str:
    words = "".join(f"<b>{escape(word)}</b>" if strong else escape(word) for word, strong in counter.words)
    return f'<div class="{counter.tone}"><dt>{words}</dt><dd>{counter.value}</dd></div>'


def lane_head(title: str, note: str) -> None:
    html(lane_html(title, note))


def lane_html(title: str, note: str) -> str:
    return f'<div class="lane"><h2>{escape(title)}</h2> <span class="soft">{escape(note)}</span></div>'


@st.fragment(run_every="3s")
def watch(stamp: Callable[[], object], drawn: object) -> None:
    """Draws the page anew once `stamp` is no longer what it was as the page was drawn."""
    if stamp() != drawn:
        st.rerun()


def quiet(said: Quiet) -> None:
    html(f'<div class="calm"><h2>{escape(said.heading)}</h2><p>{escape(said.text)}</p></div>')
    if said.settings or said.ahead:
        with st.container(key="calm-do", horizontal=True, horizontal_alignment="center"):
            if said.settings:
                _button(Action("Settings", "calm-settings", first=True, goes=SETTINGS_PAGE))
            if said.ahead:
                _button(Action("See what airs next", "calm-ahead", first=True, goes=UPCOMING_PAGE))


_SUBSCRIBE = '<a href="https://thetvdb.com/subscribe" target="_blank" rel="noopener noreferrer">TheTVDB</a>'
_CREDITS = {
    Source.TMDB: "Shows and episodes as TMDB lists them. This product uses the TMDB API but is not endorsed or "
    "certified by TMDB.",
    Source.TVDB: f"Metadata provided by {_SUBSCRIBE}. Please consider adding missing information or subscribing.",
}


def credit(sources: Iterable[Source]) -> None:
    """What each catalogue asks of everyone who shows its data (themoviedb.org, terms of use of the API;
    thetvdb.com/api-information)."""
    html(f'<p class="credit">{" ".join(_CREDITS[source] for source in sources)}</p>')


def film_credit() -> None:
    """The same for films, whose collections are TMDB's alone."""
    html(
        '<p class="credit">Collections and films, with pictures of those you lack, as TMDB lists them. This product '
        "uses the TMDB API but is not endorsed or certified by TMDB.</p>"
    )
