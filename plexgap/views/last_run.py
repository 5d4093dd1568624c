"""How the last check ended, for the line under a heading. Changes when that line says it otherwise.

Source: design/screens.md 4.
"""

from __future__ import annotations

from datetime import datetime, tzinfo

from plexgap.domain.events import RunStatus
from plexgap.store.runs import CUT_OFF
from plexgap.views import words
from plexgap.views.report import RunSummary


def cut_short(run: RunSummary, now: datetime, zone: tzinfo) -> str:
    """A sentence where it was stopped, cut off with its process, or failed; "" where it came to its end."""
    age = words.age(run.finished_at, now, zone)
    if run.advice == CUT_OFF:
        return f"The last check was cut off {age}."
    if run.status is RunStatus.STOPPED:
        return f"You stopped the last check {age}." if age != "just now" else "You stopped the check."
    if run.status is RunStatus.FAILED:
        return f"The last check ended early, {age}. This is what was known before."
    return ""
