"""What a person said of a show, in words. Changes when a show can be told something else, or it is said otherwise.

Plain text throughout: whoever draws it escapes it.
"""

from __future__ import annotations

from plexgap.domain.catalogue import AIRED
from plexgap.domain.decisions import Override
from plexgap.domain.episodes import numbers_label
from plexgap.domain.ids import Source
from plexgap.gaps import policy
from plexgap.gaps.orders import order_words
from plexgap.jobs.choices import Specials, Wish
from plexgap.views import words


def sentences(title: str, chosen: Override) -> tuple[str, ...]:
    """All that is said of the show, a sentence each."""
    said = []
    if chosen.names_show:
        said.append(
            f"{title} is now {shows(chosen)}: {chosen.echo}." if chosen.echo else f"{title} is {shows(chosen)}."
        )
    if chosen.order:
        said.append(f"{title} is judged in {ordered(chosen.order, chosen.order_provider)}.")
    if chosen.policy:
        said.append(f"Of {title}, {counted(chosen.policy)}.")
    if chosen.specials is not None:
        what = "are listed, apart from the rest" if chosen.specials else "are left out"
        said.append(f"The specials of {title} {what}.")
    return tuple(said)


def changed(title: str, wish: Wish, chosen: Override | None) -> str:
    """What has been said anew, and so is now."""
    said = []
    if wish.ids and chosen is not None:
        said.append(f"{title} is now judged as {chosen.echo or shows(chosen)}.")
    if wish.order is not None:
        how = (
            ordered(wish.order, chosen.order_provider if chosen else None) if wish.order else "the order that fits best"
        )
        said.append(f"{title} is judged in {how}.")
    if wish.policy is not None:
        said.append(f"Of {title}, {counted(wish.policy) if wish.policy else 'what your settings say counts'}.")
    if wish.specials is not None:
        what = {Specials.ON: "are listed, apart from the rest", Specials.OFF: "are left out"}
        said.append(f"The specials of {title} {what.get(wish.specials, 'are as your settings have them')}.")
    return " ".join(said)


def kept(chosen: Override | None) -> str:
    """ "You chose: only the latest season counts, its specials are left out.": what its opened show doesn't say anyway;
    "" for nothing."""
    said = []
    if chosen is not None and chosen.policy:
        said.append(counted(chosen.policy))
    if chosen is not None and chosen.specials is not None:
        said.append("its specials are listed, apart from the rest" if chosen.specials else "its specials are left out")
    return f"You chose: {', '.join(said)}." if said else ""


def taken_back(title: str) -> str:
    """What is so when nothing is said of the show any more."""
    return f"{title} is again judged as Plex and your settings say."


def shows(chosen: Override) -> str:
    """ "TMDB 5", "TMDB 5 and TheTVDB 81189"."""
    ids = ((Source.TMDB, chosen.tmdb_id), (Source.TVDB, chosen.tvdb_id))
    return words.listed(f"{source.label} {number}" for source, number in ids if number is not None)


def ordered(order: str, provider: Source | None) -> str:
    """ "aired order", "DVD order of TheTVDB"."""
    return order_words(order) if provider is None else f"{order_words(order)} of {provider.label}"


def counted(wanted: str) -> str:
    """What counts under a policy, the end of a sentence: "only the latest season counts"."""
    start = policy.start_of(wanted)
    if start is not None:
        return f"what aired from {numbers_label(start.season, [start.number])} on counts"
    return {
        policy.FROM_FIRST_HELD: "what aired from the first episode you have on counts",
        policy.HELD_SEASONS: "only seasons that you have something of count",
        policy.LATEST_SEASON: "only the latest season counts",
    }.get(wanted, "everything that aired counts")


def is_order_of(chosen: Override | None, order: str, provider: Source | None) -> bool:
    """Whether this is the order that the person chose. An aired order without a catalogue is that of either."""
    if chosen is None or chosen.order != order:
        return False
    return order != AIRED or chosen.order_provider in (None, provider)
