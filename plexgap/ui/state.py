"""What one tab remembers: the report it shows, answers under a card, the last thing that can be undone.

Changes when a tab remembers something else. Every key of the session stands here; keys of widgets are slugs of ids,
never titles, because they become class names.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from plexgap.jobs.runner import RUNNER
from plexgap.ui import resources
from plexgap.ui.resources import Place
from plexgap.views import collections, shows
from plexgap.views.report import Report

T = TypeVar("T")
P = TypeVar("P", bound=StrEnum)
S = TypeVar("S", bound=StrEnum)

_SHOWN = "tab:shown"
_ASKED = "tab:shown-asked"
_ORDERS = "tab:orders"
_UNDO = "tab:undo"
_TOAST = "tab:toast"
_TROUBLE = "tab:trouble"
_ANSWERS = "tab:answers"
_CHOOSING = "tab:choosing-libraries"
_GONE = "tab:gone-notices"
_TO_FIRST = "tab:to-first-page"
_TURNED = "tab:calendar-page"
_AT = "tab:at-page"

PAGE = "page"  # of the lists on the pages Missing and Collections
LIBRARIES, GROUPS, PROVIDERS, ALSO_IGNORED = "in", "status", "judged", "ignored"
TITLES_PAGE = "at"  # of the titles on the page Library
_EVERY = "all"
_NO_NUMBER = 10  # digits of a page that no list has


def slug(text: str) -> str:
    """The text as part of a widget's key."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")


def _get(key: str, kind: type[T]) -> T | None:
    value = st.session_state.get(key)
    return value if isinstance(value, kind) else None


def zone() -> tzinfo:
    """The reader's time zone as the browser says it, else the machine's."""
    return zone_named(st.context.timezone)


def zone_named(name: str | None) -> tzinfo:
    """The zone of that name, such as "Europe/Paris"; the machine's where there is none of it."""
    local = datetime.now().astimezone().tzinfo
    try:
        return ZoneInfo(name) if name else local or ZoneInfo("UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return local or ZoneInfo("UTC")


# ---------------------------------------------------------------- the list that is shown


@dataclass(frozen=True, slots=True)
class _Shown:
    place: int
    report: Report


def report(place: Place) -> Report:
    """The report this tab shows. While a check runs it stays as it is until the person asks for the present one."""
    shown = _get(_SHOWN, _Shown)
    asked = bool(st.session_state.pop(_ASKED, False))
    if shown is not None and shown.place == place.number and RUNNER.snapshot.running and not asked:
        return shown.report
    fresh = resources.report(place)
    st.session_state[_SHOWN] = _Shown(place.number, fresh)
    return fresh


def checking() -> bool:
    """Whether a check runs, begun here or in another tab."""
    return RUNNER.snapshot.running


def ask_for_present() -> None:
    """The next drawing shows the present report, also while a check runs."""
    st.session_state[_ASKED] = True


@dataclass(frozen=True, slots=True)
class _Order:
    place: int
    job: int
    title_ids: tuple[str, ...]


def order(place: Place, name: str = "missing") -> tuple[str, ...]:
    """The ids as this tab showed them last in the list of that name; nothing once a check has ended since, or the list
    was asked for."""
    kept = (_get(_ORDERS, dict) or {}).get(name)
    if not isinstance(kept, _Order) or (kept.place, kept.job) != (place.number, _job()):
        return ()
    return kept.title_ids


def keep_order(place: Place, title_ids: tuple[str, ...], name: str = "missing") -> None:
    st.session_state[_ORDERS] = {**(_get(_ORDERS, dict) or {}), name: _Order(place.number, _job(), title_ids)}


def forget_order() -> None:
    st.session_state.pop(_ORDERS, None)


def _job() -> int:
    """Of the last job that ended."""
    snap = RUNNER.snapshot
    return snap.number - 1 if snap.running else snap.number


# ---------------------------------------------------------------- what is asked of a list


@dataclass(frozen=True, slots=True)
class Listing(Generic[P, S]):
    """The keys of its widgets, and what is chosen at first. What is picked and how it is sorted stands in the address
    as a word of ours: a label carries a count."""

    pick_key: str
    sort_key: str
    search_key: str
    first_pick: P
    first_sort: S

    def picked(self) -> P | None:
        """What the address asks for; None: all of it."""
        word, first = st.query_params.get(self.pick_key, self.first_pick), self.first_pick
        return None if word == _EVERY else next((pick for pick in type(first) if pick == word), first)

    def sorted_by(self) -> S:
        word, first = st.query_params.get(self.sort_key, self.first_sort), self.first_sort
        return next((sort for sort in type(first) if sort == word), first)

    def note(self) -> None:
        """What was chosen, into the address; the list begins at its first page."""
        _to_address(self.pick_key, st.session_state.get(self.pick_key) or _EVERY, self.first_pick)
        _to_address(self.sort_key, st.session_state.get(self.sort_key) or self.first_sort, self.first_sort)
        to_page_one()

    def show_only(self, pick: P | None) -> None:
        """List these, or all of them."""
        st.session_state[self.pick_key] = pick
        self.note()

    def searched(self) -> bool:
        return bool(str(st.session_state.get(self.search_key) or "").strip())

    def clear_search(self) -> None:
        st.session_state[self.search_key] = ""
        to_page_one()


SHOWS = Listing("list", "by", "find", shows.Pick.GAPS, shows.Sort.NEWEST)
COLLECTIONS = Listing("show", "sort", "q", collections.Pick.GAPS, collections.Sort.NEARLY)


def _to_address(key: str, word: str, default: str) -> None:
    if word == default:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = str(word)


def to_page_one() -> None:
    if PAGE in st.session_state:
        st.session_state[PAGE] = 1


def page_of(key: str) -> int:
    """Which page of a list the person is at, before its numbers are drawn."""
    value = str(st.session_state.get(key, st.query_params.get(key, "1")))
    return max(1, int(value)) if value.isdecimal() and len(value) < _NO_NUMBER else 1


def to_first_titles() -> None:
    """Another question begins at its first page."""
    st.session_state[TITLES_PAGE] = 1


def clear_filter() -> None:
    """Nothing is left out of the list any more."""
    for key in (LIBRARIES, GROUPS, PROVIDERS):
        st.session_state[key] = []
    to_page_one()


# ---------------------------------------------------------------- done, and undo


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words, and what takes it back; `undo` None: nothing does."""

    words: str
    undo: Callable[[], None] | None = None
    label: str = "Undo"


def set_done(words: str, undo: Callable[[], None] | None = None, label: str = "Undo") -> None:
    """Stands at the foot of the page until the next action or page; said once aloud too."""
    st.session_state[_UNDO] = Done(words, undo, label)
    st.session_state[_TOAST] = words


def turn_to(page: str) -> None:
    """The page that is drawn now. On another one than before, nothing that was done stands at the foot any more."""
    if st.session_state.get(_AT, page) != page:
        clear_done()
    st.session_state[_AT] = page


def done() -> Done | None:
    return _get(_UNDO, Done)


def clear_done() -> None:
    st.session_state.pop(_UNDO, None)


def take_toast() -> str | None:
    """The words to say aloud once."""
    words = st.session_state.pop(_TOAST, None)
    return words if isinstance(words, str) else None


# ---------------------------------------------------------------- trouble and answers


def set_trouble(words: str) -> None:
    """A sentence about what did not work, shown until the next action."""
    st.session_state[_TROUBLE] = words


def trouble() -> str | None:
    return _get(_TROUBLE, str)


def clear_trouble() -> None:
    st.session_state.pop(_TROUBLE, None)


def set_answer(title_id: str, words: str) -> None:
    """What [Check again] found, shown under itself."""
    answers = _get(_ANSWERS, dict) or {}
    st.session_state[_ANSWERS] = {**answers, title_id: words}


def answer(title_id: str) -> str:
    return str((_get(_ANSWERS, dict) or {}).get(title_id, ""))


def clear_answers() -> None:
    st.session_state.pop(_ANSWERS, None)


def hide(notice: str) -> None:
    """This tab has seen the notice."""
    gone = _get(_GONE, frozenset) or frozenset()
    st.session_state[_GONE] = gone | {notice}


def hidden(notice: str) -> bool:
    return notice in (_get(_GONE, frozenset) or frozenset())


# ---------------------------------------------------------------- what is opened


def open_key(title_id: str) -> str:
    return f"open-{slug(title_id)}"


def keep_open(title_id: str) -> None:
    """The card of this title stays open, also when it got another id."""
    st.session_state[open_key(title_id)] = True


def set_choosing(choosing: bool) -> None:
    """Whether this tab is at the last step of the first start, though the settings suffice by now."""
    st.session_state[_CHOOSING] = choosing


def choosing() -> bool:
    return bool(st.session_state.get(_CHOOSING))


def go_to_first_page() -> None:
    """The next drawing leads to the page Missing, from a page that can't know it yet."""
    st.session_state[_TO_FIRST] = True


def take_to_first_page() -> bool:
    return bool(st.session_state.pop(_TO_FIRST, False))


# ---------------------------------------------------------------- the page Upcoming


def calendar_page() -> int:
    """How many times five weeks ahead the calendar stands; 0: at the present week."""
    return max(0, _get(_TURNED, int) or 0)


def turn_calendar(page: int) -> None:
    st.session_state[_TURNED] = page


def address() -> str:
    """Where this tab reached the dashboard: "http://127.0.0.1:8501"."""
    return f"http://{st.context.headers.get('Host') or '127.0.0.1:8501'}"
