"""Which of the shows that a catalogue offers for a title is meant, if that can be told. Pure.

Source: design/matching.md 1, "Title search": only for shows that no id leads to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from plexgap.domain.catalogue import Candidate, Hits

MOST_OFFERED = 5

_NEAR_YEARS = 1
_ALIKE = 0.90
_WORTH_OFFERING = 0.70

_UNMATCHED = ("local://", "com.plexapp.agents.none://")
_BRACKET_YEAR = re.compile(r"(?P<title>.*\S)\s*[(\[](?P<year>(?:19|20)\d\d)[)\]]\s*")
_WORDS = re.compile(r"\d+|[^\W\d_]+")
# To XXXIX: a longer one in a title is a word ("Mix", "Livid") or a year.
_ROMAN = re.compile(r"(?P<tens>x{0,3})(?P<ones>ix|iv|v?i{0,3})")
_ONES = {"": 0, "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
_NUMERALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
# Letters that NFKD leaves whole though people write them with plain ones.
_LETTERS = str.maketrans({"&": " and ", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l"})
# The voicing marks of Japanese: without them it is another letter, not the same one plainer.
_VOICING = "\u3099\u309a"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: the title without a year in brackets at its end, and the year, if any is known."""

    title: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The one show that is meant, or None. `fitting`: how many fit. `candidates`: what a person may choose from where
    none was chosen, best first: those that fit, or else those whose title comes near."""

    show: Candidate | None
    fitting: int
    candidates: tuple[Candidate, ...] = ()


def sought(title: str, year: int | None) -> Sought:
    """ "Kestrel House (2003)" is "Kestrel House" of 2003, where Plex gives no year of its own."""
    bracketed = _BRACKET_YEAR.fullmatch(title.strip())
    if bracketed is None:
        return Sought(title.strip(), year)
    return Sought(bracketed["title"], year if year is not None else int(bracketed["year"]))


def says_enough(wanted: Sought, guids: Iterable[str]) -> bool:
    """Whether there is anything to search for. A name without a year says too little of what Plex itself never matched
    (`guids`: its items' own): most often that is a home recording, and a show of the same name would be another one."""
    is_unmatched = all(guid.startswith(_UNMATCHED) for guid in guids)
    return bool(wanted.title) and not (wanted.year is None and is_unmatched)


def normal_title(title: str) -> str:
    """The title as it is compared: letters and digits alone, without case or accents, "&" as "and". One of neither
    letters nor digits ("???") stays as it is."""
    plain = "".join(letter for letter in _plain(title) if _counts(letter))
    return plain or title.strip().casefold()


def figures(title: str) -> tuple[int, ...]:
    """The numbers of a title in order, written as digits, Roman numerals or words: "Saw V" has 5, "Saw VI" has 6."""
    found = (_figure(word) for word in _WORDS.findall(_plain(title)))
    return tuple(figure for figure in found if figure is not None)


def fits(wanted: Sought, candidate: Candidate) -> bool:
    """The same title and a year within 1 (any year where none is known), or nearly the same title with the same year
    and the same figures."""
    return _rank(wanted, candidate) is not None


def is_exact(wanted: Sought, candidate: Candidate) -> bool:
    """The same title and the same year: nothing can fit better."""
    rank = _rank(wanted, candidate)
    return rank is not None and rank[:2] == (True, True)


def choose(wanted: Sought, offered: Iterable[Candidate], *, more: bool = False) -> Choice:
    """The best that fits. None where two fit equally well, and, where no year is known, where there is more than one
    of that title or may be (`more`: the catalogue has further hits that it did not give)."""
    known = tuple({candidate.show_id: candidate for candidate in offered}.values())
    ranked = [(rank, candidate) for candidate in known if (rank := _rank(wanted, candidate)) is not None]
    if not ranked:
        return Choice(None, 0, _near(wanted, known))
    ranked.sort(key=lambda pair: (pair[0], -pair[1].show_id), reverse=True)
    best = sum(rank == ranked[0][0] for rank, _ in ranked)
    if best == 1 and (wanted.year is not None or not more):
        return Choice(ranked[0][1], len(ranked))
    return Choice(None, len(ranked), tuple(candidate for _, candidate in ranked[:MOST_OFFERED]))


def tells(wanted: Sought, hits: Hits) -> bool:
    """Whether what a catalogue offers says which one is meant."""
    return choose(wanted, hits.candidates, more=hits.more).show is not None


def _rank(wanted: Sought, candidate: Candidate) -> tuple[bool, bool, float] | None:
    """(same title, same year, similarity), the greater the better; None where it doesn't fit."""
    names = _names(candidate)
    alike = max(_similarity(wanted.title, name) for name in names)
    is_same = any(normal_title(wanted.title) == normal_title(name) for name in names)
    if wanted.year is None:
        return (True, False, alike) if is_same else None
    if candidate.year is None:
        return None
    is_same_year = candidate.year == wanted.year
    if is_same:
        return (True, is_same_year, alike) if abs(candidate.year - wanted.year) <= _NEAR_YEARS else None
    asked = figures(wanted.title)
    close = [name for name in names if figures(name) == asked and _similarity(wanted.title, name) >= _ALIKE]
    if not is_same_year or not close:
        return None
    return (False, True, max(_similarity(wanted.title, name) for name in close))


def _near(wanted: Sought, offered: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Those whose title comes near, nearest first; of equal ones the nearest year."""

    def order(candidate: Candidate) -> tuple[float, int, int]:
        years = [year for year in (candidate.year, wanted.year) if year is not None]
        return (-alike[candidate.show_id], max(years) - min(years) if len(years) > 1 else 9_999, candidate.show_id)

    alike = {c.show_id: max(_similarity(wanted.title, name) for name in _names(c)) for c in offered}
    near = [candidate for candidate in offered if alike[candidate.show_id] >= _WORTH_OFFERING]
    return tuple(sorted(near, key=order)[:MOST_OFFERED])


def _names(candidate: Candidate) -> tuple[str, ...]:
    """Its title and its original one, each without a year in brackets."""
    names = (candidate.title, candidate.original_title or candidate.title)
    return tuple(dict.fromkeys(sought(name, None).title for name in names))


def _similarity(one: str, other: str) -> float:
    return SequenceMatcher(None, normal_title(one), normal_title(other), autojunk=False).ratio()


def _plain(title: str) -> str:
    """Case and accents gone, "&" as a word, everything else where it stood."""
    letters = unicodedata.normalize("NFKD", title).casefold().translate(_LETTERS)
    return "".join(letter for letter in letters if not unicodedata.combining(letter) or letter in _VOICING)


def _counts(letter: str) -> bool:
    """Letters and numbers of every script, and the marks that are letters of their own there."""
    return unicodedata.category(letter)[0] in "LNM"


def _figure(word: str) -> int | None:
    if word.isdecimal():
        return int(word)
    if word in _NUMERALS:
        return _NUMERALS.index(word) + 1
    roman = _ROMAN.fullmatch(word)
    return 10 * len(roman["tens"]) + _ONES[roman["ones"]] if roman else None
