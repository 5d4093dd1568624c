"""Invented titles, names and sentences. Changes when the demo's words do.

Everything is drawn from a seed: the same seed gives the same words on every machine.
"""

from __future__ import annotations

import random
import re
import unicodedata
from functools import lru_cache


def _words(text: str, between: str = " ") -> tuple[str, ...]:
    return tuple(text.split(between))


_QUALITIES = _words(
    "Amber Ashen Brass Broken Burning Candle Clay Cobalt Copper Crooked Distant Drifting Empty Fallow Feathered "
    "Folded Foxglove Gilded Glass Gravel Hollow Idle Ivory Juniper Lantern Late Little Marble Midnight Mirror "
    "Moonlit Narrow Northern Opal Paper Patient Quiet Rain Restless Rusted Salt Scarlet Second Shallow Silver "
    "Sleeping Slow Snow Sparrow Stolen Tidal Tin Twelfth Unlit Velvet Wandering Whistling Willow Winter Yellow",
)
_THINGS = _words(
    "Almanac Archive Atlas Avenue Bakery Bridge Cartographers Choir Clerks Coast Comet Cottage County Crossing "
    "Divide Doors Exchange Ferry Fields Garden Gate Ghosts Harbour Harvest Highway Hotel Hours House Inspectors "
    "Island Kestrels Keepers Kingdom Ladder Letters Lighthouse Line Machine Market Mile Mountain Museum "
    "Neighbours Observatory Office Orchard Orchestra Parade Passage Pilots Players Quarry Railway Rangers River "
    "Rooms School Sisters Society Station Street Summit Theatre Tide Tower Valley Wolves Workshop Year",
)
_SHAPES = ("The {q} {t}", "{q} {t}", "The {t} of {p}", "The {q} {t} of {p}", "{p}", "{q} {t}, {p}")
_PLACES = _words(
    "Aldermoor Bexwick Calloway Dunmarrow Eastry Farrowdale Glenharrow Halloway Inverlock Jessamy Karsholm "
    "Lindqvar Marrowby Northmere Ostmere Pellworm Quillon Ravensby Saltmarsh Thornley Umberfold Vesterhav "
    "Wintermere Yarrowgate",
)

_OPENINGS = _words(
    "A Borrowed|A Cold|A Perfect|Another|Behind the|Beneath the|Every|Five|Goodbye to the|In Praise of the|"
    "Just One|Last of the|Letters from the|Never the|No More|Once Around the|One Last|Only the|Out of the|"
    "Return of the|Seven|The Accidental|The Borrowed|The Careful|The Counterfeit|The Crooked|The Drowned|"
    "The Faithful|The First|The Hidden|The Honest|The Last|The Long|The Lost|The Missing|The Other|"
    "The Price of the|The Quiet|The Second|The Wrong|Under the",
    "|",
)
_SUBJECTS = _words(
    "Alibi Anchor Apprentice Bargain Bell Bet Bicycle Birthday Blizzard Bookkeeper Border Bride Candle Carousel "
    "Choice Clock Confession Cousin Debt Detour Diplomat Doorbell Eclipse Envelope Errand Exam Falcon Farewell "
    "Fever Forecast Forgery Fugitive Gardener Guest Guide Heirloom Hostage Hunch Invitation Janitor Key Kite "
    "Landlord Lesson Locksmith Map Mechanic Medal Messenger Mirage Motive Neighbour Night Oath Omen Orbit "
    "Outsider Painting Passenger Photograph Pilot Portrait Promise Proof Rehearsal Rescue Reunion Riddle Rival "
    "Rumour Sailor Scandal Shadow Signal Stranger Surgeon Swindle Tailor Tenant Thief Translator Umbrella "
    "Verdict Visitor Voyage Waiter Warning Witness Wreck",
)
_ENDINGS = (
    "",
    " at Noon",
    " in the Attic",
    " and the Storm",
    " by the Sea",
    " After Dark",
    " on Platform Nine",
    " Without a Name",
    " Revisited",
    " for Beginners",
    " of Winter",
)
# Every (opening, subject, ending) in an order of its own a show: the step has no factor in common with the number.
_EPISODE_TITLES = len(_OPENINGS) * len(_SUBJECTS) * len(_ENDINGS)
_STEPS = (7919, 10007, 12347, 15013, 17011, 19009, 21001, 23003)

_FIRST = _words(
    "Ada Bram Cleo Dov Edda Finn Gita Hale Ines Jory Kira Lev Mara Nils Orla Pia Quin Rhea Sten Tova Uma Vito "
    "Wren Yara",
)
_LAST = _words(
    "Abara Brightwell Castellan Dray Eklund Fenwick Garrow Holt Ilves Jarrow Kestrel Lund Marsh Nyx Oakes Pell",
)
_OPENERS = (
    "When {t} closes its doors, nobody asks why",
    "Three strangers share a house and one secret",
    "A town that keeps its own time learns what it owes",
    "Nothing in {p} is where the maps put it",
    "An old promise comes due on the first day of winter",
    "The night shift sees what the day shift denies",
)
_CLOSERS = (
    "and somebody has to stay behind.",
    "until the letters start to arrive.",
    "but the lights are still on.",
    "and every answer costs a little more.",
    "though the neighbours have other plans.",
)

LONG_TITLE = (
    "The Extraordinarily Complete and Only Slightly Exaggerated Chronicle of the Night Porters, Lift Attendants, "
    "Telephonists and Assistant Under-Managers of the Grand Hotel Farrowdale, Together with an Account of What Became "
    "of the Blue Umbrella, Who Took It, and Why It Was Never Given Back"
)


class Titles:
    """Titles that are never given twice. `taken` are titles that cases bring themselves."""

    def __init__(self, seed: str, taken: tuple[str, ...] = ()) -> None:
        self._random = random.Random(f"titles {seed}")
        self._given = {key(title) for title in taken}

    def next(self) -> str:
        """A new title such as "The Lantern Keepers of Bexwick"."""
        for _ in range(200):
            title = self._draw()
            if key(title) not in self._given:
                self._given.add(key(title))
                return title
        return self._numbered()

    def _draw(self) -> str:
        shape = self._random.choice(_SHAPES)
        return shape.format(
            q=self._random.choice(_QUALITIES), t=self._random.choice(_THINGS), p=self._random.choice(_PLACES)
        )

    def _numbered(self) -> str:
        """Words have run out: a district makes the title new."""
        title = f"{self._draw()}, District {len(self._given)}"
        self._given.add(key(title))
        return title


def key(title: str) -> str:
    """A title reduced to what a search compares: no accents, case or punctuation."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c))))


def is_found(title: str, query: str) -> bool:
    """Whether a search finds the title: every word asked for stands in it, or begins one of its words."""
    asked, words = key(query).split(), key(title).split()
    return bool(asked) and all(any(word.startswith(part) for word in words) for part in asked)


def sort_key(title: str) -> str:
    """As Plex sorts it: the English article goes behind."""
    return re.sub(r"^(The|An|A) ", "", title)


@lru_cache(maxsize=4_096)
def slug(title: str) -> str:
    """As it stands in an address: "the-lantern-keepers"."""
    return "-".join(key(title).split()) or "untitled"


def file_title(title: str) -> str:
    """As it stands in a folder: no sign that a file system refuses, and not overlong."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", title).strip(". ")[:80].strip() or "Untitled"


def episode_title(number: int, ordinal: int) -> str:
    """The title of the `ordinal`th episode of show `number`; none comes twice in a show of 40,000 episodes."""
    place = (number * 104_729 + ordinal * _STEPS[number % len(_STEPS)]) % _EPISODE_TITLES
    rest, opening = divmod(place, len(_OPENINGS))
    ending, subject = divmod(rest, len(_SUBJECTS))
    return f"{_OPENINGS[opening]} {_SUBJECTS[subject]}{_ENDINGS[ending]}"


def overview(number: int, ordinal: int = 0) -> str:
    """A sentence or two, the same for the same numbers."""
    return _overview((number * 31 + ordinal * 7) % 997)


@lru_cache(maxsize=997)
def _overview(place: int) -> str:
    opener = _OPENERS[place % len(_OPENERS)].format(
        t=f"the {_QUALITIES[place % len(_QUALITIES)]} {_THINGS[(place // 3) % len(_THINGS)]}",
        p=_PLACES[place % len(_PLACES)],
    )
    return f"{opener}, {_CLOSERS[place % len(_CLOSERS)]}"


def person(number: int) -> str:
    """An invented name, the same for the same number."""
    return f"{_FIRST[number % len(_FIRST)]} {_LAST[(number // len(_FIRST)) % len(_LAST)]}"


def collection_name(title: str) -> str:
    """What TMDB calls the films around a first one."""
    return f"{title} Collection"


def sequel(title: str, number: int) -> str:
    """The title of the `number`th film of a collection; the first has the plain one."""
    return title if number == 1 else f"{title} {_ROMAN[number]}" if number < len(_ROMAN) else f"{title} {number}"


_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


_GERMAN_WHOSE = _words(
    "Das Geheimnis|Der Schatten|Die Rückkehr|Das Ende|Der Preis|Die Stille|Der Anfang|Die Größe|Das Gewicht",
    "|",
)
_GERMAN_OF = _words(
    "des Gärtners|der Nachbarin|des Winters|der Brücke|des Müllers|der Fähre|des Gastes|der Küste|des Zeugen|"
    "der Lüge|des Briefträgers|der Königin|des Hafens|der Übersetzerin",
    "|",
)


def foreign_title(number: int, ordinal: int) -> str:
    """An episode's title in another language, which only TheTVDB has, of shows that are at home in it."""
    place = number + ordinal * 5
    return f"{_GERMAN_WHOSE[place % len(_GERMAN_WHOSE)]} {_GERMAN_OF[(number + ordinal) % len(_GERMAN_OF)]}"
