"""Key names and JSON types of recorded answers, and where an answer strays from them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).resolve().parent.parent / "payloads"


def recorded(name: str) -> Any:
    """A recorded JSON answer."""
    return json.loads((PAYLOADS / name).read_text(encoding="utf-8"))


def json_type(value: object) -> str:
    """The JSON type; whole numbers and others are one type in JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "list" if isinstance(value, list) else "object"


def strays(given: object, samples: Iterable[object], also: dict[str, str] | None = None, path: str = "") -> list[str]:
    """Where `given` has a key that no sample has at that place, or a value of a type that none has there.

    `also`: further keys by name with their type, documented but in no recording, allowed at any depth.
    """
    samples = list(samples)
    if isinstance(given, dict):
        return [
            stray
            for key, value in given.items()
            for stray in _stray_value(key, value, [s for s in samples if isinstance(s, dict)], also or {}, path)
        ]
    if isinstance(given, list):
        members = [member for sample in samples if isinstance(sample, list) for member in sample]
        return [stray for value in given for stray in strays(value, members, also, f"{path}[]")] if members else []
    return []


def _stray_value(key: str, value: object, samples: list[Any], also: dict[str, str], path: str) -> list[str]:
    where = f"{path}.{key}"
    known = [sample[key] for sample in samples if key in sample]
    if not known:
        return [] if also.get(key) == json_type(value) else [f"{where} ({json_type(value)}) is in no sample"]
    types = {json_type(sample) for sample in known}
    # One recording shows a value, another null: both are so. An "object or null" is recorded as null alone at times.
    if json_type(value) not in types and also.get(key) != json_type(value):
        return [f"{where} is {json_type(value)}, recorded as {' or '.join(sorted(types))}"]
    return strays(value, known, also, where)


def always(samples: Iterable[dict[str, Any]]) -> set[str]:
    """The keys that every sample has."""
    return set.intersection(*(set(sample) for sample in samples))
