"""The page Activity: a check while it runs, and the log. Changes with its look.

All of it moves together in the fragment of the page's head.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from html import escape

import streamlit as st

from plexgap.jobs.runner import RUNNER, Snapshot
from plexgap.store.runs import RunRecord
from plexgap.ui import parts_head
from plexgap.ui.parts import html
from plexgap.ui.resources import Place
from plexgap.views.live import (
    Bar,
    Lasted,
    Level,
    Line,
    Live,
    area,
    lines_of_job,
    lines_of_record,
    live,
    nothing_shown,
    shown,
)

_HEIGHT_PX = 320
_SEARCH, _LEVEL = "log-asked", "log-level"


def moving(
    place: Place, last: RunRecord | None, zone: tzinfo, lasted: Lasted, between: Callable[[], None]
) -> Callable[[Snapshot], None]:
    """Draws what moves below the head; `between`: what stands between that and the heading. `last`: the last run, whose
    log is shown while none of ours runs. `lasted`: how many seconds each phase took before, by mode."""
    lines = lines_of_record(last, zone)

    def drawn(snap: Snapshot) -> None:
        between()
        if snap.running:
            now = live(snap, parts_head.share(snap), place.house.now(), zone, lasted)
            html(_cards(now, held=snap.paused))
            _log(lines_of_job(RUNNER.heard, zone), now.state, None)
        elif last is not None:
            _log(lines, "in the last check", last)

    return drawn


def _cards(now: Live, *, held: bool) -> str:
    at = f"Now: <b>{escape(now.now)}</b>" if now.now else "&nbsp;"
    counts = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(many)}</dd></div>" for many, what in now.counts)
    shape = area(now.speeds)
    drawn = f'<div style="clip-path:polygon({shape})"></div>' if shape else ""
    return (
        f'<div class="live{" held" if held else ""}"><div class="gauges">{_bar(now.overall, now.time)}{_bar(now.part)}'
        f'<p class="soft at" title="{escape(now.now)}">{at}</p></div>'
        f'<div class="asked"><dl>{counts}</dl><p class="soft">{escape(now.waits)}</p></div>'
        f'<div class="pace"><b>{escape(now.speed)}</b><p class="soft">{escape(now.speed_of)}</p>'
        f'<div class="area" role="img" aria-label="{escape(now.speeds_said)}">{drawn}</div></div></div>'
    )


def _bar(bar: Bar, beside: str = "") -> str:
    part = f"{100 * bar.share:.1f}"
    return (
        f'<p class="label"><span>{escape(bar.label)}</span><span class="soft">{escape(beside)}</span></p>'
        f'<div class="track" role="progressbar" aria-label="{escape(bar.label)}" aria-valuemin="0" aria-valuemax="100"'
        f' aria-valuenow="{100 * bar.share:.0f}"><div style="width:{part}%"></div></div>'
    )


def _log(lines: tuple[Line, ...], state: str, last: RunRecord | None) -> None:
    """`last`: the run whose log it is; None: the one that runs. While one runs its height stays as it is."""
    with st.container(key="log-head", horizontal=True, vertical_alignment="bottom"):
        html(
            f'<div class="lane"><h2>What {"happens" if last is None else "happened"}</h2> '
            f'<span class="soft" title="{escape(state)}">{escape(state)}</span></div>'
        )
        asked = st.text_input(
            "Search the log",
            key=_SEARCH,
            label_visibility="collapsed",
            placeholder="Search the log",
            icon=":material/search:",
        )
        level = st.segmented_control(
            "What of it",
            tuple(Level),
            default=Level.ALL,
            required=True,
            key=_LEVEL,
            label_visibility="collapsed",
        )
    wanted = level or Level.ALL
    found = shown(lines, wanted, asked or "")
    with st.container(key="log", height=_HEIGHT_PX if lines or last is None else "content", border=True):
        if found:
            rows = "".join(map(_row, found))
            html(
                f'<div tabindex="0" role="region" aria-label="The log"><table class="log"><tbody>{rows}</tbody></table>'
                "</div>"
            )
        else:
            html(f'<p class="soft">{escape(nothing_shown(wanted, asked or "", last))}</p>')


def _row(line: Line) -> str:
    warns = '<span class="hide">Warning: </span>' if line.level is Level.WARNINGS else ""
    return f'<tr class="{line.level.lower()}"><td>{escape(line.at)}</td><td>{warns}{escape(line.text)}</td></tr>'
