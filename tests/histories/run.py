"""Histories from seeds: drawn, lived, compared with a fresh home, and shortened where the two differ.

Changes when a history is put together in another way.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from plexgap.demo.reach import NoSuchThing
from plexgap.domain.errors import PlexgapError
from tests.histories.happened import Step, at_the_catalogues, in_plex
from tests.histories.life import Life, afresh, begun, caught_up
from tests.histories.looked import look
from tests.histories.seen import differences, seen

_KINDS: Mapping[str, Step] = {"plex": in_plex, "catalogues": at_the_catalogues, "look": look}
_LEAST, _MOST = 3, 12
_SHARES = {"plex": 6, "look": 4, "catalogues": 1}
# Two histories in three keep within a day, so that no deep pass hides what a probe has missed.
_WITH_CATALOGUES = 1 / 3


@dataclass(frozen=True, slots=True)
class History:
    """Steps by number and kind. A step's dice are its number's, so that the others are what they were when one is
    left out."""

    seed: int
    steps: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a history ended: what happened, and what the incremental scan says otherwise than a fresh home."""

    told: tuple[str, ...]
    wrong: tuple[str, ...]


def drawn(seed: int) -> History:
    """The history of a seed; its last Plex change is never followed by a look."""
    dice = random.Random(f"{seed}/history")
    shares = dict(_SHARES) if dice.random() < _WITH_CATALOGUES else {**_SHARES, "catalogues": 0}
    kinds = dice.choices(list(shares), list(shares.values()), k=dice.randint(_LEAST, _MOST))
    return History(seed, tuple(enumerate((*kinds, "plex"))))


def lived(history: History) -> Ended:
    """Lives through a history. A step that finds nothing to happen to does not happen."""
    with tempfile.TemporaryDirectory() as folder, begun(history.seed, Path(folder)) as life:
        for number, kind in history.steps:
            life.dice = random.Random(f"{history.seed}/{number}/{kind}")
            life.here.clock.pass_by(minutes=life.dice.randint(1, 60))
            _happens(life, _KINDS[kind])
        life.here.clock.pass_by(minutes=5)
        done = caught_up(life)
        with afresh(life, Path(folder)) as fresh:
            wrong = list(differences(seen(life.here.report), seen(fresh.report)))
            last = fresh.report.last_run
            if last is not None and last.status is not done.status:
                wrong.append(f"it ended {done.status} ({done.advice}), a fresh one {last.status} ({last.advice})")
        return Ended(tuple(life.told), tuple(wrong))


def shortened(history: History) -> tuple[History, Ended]:
    """The same failure with as few steps as leaving out one after the other leaves."""
    ended = lived(history)
    for step in history.steps:
        shorter = replace(history, steps=tuple(one for one in history.steps if one != step))
        without = lived(shorter)
        if without.wrong:
            history, ended = shorter, without
    return history, ended


def report(history: History, ended: Ended) -> str:
    """The seed, the steps, and what came out wrong."""
    steps = "\n".join(f"  {line}" for line in ended.told)
    wrong = "\n".join(f"  {line}" for line in ended.wrong)
    return f"seed {history.seed}, steps {[number for number, _ in history.steps]}:\n{steps}\nwrong:\n{wrong}"


def _happens(life: Life, step: Step) -> None:
    try:
        step(life)
    except (NoSuchThing, IndexError):
        life.tell("... which can't be here")
    except PlexgapError as error:
        life.tell(f"... {error.advice}")
