"""Plex's two forms of one answer, XML and JSON. Changes when the forms do.

XML: the container's rows are Directory, Video or Track by type, flags "1" and "0". JSON: rows are Metadata, an empty
list is an absent key. Source: reference/plex.md 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from plexgap.demo.plex_rows import Row, Value

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


# A row's opening tag is a template kept by its tag and the names of its values, of which there are only some dozen.
_templates: dict[tuple[str, ...], str] = {}


def _open(tag: str, row: Row) -> str:
    plain = [name for name, value in row.items() if value.__class__ is not list]
    shape = (tag, *plain)
    template = _templates.get(shape)
    if template is None:
        template = _templates[shape] = f"<{tag}" + "".join(f' {name}="%s"' for name in plain)
    return template % tuple([_text(value) for value in row.values() if value.__class__ is not list])


def _element(tag: str, row: Row) -> str:
    children = [
        _element(name, child) for name, value in row.items() if value.__class__ is list for child in value
    ]
    if not children:
        return f"{_open(tag, row)}/>\n"
    return f"{_open(tag, row)}>\n{''.join(children)}</{tag}>\n"


def _text(value: Value) -> object:
    if value.__class__ is str:
        return _SPECIAL.sub(_entity, value) if _SPECIAL.search(value) else value
    return int(value) if value.__class__ is bool else value


def _entity(found: re.Match[str]) -> str:
    return _ENTITIES[found[0]]
