"""What a check changed, as lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from plexgap.domain.events import Change
from plexgap.views.changes import change_lines, in_all

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "changes.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_changes_are_told(case: dict[str, Any]) -> None:
    assert list(change_lines([Change(*values) for values in case["changes"]])) == case["lines"]


def test_all_changes_are_counted_by_what_became_of_them() -> None:
    episodes = [Change("added", "episode", "Umbra", 1, number) for number in range(1, 25)]
    assert in_all([]) == "Nothing changed"
    assert in_all(episodes) == "Added 24 episodes: Umbra S01 E01-E24"
    more = [
        Change("removed", "movie", "Atlas"),
        Change("upgraded", "episode", "Umbra", 2, 1, "720p to 1080p"),
        Change("upgraded", "movie", "Atlas", detail="720p to 1080p"),
        Change("updated", "show", "Umbra", detail="24 filled, 0 new, 0 absent"),
    ]
    said = "24 episodes added, 1 film removed, 2 better files, 1 show with other gaps"
    assert in_all([*episodes, *more]) == said
