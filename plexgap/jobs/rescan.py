"""One title, looked at again now: its leaves in Plex, its listing asked anew. No job: it runs beside a scan.

Source: design/gaps.md 8 ("one show"). Its result wins over an older snapshot of a scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plexgap.domain.catalogue import Listing
from plexgap.domain.decisions import Decisions
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import BadAnswer, NotListed, PlexgapError, SourceError
from plexgap.domain.library import ShowItem
from plexgap.domain.verdicts import Check, Outcome, Standing
from plexgap.gaps import match, rules
from plexgap.jobs import judging
from plexgap.jobs.lookup import Asking, Listed, Lookup, NoTitle
from plexgap.jobs.parts import Parts, Services
from plexgap.store.index import StoredCheck


@dataclass(frozen=True, slots=True)
class Rescanned:
    """What a second look found, regular episodes only, of those that count as missing at that moment.

    `filled`: were missing and are held. `new`: are missing and weren't before. `missing`: all that are now.
    `outcome` and `reason` as in the check.
    """

    title_id: str
    title: str
    filled: tuple[EpisodeNumber, ...]
    new: tuple[EpisodeNumber, ...]
    missing: tuple[EpisodeNumber, ...]
    outcome: Outcome
    reason: str | None


class NoSuchTitle(PlexgapError):
    """The title is not, or no longer, in the mirror."""


def rescan(rating_keys: Sequence[str], parts: Parts, services: Services, standings: rules.Rules) -> Rescanned:
    """Looks again at the title that these Plex items are. Plex may have matched some of them anew: each is then judged
    as what it is by now, and what is told is of the title that it was.

    Requests: one for the items, one for each item's leaves, and those of its listing. Raises SourceError when Plex or
    the catalogue gave no answer (a title whose listing failed is stored as unknown first), NoSuchTitle when Plex has
    none of the items any more.
    """
    _read_plex(rating_keys, parts, services)
    items = _items(parts, rating_keys)
    stored = _stored(parts, rating_keys)
    decisions = parts.decisions.load()
    try:
        found = _look_up(items, parts, services, decisions)
    except SourceError as error:
        whole = match.Title(items)
        override = rules.override_of(decisions, rules.title_ref(items))
        judged = judging.unknown(parts, whole, error.advice, override, judging.earlier(stored, override))
        parts.index.save_check(judged.check, judged.stamps)
        raise
    told = [_judge(title, one, stored, parts, decisions, frozenset(rating_keys)) for title, one in found]
    name = stored.check.title_id if stored is not None else ""
    before, after = next((pair for pair in told if pair[1].title_id == name), told[0])
    return _told(before, after, parts, standings)


def _look_up(
    items: tuple[ShowItem, ...], parts: Parts, services: Services, decisions: Decisions
) -> list[tuple[match.Title, Listed | NoTitle]]:
    """What the items are by what Plex says of each now; those that the catalogue takes for one show together."""
    lookup = Lookup(parts, services.catalogue)
    found: dict[str, tuple[match.Title, Listed | NoTitle]] = {}
    for title in match.group_titles(items):
        override = rules.override_of(decisions, rules.title_ref(title.items))
        one = lookup.of(title, override, Asking.AGAIN)
        if one is None:
            raise BadAnswer(services.catalogue.name, f"no answer for {title.name}")
        name = judging.title_id(one.listing) if isinstance(one, Listed) else title.rating_keys[0]
        joined = (*found[name][0].items, *title.items) if name in found else title.items
        found[name] = (match.Title(tuple(sorted(joined, key=match.item_order))), one)
    return list(found.values())


def _judge(
    title: match.Title,
    found: Listed | NoTitle,
    stored: StoredCheck | None,
    parts: Parts,
    decisions: Decisions,
    looked_at: frozenset[str],
) -> tuple[Check | None, Check]:
    """The check as it was, if it was of this title, and as it is kept now."""
    override = rules.override_of(decisions, rules.title_ref(title.items))
    previous = judging.earlier(stored, override)
    if isinstance(found, Listed):
        title = _with_others(parts, decisions, title, found.listing, looked_at)
    judged = judging.judge(parts, title, found, override, previous)
    parts.index.save_check(judged.check, judged.stamps)
    return previous, judged.check


def _read_plex(rating_keys: Sequence[str], parts: Parts, services: Services) -> None:
    read_at = parts.now()
    try:
        rows = services.plex.items(rating_keys)
    except NotListed:
        rows = ()
    for row in rows:
        parts.index.write_leaves(row, services.plex.leaves(row.rating_key), read_at)
    parts.index.take_out([key for key in rating_keys if key not in {row.rating_key for row in rows}], read_at)


def _items(parts: Parts, rating_keys: Sequence[str]) -> tuple[ShowItem, ...]:
    items = [item for item in parts.index.shows() if item.rating_key in rating_keys]
    if not items:
        raise NoSuchTitle("the title is no longer in Plex", "Plex no longer has this show.")
    return tuple(sorted(items, key=match.item_order))


def _with_others(
    parts: Parts, decisions: Decisions, title: match.Title, listing: Listing, looked_at: frozenset[str]
) -> match.Title:
    """The title with the items that an earlier check took for the same show: held is what any of them holds. Not those
    that were looked at again just now: what they are is known."""
    name = judging.title_id(listing)
    known = next((stored.check for stored in parts.index.checks() if stored.check.title_id == name), None)
    keys = set(known.rating_keys) - looked_at if known is not None else set()
    others = tuple(item for item in parts.index.shows() if item.rating_key in keys)
    said = rules.override_of(decisions, rules.title_ref(others)) if others else None
    if said is not None and said.tmdb_id != listing.show_id:
        return title
    return match.Title(tuple(sorted((*title.items, *others), key=match.item_order)))


def _stored(parts: Parts, rating_keys: Sequence[str]) -> StoredCheck | None:
    keys = set(rating_keys)
    return next((stored for stored in parts.index.checks() if keys & set(stored.check.rating_keys)), None)


def _told(before: Check | None, after: Check, parts: Parts, standings: rules.Rules) -> Rescanned:
    was = _missing(before, parts, standings) if before is not None else frozenset()
    now = _missing(after, parts, standings)
    absent = {episode.number for episode in after.absent}
    return Rescanned(
        title_id=after.title_id,
        title=after.title,
        filled=tuple(sorted(number for number in was if number not in absent)),
        new=tuple(sorted(now - was)),
        missing=tuple(sorted(now)),
        outcome=after.outcome,
        reason=after.reason,
    )


def _missing(check: Check, parts: Parts, standings: rules.Rules) -> frozenset[EpisodeNumber]:
    moment = parts.now()
    return frozenset(
        episode.number
        for episode in check.absent
        if not episode.number.is_special and rules.standing(episode.air_date, standings, moment) is Standing.MISSING
    )
