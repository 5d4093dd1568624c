"""Which further episodes a file's name says that it holds. Changes when releases or libraries name files otherwise.

The rules of design/matching.md 6, over the basename only. A title may look like a number ("- 24 Hours", "- E3 Expo"),
so a number counts only in a form that no title, quality tag or year has.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

_MOST_ABOVE = 4
_PLAINLY_SEVERAL = 0.8

# Names are read in lower case. What may stand behind a number for it to be whole: nothing, no letter or digit, or the
# next marked number ("e01e02", "1x01x02", "e01v2", "01and02").
_WHOLE = r"(?=$|[\W_]|(?:ep?|s|x|v|to|and)[0-9])"
_WHOLE_BARE = r"(?=$|[\W_]|(?:to|and)[0-9])(?!\.[0-9](?![0-9]))"  # "S01E04-5.1" is sound, not an episode
_START = r"(?<![^\W_])"

_NUMBERED = re.compile(
    r"s([0-9]{1,4})(?:[ ]-[ ]|[ ._-]{0,2})e(?:p[ ._]?)?([0-9]{1,5})(?![0-9])",
)
# "1x02", "2019x02"; "1920x1080" and "1920x800" are pictures. What may not stand before it is asked after its first
# digit: twice as fast.
_CROSSED = re.compile(
    r"([0-9](?<![^\W_].)(?:[0-9]?|(?:(?<=1)9|(?<=2)0)[0-9]{2}(?=x[0-9]{2}(?![0-9]))))x([0-9]{2,4})(?![0-9])"
)
_IN_WORDS = re.compile(
    rf"{_START}(?:season|series|saison|staffel|temporada|stagione|seizoen|säsong|sæson|sesong|kausi|sezon|сезон)"
    r"[ ._]?([0-9]{1,4})[ ._,-]{0,3}"
    r"(?:ep?|[eé]pisodes?|folgen?|episodios?|cap[ií]tulos?|aflevering|avsnitt|afsnit|jakso|odcinek|bölüm|серия)"
    r"[ ._]?([0-9]{1,5})(?![0-9])"
)
# Without a season: "E07", "Ep 07", "Episode 7"; "Part 1"; a leading "02-03", which is no date ("02-03-2019").
_WITHOUT_SEASON = (
    re.compile(rf"{_START}(?:e|ep[ ._]{{0,2}}|episodes?[ ._]{{0,2}})([0-9]{{1,5}}){_WHOLE}"),
    re.compile(rf"{_START}(?:parts?|pt)[ ._]{{0,2}}([0-9]{{1,3}}){_WHOLE}"),
    re.compile(r"^([0-9]{1,3})(?=[-–—_~&+][0-9]{1,3}(?![0-9]|[-._][0-9]{4}))"),
)
# "103" for S01E03. Four digits that may be a year are none, nor are the digits of "h.264".
_JOINED = re.compile(rf"{_START}(?<!h\.)(?<!x\.)0?([1-9][0-9]{{2}}|(?!19|20)[1-9][0-9]{{3}}){_WHOLE_BARE}")

_MEMBER = re.compile(
    rf"""
    # "S01E02", "1x02", whatever stands between
    (?P<any>[ ._]{{0,3}}(?:[-–—~&+,]|to|and)?[ ._]{{0,3}})
        (?:s(?P<season>[0-9]{{1,4}})[ ._]?ep?(?P<number>[0-9]{{1,5}})
            |(?P<season_x>[0-9]{{1,4}})x(?P<number_x>[0-9]{{2,4}}))(?![0-9])
    # "E02": a dash or an underscore must touch it
    | (?P<sign>[ .]?[-–—_]|[ ._]{{0,3}}(?:[~&+,]|to|and)[ ._]{{0,3}}|[ .]?)ep?(?P<marked>[0-9]{{1,5}}){_WHOLE}
    # "x02"; "x264" is a codec
    | (?P<dash>[-–—_&+]?)x(?!26[45])(?P<crossed>[0-9]{{2,4}}){_WHOLE}
    # "-02", "+02", "&3", "_02", "and03", "to03"
    | (?P<touching>[ ]?(?:[-–—_~&+]|and|to))(?P<bare>[0-9]{{1,5}}){_WHOLE_BARE}
    # ".22." before a word; " and 02", " & 02", " + 02"
    | \.(?P<dotted>[0-9]{{2}})(?=\.[0-9]*[^\W\d_])
    | [ ._]{{1,3}}(?:and|&|\+)[ ._]{{1,3}}(?P<alone>[0-9]{{1,5}}){_WHOLE_BARE}
    """,
    re.VERBOSE,
)
_RANGE_SIGN = re.compile(r"[-–—_~]|to")
_LIST_SIGN = re.compile(r"[&+,]|and")


def members(
    path: str, season: int, number: int, *, duration_ms: int | None = None, usual_ms: float | None = None
) -> tuple[int, ...]:
    """How many places after the first each further episode of the file lies: (1, 2) for "S01E05-E07", () for none.

    `season` and `number` are Plex's own; where they don't stand in the name it says nothing. The file's length and
    the usual length of the show's single files decide whether a group that reaches far is believed.
    """
    further = stated(path, season, number)
    if not further or further[-1] <= _MOST_ABOVE:
        return tuple(further)
    if duration_ms is None or not usual_ms or duration_ms < _PLAINLY_SEVERAL * (len(further) + 1) * usual_ms:
        return ()
    return tuple(further)


def stated(path: str, season: int, number: int) -> Sequence[int]:
    """The same, as the name says it, however far it reaches: a file with any is no single one."""
    name = basename(path)
    markers = _markers(name, _NUMBERED, _CROSSED) or _markers(name, _IN_WORDS)
    if not markers:
        anchor = _without_season(name, season, number)
        return _group(name, anchor) if anchor else ()
    for place, marker in enumerate(markers):
        if marker.season == season and marker.number == number:
            return _with_later(_group(name, marker), markers[place + 1 :], marker)
    return ()


def basename(path: str) -> str:
    """The last part of a path of any system, in lower case and one Unicode form."""
    name = path[max(path.rfind("/"), path.rfind("\\")) + 1 :]
    return (name if name.isascii() else unicodedata.normalize("NFC", name)).lower()


class _Marker(NamedTuple):
    """A number where it stands in a name. `width`: its digits as written. `joined`: 100 for "103", whose number is
    then 103; 0 for all others."""

    season: int
    number: int
    width: int
    end: int
    joined: int = 0


def _markers(name: str, *forms: re.Pattern[str]) -> list[_Marker]:
    """All full markers of these forms, as they stand in the name."""
    found = [_Marker(int(one[1]), int(one[2]), len(one[2]), one.end()) for form in forms for one in form.finditer(name)]
    return sorted(found, key=attrgetter("end")) if len(found) > 1 else found


def _without_season(name: str, season: int, number: int) -> _Marker | None:
    """Plex's own number in a name that holds no season."""
    for form in _WITHOUT_SEASON:
        for found in form.finditer(name):
            if int(found[1]) == number:
                return _Marker(season, number, len(found[1]), found.end())
    for found in _JOINED.finditer(name):
        if divmod(int(found[1]), 100) == (season, number):
            return _Marker(season, int(found[1]), len(found[1]), found.end(), joined=season * 100)
    return None


def _group(name: str, anchor: _Marker) -> Sequence[int]:
    """The places after the anchor of the members that follow it; none when one of them falls."""
    places: list[int] = []
    position, last, is_range = anchor.end, 0, False
    while (found := _MEMBER.match(name, position)) and (place := _place(found, anchor, last)) is not None:
        if place <= last:
            return ()
        is_range = not places and _is_range(found)
        places.append(place)
        position, last = found.end(), place
    return range(1, last + 1) if is_range else tuple(places)


def _place(found: re.Match[str], anchor: _Marker, last: int) -> int | None:
    """How many places after the anchor this one lies; None where it is no member at all."""
    form = found.lastgroup or ""
    text = found[form]
    number = int(text)
    if anchor.joined and number < 100:
        number += anchor.joined
    place = number - anchor.number
    if form in ("number", "number_x"):
        season = found["season"] or found["season_x"]
        return place if int(season) == anchor.season else None
    if form in ("dotted", "alone"):
        return place if place == last + 1 else None
    if form == "marked":
        # "S01E01 E3 Expo" is a title, "S01E01 E03" is not.
        return None if found["sign"] in (" ", ".") and len(text) < min(anchor.width, 2) else place
    far = place > _MOST_ABOVE and len(text) > max(2, anchor.width)
    over = anchor.joined and number >= anchor.joined + 100
    return None if form == "bare" and (far or over) else place


def _is_range(found: re.Match[str]) -> bool:
    sign = found["any"] or found["sign"] or found["dash"] or found["touching"] or ""
    return _LIST_SIGN.search(sign) is None and _RANGE_SIGN.search(sign) is not None


def _with_later(places: Sequence[int], later: Sequence[_Marker], anchor: _Marker) -> Sequence[int]:
    """With the full markers that stand later in the name, as long as each is the next number of the same season."""
    for marker in later:
        last = places[-1] if places else 0
        if marker.season == anchor.season and marker.number - anchor.number == last + 1:
            places = (*places, last + 1)
    return places
