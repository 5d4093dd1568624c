"""How far one phase of a job is, from what it announced and what it tells. Changes when that is counted otherwise.

Source: design/mirror.md 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from plexgap.domain.events import Phase, Progress, Total


@dataclass(frozen=True, slots=True)
class Course:
    """`parts`: (done, total) by library, in the order they came. Reading Plex counts each library by itself and says
    all their sizes first; the other phases count all titles together under one name. `libraries`: those with a size.
    """

    phase: Phase
    parts: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    libraries: tuple[str, ...] = ()

    def moved(self, event: Total | Progress) -> Course:
        """The course after this event; one of another phase begins anew."""
        if event.phase is not self.phase:
            return Course(event.phase).moved(event)
        done, libraries = 0, self.libraries
        if isinstance(event, Progress):
            done = event.done
        elif event.library not in ("", *libraries):
            libraries = (*libraries, event.library)
        name = event.library if self.phase is Phase.MIRROR else ""
        parts = MappingProxyType({**self.parts, name: (done, event.total)})
        return replace(self, parts=parts, libraries=libraries)

    @property
    def done(self) -> int:
        return sum(done for done, _ in self.parts.values())

    @property
    def total(self) -> int:
        return sum(total for _, total in self.parts.values())

    @property
    def share(self) -> float:
        """How much of the phase is done, 0 to 1."""
        return min(self.done / self.total, 1.0) if self.total else float(bool(self.parts))

    def place(self, library: str) -> str:
        """ "TV Shows (1/3)": the library, and which one of how many that is, where there are several."""
        if library not in self.libraries or len(self.libraries) < 2:
            return library
        return f"{library} ({self.libraries.index(library) + 1}/{len(self.libraries)})"
