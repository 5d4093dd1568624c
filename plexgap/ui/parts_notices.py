"""Which notices stand above a page, and what their buttons do. Changes when another thing needs saying."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo

import streamlit as st

from plexgap.domain.events import RunStatus
from plexgap.jobs.runner import RUNNER
from plexgap.ui import actions, state
from plexgap.ui.parts import ACTIVITY_PAGE, CHECK_RUNS, SETTINGS_PAGE, Action, Notice, md, notice
from plexgap.ui.resources import Place
from plexgap.views import shows, words
from plexgap.views.collections import Pick
from plexgap.views.report import Report
from plexgap.views.said import Offer, Said, failed_before, run_failed, standing

MOST = 2
DEMO = Said("demo", "This is the invented library.", "Nothing in it is yours.", "plain")
_GOES = {
    Offer.SETTINGS: ("Settings", SETTINGS_PAGE),
    Offer.ANOTHER_KEY: ("Enter another key", SETTINGS_PAGE),
    Offer.WATCH: ("Watch it", ACTIVITY_PAGE),
}


def demo_banner(place: Place) -> None:
    """Above every heading while the invented library is open."""
    if not place.demo:
        return
    runs = RUNNER.snapshot.running
    back = Action(
        "Back to your own",
        "leave-demo",
        actions.switch,
        (False,),
        first=True,
        help=CHECK_RUNS if runs else None,
        off=runs,
    )
    notice(Notice(DEMO.key, DEMO.strong, DEMO.text, DEMO.tone, (back,)))


Tell = Callable[[Report, tzinfo], tuple[Said, ...]]


def notices(place: Place, report: Report, zone: tzinfo, tell: Tell | None = standing) -> None:
    """At most two, the most pressing first. What was set aside is said until the person has seen it.

    `tell`: what the report has to say of what the page shows; None: of nothing.
    """
    trouble = state.trouble()
    own = [Said("trouble", "", words.sentence(trouble), "red")] if trouble else []
    found = [said for said in [*own, *current(place, report, zone, tell)] if not state.hidden(said.key)]
    for said in found[:MOST]:
        notice(
            Notice(
                state.slug(said.key)[:60],
                said.strong,
                said.text,
                said.tone,
                tuple(_action(place, said, offer, first=index == 0) for index, offer in enumerate(said.offers)),
            )
        )


def current(place: Place, report: Report, zone: tzinfo, tell: Tell | None = standing) -> Iterator[Said]:
    """What there is to say in every tab, the most pressing first."""
    snap = RUNNER.snapshot
    if not snap.running:
        address = place.house.settings.plex_base_url
        last = report.last_run
        is_later = last is not None and (snap.ended_at is None or last.finished_at > snap.ended_at)
        if snap.status is RunStatus.FAILED and not is_later:
            yield run_failed(snap.error, snap.advice, snap.code, address, report, zone)
        elif last is not None and is_later and failed_before(report):
            yield run_failed(None, last.advice, "", address, report, zone)
        if tell is not None:
            yield from tell(report, zone)
    for sentence in place.house.state.notices:
        yield Said(f"seen-{sentence}", "", sentence, "amber", (Offer.SEEN,))


def _action(place: Place, said: Said, offer: Offer, *, first: bool) -> Action:
    key = f"{offer}-{state.slug(said.key)[:60]}"
    match offer:
        case Offer.TRY_AGAIN:
            return Action("Try again", key, actions.start, (None,), first)
        case Offer.SETTINGS | Offer.ANOTHER_KEY | Offer.WATCH:
            label, page = _GOES[offer]
            return Action(label, key, first=first, goes=page)
        case Offer.RETRY_SHOWS:
            label = "Try again" if len(said.shows) == 1 else f"Try these {words.number(len(said.shows))} again"
            return Action(label, key, actions.retry, (said.shows,), first)
        case Offer.SHOW_NEEDS:
            label = "Show it" if len(said.shows) == 1 else "Show them"
            return Action(label, key, state.SHOWS.show_only, (shows.Pick.NEED,), first)
        case Offer.SHOW_UNKNOWN:
            return Action("Show the collections", key, state.COLLECTIONS.show_only, (Pick.UNKNOWN,), first)
        case Offer.KEEP:
            return Action("Keep them", key, state.hide, (said.key,), first)
        case Offer.TAKE_OUT:
            return Action("Take them out", key, actions.start, (None, True), first)
        case Offer.SEEN:
            return Action("Seen", key, actions.seen, (place, said.text), first)


def foot() -> None:
    """What was just done, with the way back, at the foot of the page; and once as words that are read aloud."""
    words_now = state.take_toast()
    if words_now:
        st.toast(md(words_now))
    done = state.done()
    if done is None:
        return
    with st.bottom:
        actions_now = (
            *((Action(done.label, "undo", actions.undo, first=True),) if done.undo else ()),
            Action("", "undo-close", state.clear_done, icon=":material/close:", help="Close"),
        )
        notice(Notice("undo", "", done.words, "amber", actions_now))
