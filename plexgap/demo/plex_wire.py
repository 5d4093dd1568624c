"""Plex's two forms of one answer, XML and JSON. Changes when the forms do.

XML: the container's rows are Directory, Video or Track by type, flags "1" and "0". JSON: rows are Metadata, an empty
list is an absent key. Source: reference/plex.md 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import cast

from plexgap.demo.plex_words import Row, Value

_ELEMENTS = {
    "movie": "Video",
    "episode": "Video",
    "show": "Directory",
    "season": "Directory",
    "artist": "Directory",
    "album": "Directory",
    "track": "Track",
    "collection": "Directory",
}
_SPECIAL = re.compile(r'[&<>"\r\n\t]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def to_json(container: Row, rows: Sequence[Row], element: str = "Metadata") -> bytes:
    """The answer as JSON: `{"MediaContainer": {..., "Metadata": [...]}}`."""
    body = dict(container)
    if rows:
        body[element] = list(rows)
    return json.dumps({"MediaContainer": body}, ensure_ascii=False, separators=(",", ":")).encode()


def to_xml(container: Row, rows: Sequence[Row], element: str = "Metadata") -> bytes:
    """The answer as XML; an element's children stand in the order of its lists."""
    pieces = ['<?xml version="1.0" encoding="UTF-8"?>\n', _open("MediaContainer", container), ">\n"]
    for name, value in container.items():
        if isinstance(value, list):
            pieces.extend(_element(name, child) for child in value)
    for row in rows:
        pieces.append(_element(_ELEMENTS.get(str(row.get("type")), element) if element == "Metadata" else element, row))
    pieces.append("</MediaContainer>\n")
    return "".join(pieces).encode()


@dataclass(frozen=True, slots=True)
class _Shape:
    """How rows with the same names and types are written: a template, and where plain values, text and children are."""

    template: str
    plain: Callable[[Sequence[Value]], tuple[Value, ...]]
    texts: Callable[[Sequence[Value]], tuple[str, ...]]
    children: tuple[tuple[str, int], ...]


# There are only some dozens, and finding one costs less than writing a row name by name.
_shapes: dict[tuple[object, ...], _Shape] = {}


def _element(tag: str, row: Row) -> str:
    shape, values = _shape(tag, row), tuple(row.values())
    if not shape.children:
        return _filled(shape, values) + "/>\n"
    inner = "".join(
        [_element(name, child) for name, place in shape.children for child in cast("list[Row]", values[place])]
    )
    return f"{_filled(shape, values)}>\n{inner}</{tag}>\n" if inner else _filled(shape, values) + "/>\n"


def _open(tag: str, row: Row) -> str:
    return _filled(_shape(tag, row), tuple(row.values()))


def _filled(shape: _Shape, values: tuple[Value, ...]) -> str:
    text = "".join(shape.texts(values))
    if "&" in text or "<" in text or ">" in text or '"' in text or "\n" in text or "\r" in text or "\t" in text:
        values = tuple(_SPECIAL.sub(_entity, value) if isinstance(value, str) else value for value in values)
    return shape.template % shape.plain(values)


def _shape(tag: str, row: Row) -> _Shape:
    key = (tag, *row, *map(type, row.values()))
    shape = _shapes.get(key)
    if shape is None:
        shape = _shapes[key] = _make_shape(tag, row)
    return shape


def _make_shape(tag: str, row: Row) -> _Shape:
    items = list(enumerate(row.items()))
    plain = [place for place, (_, value) in items if not isinstance(value, list)]
    return _Shape(
        template=f"<{tag}"
        + "".join(f' {name}="{_SIGN.get(type(row[name]), "%s")}"' for name in row if not isinstance(row[name], list)),
        plain=_getter(plain),
        texts=cast(
            "Callable[[Sequence[Value]], tuple[str, ...]]", _getter([p for p, (_, v) in items if isinstance(v, str)])
        ),
        children=tuple((name, place) for place, (name, value) in items if isinstance(value, list)),
    )


def _getter(places: list[int]) -> Callable[[Sequence[Value]], tuple[Value, ...]]:
    if len(places) > 1:
        return cast("Callable[[Sequence[Value]], tuple[Value, ...]]", itemgetter(*places))
    return lambda values: tuple(values[place] for place in places)


# A flag is 1 or 0 in XML.
_SIGN: dict[type, str] = {bool: "%d"}


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES[found[0]]
