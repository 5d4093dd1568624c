"""Invented titles: of shows and episodes, and those of a language that nothing lists. Changes when titles do."""

from __future__ import annotations

import random

_OF = (
    *("Salt", "Harbour", "Winter", "Paper", "Copper", "Silent", "Borrowed", "Northern", "Broken", "Glass", "Second"),
    *("Hollow", "Crooked", "Scarlet", "Last", "Stolen", "Hidden", "Golden", "Bitter", "Distant", "Velvet", "Iron"),
    *("Burning", "Quiet", "Little", "Wild", "Empty", "Sunken", "Narrow", "Painted", "Summer", "Marble", "Ashen"),
)
_WHAT = (
    *("Lights", "Orchard", "Letters", "Crossing", "Garden", "Verdict", "Ledger", "Bridge", "Feast", "Mirror", "Guests"),
    *("Lantern", "Debt", "Promise", "Tide", "Machine", "Stranger", "Witness", "Fever", "Journey", "Clock", "Return"),
    *("Wedding", "Station", "Cargo", "Bargain", "Signal", "Quarry", "Season", "Island", "Alibi", "Engine", "Ghost"),
)
_WHO = ("Marta", "Old Tom", "the Captain", "Dr. Wells", "Jonas", "Aunt Vera", "the Baker", "Inspector Hale", "Pip")
# What any show may call an episode: two shows of one library often share such a title.
_COMMON = ("Pilot", "Homecoming", "The Wedding", "Family", "Secrets", "Christmas Special", "Redemption", "The End")
_SYLLABLES = ("ka", "ro", "mi", "te", "lu", "sha", "ven", "dor", "il", "ya", "gre", "on", "ba", "zu", "nek", "ost")


def show_title(dice: random.Random) -> str:
    return f"{dice.choice(_OF)} {dice.choice(_WHAT)}"


def episode_title(dice: random.Random) -> str:
    """One of a few thousand; now and then one that other episodes bear too."""
    form = dice.random()
    if form < 0.02:
        return dice.choice(_COMMON)
    if form < 0.35:
        return f"The {dice.choice(_OF)} {dice.choice(_WHAT)}"
    if form < 0.6:
        return f"{dice.choice(_WHAT)} for {dice.choice(_WHO)}"
    if form < 0.85:
        return f"{dice.choice(_OF)} {dice.choice(_WHAT)} of {dice.choice(_WHO)}"
    return f"{dice.choice(_WHO)} and the {dice.choice(_OF)} {dice.choice(_WHAT)}"


def otherwise(title: str, dice: random.Random) -> str:
    """The same title as another catalogue spells it: most often it looks the same to a comparison, now and then not."""
    form = dice.random()
    if form < 0.85:
        return title
    if form < 0.92:
        return title.replace(" and ", " & ").replace("'", "’").upper()
    if form < 0.96:
        return title.removeprefix("The ")
    return f"{title} (a.k.a. {dice.choice(_WHAT)})"


def foreign_title(dice: random.Random) -> str:
    """A title of another language: no catalogue lists it."""
    words = ["".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))) for _ in range(dice.randint(1, 4))]
    return " ".join(words).capitalize()
