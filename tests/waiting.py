"""The tags of the invented library that today's scan needn't be exact on. The issue that makes it exact takes its tags
out, until the list is empty."""

from __future__ import annotations

from plexgap.demo.truth import ShowTruth

# Wait for the issue on identity, order, files and time.
SHOW_TAGS_WAITING: frozenset[str] = frozenset(
    {
        # time, decisions, scope
        "removed",
    }
)


def waits(truth: ShowTruth) -> bool:
    """Whether today's scan needn't be exact on this title."""
    return bool(truth.tags & SHOW_TAGS_WAITING)
