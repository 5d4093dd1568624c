"""What was decided about titles, found by a title without asking each decision. Changes when titles are told apart
otherwise (`rules.same_title`). Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from plexgap.domain.decisions import TitleRef
from plexgap.gaps.rules import same_title

Decided = TypeVar("Decided")


class ByTitle(Generic[Decided]):
    """Decisions with the titles they are about."""

    def __init__(self, pairs: Iterable[tuple[Decided, TitleRef]]) -> None:
        self._all = tuple(pairs)
        self._places: defaultdict[object, list[int]] = defaultdict(list)
        for place, (_, title) in enumerate(self._all):
            for mark in _marks(title):
                self._places[mark].append(place)

    def about(self, title: TitleRef) -> tuple[Decided, ...]:
        """Those about this title, in the order they were given."""
        if not self._all:
            return ()
        places = {place for mark in _marks(title) for place in self._places.get(mark, ())}
        return tuple(
            decided for decided, other in map(self._all.__getitem__, sorted(places)) if same_title(other, title)
        )


def _marks(title: TitleRef) -> Iterable[object]:
    """Two titles that may be the same one share one of these."""
    yield from title.ids
    yield from title.guids
    yield title.title.casefold(), title.year
