"""Whatever happened, an incremental scan says what a fresh home says after a full one.

Many more histories: `python -m tests.histories`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.histories.run import drawn, lived, report
from tests.histories.seen import Facts, differences


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 6, 12, 17, 44])
def test_incremental_says_what_a_fresh_home_says(seed: int) -> None:
    history = drawn(seed)
    ended = lived(history)
    assert not ended.wrong, report(history, ended)
    assert len(ended.told) >= len(history.steps)


def test_what_is_said_otherwise_is_told() -> None:
    one: dict[str, Facts] = {"show A": {"state": "gaps", "held": 3}, "show B": {"state": "gaps"}}
    other: dict[str, Facts] = {"show A": {"state": "gaps", "held": 4}, "show C": {"state": "gaps"}}
    assert list(differences(one, one)) == []
    assert list(differences(one, other)) == [
        "show A: held: incremental 3, fresh 4",
        "show B: only the incremental scan has it",
        "show C: only a fresh home has it",
    ]


def test_a_seed_is_one_history_and_seeds_are_many() -> None:
    histories = [drawn(seed) for seed in range(100)]
    assert histories == [drawn(seed) for seed in range(100)]
    assert {len(history.steps) for history in histories} == set(range(4, 14))
    kinds = Counter(kind for history in histories for _, kind in history.steps)
    assert kinds["plex"] > kinds["look"] > kinds["catalogues"] > 10


def test_a_step_that_is_left_out_leaves_the_others_as_they_were() -> None:
    history = replace(drawn(1), steps=((0, "look"), (1, "plex"), (2, "plex")))
    whole, without = lived(history), lived(replace(history, steps=history.steps[1:]))
    assert whole.told[-2:] == without.told
