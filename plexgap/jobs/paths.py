"""The person's path mappings: adding, removing, trying one out. Changes when mappings are kept otherwise.

Nothing is read of a file but whether it is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from plexgap.config import Loaded, PathMapping, refuse_locked, save
from plexgap.domain.errors import ConfigError
from plexgap.gaps import paths

KEY = "path_mappings"


@dataclass(frozen=True, slots=True)
class Tried:
    """What becomes of a path. `mapping`: the one that says so, None where none fits; `is_there`: whether this machine
    has such a file or folder."""

    path: str
    local: str
    mapping: PathMapping | None
    is_there: bool


def tried(path: str, mappings: Sequence[PathMapping]) -> Tried:
    local, mapping = paths.local_path(path.strip(), mappings)
    return Tried(path.strip(), local, mapping, _is_there(local))


def _is_there(path: str) -> bool:
    """A text that can be no path, such as one of thousands of letters, is nowhere."""
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def add(loaded: Loaded, plex: str, local: str, *, ignore_case: bool = False) -> Loaded:
    """The settings with this mapping, in the place of another one of the same Plex folder. ConfigError: one of the two
    is no whole path, or the environment sets the mappings."""
    refuse_locked(loaded, KEY)
    made = PathMapping(plex=plex, local=local, ignore_case=ignore_case)
    for path in (made.plex, made.local):
        if not paths.is_whole(path):
            raise ConfigError(
                KEY,
                f"{path!r} is no whole path",
                f"{path or 'An empty text'} is no whole path. It starts at the root, such as /data/media or R:\\media.",
            )
    kept = [each for each in loaded.settings.path_mappings if not paths.same_place(each.plex, made.plex)]
    return _saved(loaded, [*kept, made])


def remove(loaded: Loaded, plex: str) -> Loaded:
    """The settings without the mapping of this Plex folder; ConfigError where there is none."""
    refuse_locked(loaded, KEY)
    known = loaded.settings.path_mappings
    kept = [each for each in known if each.plex != plex and not paths.same_place(each.plex, plex)]
    if len(kept) == len(known):
        raise ConfigError(KEY, "there is no such mapping", f"No mapping is there for {plex}. Nothing was changed.")
    return _saved(loaded, kept)


def _saved(loaded: Loaded, mappings: Sequence[PathMapping]) -> Loaded:
    return save(loaded, {KEY: [mapping.model_dump(mode="json") for mapping in mappings]})
