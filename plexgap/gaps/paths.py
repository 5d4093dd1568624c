"""Where a file of the Plex server lies on this machine, by the person's mappings. Pure.

Source: design/mirror.md 6. A path is told from its own text alone: one that begins with a drive or with two
backslashes is one of Windows, whatever machine this is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from plexgap.config import PathMapping

_DRIVE = re.compile(r"[A-Za-z]:(?=[\\/]|$)")
_SHARE = re.compile(r"[\\/]{2}(?=[^\\/])")
_BOTH = re.compile(r"[\\/]+")
_SLASHES = re.compile(r"/+")


@dataclass(frozen=True, slots=True)
class _Path:
    """`root`: "/", "r:" or, for a share, two backslashes; drives and servers know no case, so neither does it."""

    root: str
    parts: tuple[str, ...]


def local_path(path: str, mappings: Sequence[PathMapping]) -> tuple[str, PathMapping | None]:
    """The path as it is on this machine, and the mapping that says so: of those that fit, the one of most components,
    the first among equals. None fits: the path as it came, and None."""
    whole = _read(path)
    if whole is None or ".." in whole.parts:
        return path, None
    fitting = [(len(prefix.parts), mapping) for mapping in mappings if (prefix := _fits(mapping, whole)) is not None]
    if not fitting:
        return path, None
    length, best = max(fitting, key=lambda fit: fit[0])
    return _joined(best.local, whole.parts[length:]), best


def is_whole(path: str) -> bool:
    """Whether it begins at a root, as each side of a mapping does, and leads nowhere else on its way."""
    read = _read(path)
    return read is not None and ".." not in read.parts


def same_place(one: str, other: str) -> bool:
    """Whether two prefixes are one, however their separators are written."""
    return _read(one) == _read(other) is not None


def _fits(mapping: PathMapping, whole: _Path) -> _Path | None:
    prefix = _read(mapping.plex)
    if prefix is None or prefix.root != whole.root:
        return None
    there, here = whole.parts[: len(prefix.parts)], prefix.parts
    if mapping.ignore_case:
        there, here = _folded(there), _folded(here)
    return prefix if there == here else None


def _folded(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part.casefold() for part in parts)


def _read(path: str) -> _Path | None:
    """None: it begins at no root."""
    if drive := _DRIVE.match(path):
        return _Path(drive[0].lower(), _parts(path[drive.end() :], _BOTH))
    if path.startswith("\\\\") and _SHARE.match(path):
        return _Path("\\\\", _parts(path, _BOTH))
    if path.startswith("/"):
        return _Path("/", _parts(path, _SLASHES))
    return None


def _parts(text: str, separators: re.Pattern[str]) -> tuple[str, ...]:
    return tuple(part for part in separators.split(text) if part not in ("", "."))


def _joined(local: str, rest: Sequence[str]) -> str:
    """In the separators of the local side; a prefix that is a root keeps its own."""
    if not rest:
        return local
    is_windows = bool(_DRIVE.match(local)) or local.startswith("\\\\")
    separator = "\\" if is_windows and ("\\" in local or "/" not in local) else "/"
    start = local.rstrip("\\/" if is_windows else "/")
    return f"{start}{separator}{separator.join(rest)}"
