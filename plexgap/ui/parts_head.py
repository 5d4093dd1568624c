"""The moving head of a page: heading, status line or progress, and the buttons of checks. Changes with its look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from html import escape

import streamlit as st

from plexgap.domain.events import Phase
from plexgap.domain.ids import Source
from plexgap.jobs.runner import RUNNER, Snapshot
from plexgap.jobs.scan import Mode
from plexgap.ui import actions, resources
from plexgap.ui.parts import html
from plexgap.ui.resources import DIFFERENCES, Place
from plexgap.views import words
from plexgap.views.live import reached
from plexgap.views.report import Report, RunSummary

_QUICK, _SLOW = "0.5s", "3s"
# How much of the bar reading Plex takes when both phases run; the rest is asking the catalogue.
_MIRROR_PART = 0.35
_SHOWS_PART = 0.75  # of what comes after reading Plex


@dataclass(frozen=True, slots=True)
class Head:
    """What the head shows while nothing runs. `runs`: the last run of each mode that ended. `going`: heading and
    status line while a check runs, on a page that is about the check; None: the heading stays, above a list that
    stays too. `below`: draws what moves with them; it has bars of its own."""

    heading: str
    status: str
    tone: str
    runs: Mapping[str, RunSummary]
    going: Callable[[Snapshot], tuple[str, str]] | None = None
    below: Callable[[Snapshot], None] | None = None


def head(place: Place, shown: Report, still: Head, zone: tzinfo, stamp: object) -> None:
    """Draws the head as a fragment: twice a second while a check runs, else every three seconds.

    `stamp`: what `resources.stamp` was before the page was drawn. Once it moves, the page is drawn anew.
    """
    drawn = st.fragment(_head, run_every=_QUICK if RUNNER.snapshot.running else _SLOW)
    drawn(place, shown, still, zone, stamp)


def _head(place: Place, shown: Report, still: Head, zone: tzinfo, stamp: object) -> None:
    if resources.stamp(place, zone) != stamp:
        st.rerun()
    snap = RUNNER.snapshot
    with st.container(key="head", horizontal=True, vertical_alignment="bottom"):
        if snap.running:
            if still.going is None:
                html(_going(still.heading, going_words(snap, first=not _is_known(shown)), snap))
                _changes_button(place, shown)
            else:
                html(standing_html(*still.going(snap), "going"))
            _running_buttons(snap)
        else:
            html(standing_html(still.heading, still.status, still.tone))
            _idle_buttons(place, shown, still, zone)
    if still.below is not None:
        still.below(snap)


def standing_html(heading: str, status: str, tone: str) -> str:
    return (
        f'<div class="head"><h1>{escape(heading)}</h1>'
        f'<div class="status {tone}">{escape(status)}</div><div class="reserve"></div></div>'
    )


def _going(heading: str, line: str, snap: Snapshot) -> str:
    part = 100 * share(snap)
    return (
        f'<div class="head"><h1>{escape(heading)}</h1><div class="status going" title="{escape(line)}">{escape(line)}'
        f'</div><div class="track{" held" if snap.paused else ""}" role="progressbar" aria-label="Check"'
        ' aria-valuemin="0" aria-valuemax="100"'
        f' aria-valuenow="{part:.0f}"><div style="width:{part:.1f}%"></div></div></div>'
    )


def _is_known(shown: Report) -> bool:
    return bool(shown.tally.shows or shown.films.tally.films)


def share(snap: Snapshot) -> float:
    """How much of the whole check is done, 0 to 1: reading Plex first, unless this check doesn't, then shows, then
    films."""
    part = snap.share
    if snap.mode not in tuple(Mode) or snap.phase is None:
        return part
    if snap.phase is Phase.MIRROR:
        return _MIRROR_PART * part
    done = _MIRROR_PART if snap.mode in (Mode.FULL, Mode.INCREMENTAL) else 0.0
    before, own = (0.0, _SHOWS_PART) if snap.phase is Phase.COMPARE else (_SHOWS_PART, 1 - _SHOWS_PART)
    return done + (1 - done) * (before + own * part)


def going_words(snap: Snapshot, *, first: bool = False) -> str:
    """ "Checking 27 of 60 shows, about 8 s left. Now: Kestrel House. The list below stays as it is until you ask."

    `first`: there is no list below yet.
    """
    if snap.stopping:
        return "Stopping after this step. What was found so far is kept."
    if snap.paused:
        at = reached(snap)
        return f"Paused{f' at {at}' if at else ''}. Nothing is asked until you go on."
    if snap.waiting_for:
        return snap.waiting_for
    if snap.waiting is not None:
        return f"{snap.waiting.service} asked us to slow down. The check goes on by itself."
    at = reached(snap)
    left = f", {words.about(snap.seconds_left)} left" if snap.seconds_left and at else ""
    now = f" Now: {snap.item}." if snap.item else ""
    if snap.phase is Phase.COMPARE:
        stays = "" if first else " The list below stays as it is until you ask."
        return f"Checking {at or 'shows'}{left}.{now}{stays}"
    if snap.phase is Phase.FILMS:
        return f"Looking up {at or 'films'}{left}.{now}"
    if snap.phase is Phase.MIRROR and at:
        where = f" Now: {snap.place}." if snap.place else ""
        return f"Reading your library, {at}{left}.{where}"
    return "Starting the check."


def _changes_button(place: Place, shown: Report) -> None:
    changed = DIFFERENCES.since(place, shown)
    if changed:
        label = f"Show {words.count(changed, 'change')}" if _is_known(shown) else "Show what is known so far"
        if st.button(label, key="show-changes", type="tertiary", help="Draw the list as it stands now"):
            actions.show_changes()


def _running_buttons(snap: Snapshot) -> None:
    if snap.paused:
        with st.container(key="go-on-held", width="content"):
            st.button("Go on", key="go-on", type="primary", icon=":material/play_arrow:", on_click=actions.go_on)
    else:
        st.button("Pause", key="pause", icon=":material/pause:", on_click=actions.pause, disabled=snap.stopping)
    st.button("Stop", key="stop", icon=":material/stop:", on_click=actions.stop, disabled=snap.stopping)


def _idle_buttons(place: Place, shown: Report, still: Head, zone: tzinfo) -> None:
    with st.container(key="go-check", width="content"):
        st.button(
            "Check now",
            key="check-now",
            type="primary",
            icon=":material/refresh:",
            on_click=_then_app(lambda: actions.start(None)),
            disabled=not place.ready,
        )
    asked = _asked(place)
    with st.popover("Other checks", key="other-checks", disabled=not place.ready):
        _other(
            "Check everything again",
            f"Reads all of Plex and asks {asked} about every show and film.",
            Mode.FULL,
            shown,
            still,
            zone,
        )
        seen = (
            f" Your library stays as of {words.when(shown.library_seen_at, shown.as_of, zone)}."
            if shown.library_seen_at
            else ""
        )
        _other(
            "Refresh listings only",
            f"Asks {asked} about shows and collections that can change. Plex is not read.{seen}",
            Mode.REFRESH,
            shown,
            still,
            zone,
        )
        quick = still.runs.get(Mode.INCREMENTAL)
        # The first Check now reads everything: after it "It has not run yet." would be untrue.
        last = "" if quick is None and still.runs else _last(quick, shown, zone)
        html(
            '<p class="judged">"Check now" asks only about what changed and gives the same answer as checking '
            f"everything, as long as {asked} changed nothing. {escape(last)}</p>"
        )


def _asked(place: Place) -> str:
    """Who is asked about shows and films: of films TMDB alone knows."""
    films = (Source.TMDB,) if place.house.settings.tmdb_api_key else ()
    return words.listed(source.label for source in dict.fromkeys((*films, *place.catalogues)))


def _other(title: str, reads: str, mode: Mode, shown: Report, still: Head, zone: tzinfo) -> None:
    run = still.runs.get(mode)
    took = f" {words.sentence(words.about(run.stats.seconds))}" if run is not None and run.stats.seconds else ""
    with st.container(horizontal=True, vertical_alignment="center", key=f"other-{mode}"):
        html(
            f'<h4>{escape(title)}</h4><p class="judged">{escape(reads)}{escape(took)}<br>'
            f"{escape(_last(run, shown, zone))}</p>"
        )
        st.button("Start", key=f"start-{mode}", on_click=_then_app(lambda: actions.start(mode)))


def _last(run: RunSummary | None, shown: Report, zone: tzinfo) -> str:
    """ "Last: 15 Nov, complete." Its beginning, as on the page Activity."""
    if run is None:
        return "It has not run yet."
    return f"Last: {words.when(run.started_at, shown.as_of, zone)}, {_ENDED.get(run.status, run.status)}."


_ENDED = {"ok": "complete", "partial": "in part", "stopped": "stopped", "failed": "ended early"}


def _then_app(act: Callable[[], None]) -> Callable[[], None]:
    """The act, then the whole page anew, because it moves more than the fragment its button stands in."""

    def call() -> None:
        act()
        st.rerun("app")

    return call
