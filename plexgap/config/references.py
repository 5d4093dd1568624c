"""`${NAME}` in config.json: what is one, and how a value is written so that it stays one.

Changes when a value may be taken from elsewhere in another way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

_REFERENCE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def reference(value: object) -> str:
    """NAME, where the value is `${NAME}` and nothing else; "" otherwise."""
    match = _REFERENCE.fullmatch(value.strip()) if isinstance(value, str) else None
    return match[1] if match else ""


def has_reference(value: object) -> bool:
    """Whether it is `${NAME}`, or one stands in it by itself."""
    if isinstance(value, Mapping):
        return any(has_reference(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(has_reference(inner) for inner in value)
    return bool(reference(value))


def resolved(value: object, value_of: Callable[[str], str]) -> object:
    """The same with what `value_of` a NAME is in the place of each `${NAME}`."""
    if isinstance(value, Mapping):
        return {key: resolved(inner, value_of) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [resolved(inner, value_of) for inner in value]
    name = reference(value)
    return value_of(name) if name else value


def to_write(given: object, settled: object, stood: Iterable[tuple[object, object]]) -> object:
    """A settled value as it goes into the file: `${NAME}` wherever it was given so.

    `stood`: the rows of the list in the file, each as it counts and as it stands there. A row that counts as one of
    them is written as that stands.
    """
    written = _as_given(given, settled)
    if not isinstance(settled, list) or not isinstance(written, list):
        return written
    left, rows = list(stood), []
    for row, counts in zip(written, settled, strict=True):
        known = next((each for each in left if each[0] == counts), None) if row == counts else None
        if known is not None:
            left.remove(known)
        rows.append(known[1] if known is not None else row)
    return rows


def _as_given(given: object, settled: object) -> object:
    if reference(given):
        return given
    if isinstance(given, Mapping) and isinstance(settled, Mapping):
        return {name: _as_given(given.get(name), value) for name, value in settled.items()}
    if isinstance(given, list | tuple) and isinstance(settled, list) and len(given) == len(settled):
        return [_as_given(one, value) for one, value in zip(given, settled, strict=True)]
    return settled
