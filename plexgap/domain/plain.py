"""A text as a search sees it. Changes when a search forgives more, or less."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """The text without accents, and with no difference between large and small letters."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def has_words(text: str, search: str) -> bool:
    """Whether every word of the search stands in the text; one without words is in all."""
    words = plain(search).split()
    if not words:
        return True
    known = plain(text)
    return all(word in known for word in words)
