"""One title, looked at again now: its leaves in Plex, its listing asked anew. No job: it runs beside a scan.

Source: design/gaps.md 8 ("one show"). Its result wins over an older snapshot of a scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from plexgap.domain.catalogue import Listing
from plexgap.domain.decisions import Decisions, Override
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.errors import BadAnswer, NotListed, PlexgapError, SourceError
from plexgap.domain.library import ItemRow, ShowItem
from plexgap.domain.verdicts import Check, Outcome, Standing
from plexgap.gaps import match, rules
from plexgap.gaps.orders import Settled
from plexgap.gaps.policy import wanted_by
from plexgap.jobs import judging, ordering
from plexgap.jobs.lookup import Asking, Listed, Lookup, NoTitle
from plexgap.jobs.ordering import Task
from plexgap.jobs.parts import Parts, Services
from plexgap.store.index import StoredCheck


@dataclass(frozen=True, slots=True)
class Rescanned:
    """What a second look found, regular episodes only, of those that count as missing at that moment: wanted ones that
    are not ignored.

    `filled`: were missing and are held. `new`: are missing and weren't before. `missing`: all that are now. None is
    filled or new where the title was judged in another order before.
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


class AnotherServer(PlexgapError):
    """Plex is another server than the one that is mirrored: its rating keys are of other titles."""


def rescan(rating_keys: Sequence[str], parts: Parts, services: Services, standings: rules.Rules) -> Rescanned:
    """Looks again at the title that these Plex items are. Plex may have matched some of them anew: each is then judged
    as what it is by now, and what is told is of the title that it was.

    Requests: one for the items, one for each item's leaves, and those of its listing. Raises SourceError when Plex or
    the catalogue gave no answer (a title whose listing failed is stored as unknown first), NoSuchTitle when Plex has
    none of the items any more, NotListed or IncompleteListing when it does not give the whole of one, AnotherServer.
    """
    rows = _read_plex(rating_keys, parts, services)
    look = _Look(parts, services, rows, _items(parts, rating_keys), _stored(parts, rating_keys), parts.decisions.load())
    try:
        told = look.judged(Lookup(parts, services.catalogues))
    except SourceError as error:
        look.keep_unknown(error.advice)
        raise
    name = look.stored.check.title_id if look.stored is not None else ""
    before, after = next((pair for pair in told if pair[1].title_id == name), told[0])
    return _told(before, after, parts, standings)


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at some Plex items: `rows` as Plex gives them now, `items` as they are held by now, `stored` the check
    that stood before."""

    parts: Parts
    services: Services
    rows: tuple[ItemRow, ...]
    items: tuple[ShowItem, ...]
    stored: StoredCheck | None
    decisions: Decisions

    def judged(self, lookup: Lookup) -> list[tuple[Check | None, Check]]:
        """Of each title that the items are now: the check as it was, if it was of this title, and as it is kept."""
        return [self._judge(lookup, title, found) for title, found in self._titles(lookup)]

    def keep_unknown(self, reason: str) -> None:
        """Keeps that the lookup failed, with what was known before."""
        whole = match.Title(self.items)
        override = self._override(whole)
        previous = judging.earlier(self.stored, override, self.parts)
        judged = judging.unknown(self.parts, whole, reason, override, previous)
        self.parts.index.save_check(judged.check, judged.stamps)

    def _titles(self, lookup: Lookup) -> list[tuple[match.Title, Listed | NoTitle]]:
        """What the items are by what Plex says of each now; those that a catalogue takes for one show together."""
        found: dict[str, tuple[match.Title, Listed | NoTitle]] = {}
        for title in match.group_titles(self.items):
            one = lookup.of(title, self._override(title), Asking.AGAIN)
            if one is None:
                raise BadAnswer(lookup.sources[0].label, f"no answer for {title.name}")
            name = judging.title_id(one.listing) if isinstance(one, Listed) else title.rating_keys[0]
            joined = (*found[name][0].items, *title.items) if name in found else title.items
            if name in found and one.trail is not None:
                one.trail.is_whole = False
            found[name] = (match.Title(tuple(sorted(joined, key=match.item_order))), one)
        return list(found.values())

    def _judge(self, lookup: Lookup, title: match.Title, found: Listed | NoTitle) -> tuple[Check | None, Check]:
        override = self._override(title)
        previous = judging.earlier(self.stored, override, self.parts)
        if isinstance(found, NoTitle):
            judged = judging.unmapped(self.parts, title, found, override)
        else:
            own, title = title, self._with_others(title, found.listing)
            if title != own and found.trail is not None:
                found.trail.is_whole = False  # the others were not looked up
            task = judging.task_of(self.parts, title, found, override)
            judged = judging.judge(self.parts, task, self._orders(lookup, task), previous)
        self.parts.index.save_check(judged.check, judged.stamps)
        return previous, judged.check

    def _orders(self, lookup: Lookup, task: Task) -> Settled:
        """The orders of the items; Plex's word on them came with their rows."""
        try:
            return ordering.aired_at_once(self.parts, lookup, task)
        except ordering.Open:
            read = {row.rating_key for row in self.rows}
            here = [item for item in task.title.items if item.rating_key in read]
            defaults = ordering.kept_defaults(self.parts, here)
            ordering.keep_settings(self.parts, self.services.plex, here, self.rows, defaults)
            ordering.read_settings(self.parts, self.services.plex, task.title.items)
            return ordering.settle_title(self.parts, lookup, task, Asking.AGAIN)

    def _with_others(self, title: match.Title, listing: Listing) -> match.Title:
        """The title with the items that an earlier check took for the same show: held is what any of them holds. Not
        those that were looked at again just now: what they are is known."""
        name = judging.title_id(listing)
        known = next((stored.check for stored in self.parts.index.checks() if stored.check.title_id == name), None)
        keys = set(known.rating_keys if known is not None else ()) - {item.rating_key for item in self.items}
        others = tuple(item for item in self.parts.index.shows() if item.rating_key in keys)
        said = self._override(match.Title(others)) if others else None
        chosen = (said.tmdb_id, said.tvdb_id) if said is not None and said.names_show else None
        if chosen is not None and listing.show_id not in chosen:
            return title
        return match.Title(tuple(sorted((*title.items, *others), key=match.item_order)))

    def _override(self, title: match.Title) -> Override | None:
        return rules.override_of(self.decisions, rules.title_ref(title.items))


def _read_plex(rating_keys: Sequence[str], parts: Parts, services: Services) -> tuple[ItemRow, ...]:
    """The items as Plex has them now; what it says of their episodes is written. AnotherServer: nothing is."""
    if services.plex.server().machine_id != parts.index.machine_id():
        raise AnotherServer(
            "it is another server", "This is another Plex server than the one that was checked last. Check now first."
        )
    read_at = parts.now()
    try:
        rows = services.plex.items(rating_keys)
    except NotListed:
        rows = ()
    for row in rows:
        parts.index.write_leaves(row, services.plex.leaves(row.rating_key), read_at)
    parts.index.take_out([key for key in rating_keys if key not in {row.rating_key for row in rows}], read_at)
    return rows


def _items(parts: Parts, rating_keys: Sequence[str]) -> tuple[ShowItem, ...]:
    items = [item for item in parts.index.shows() if item.rating_key in rating_keys]
    if not items:
        raise NoSuchTitle("the title is no longer in Plex", "Plex no longer has this show.")
    return tuple(sorted(items, key=match.item_order))


def _stored(parts: Parts, rating_keys: Sequence[str]) -> StoredCheck | None:
    keys = set(rating_keys)
    return next((stored for stored in parts.index.checks() if keys & set(stored.check.rating_keys)), None)


def _told(before: Check | None, after: Check, parts: Parts, standings: rules.Rules) -> Rescanned:
    counts = _Counting.of(after, parts, standings)
    now = counts.missing(after)
    was = counts.missing(before) if before is not None else frozenset()
    if before is not None and (before.provider, before.order) != (after.provider, after.order):
        was = now  # numbers of another order say nothing of these
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


@dataclass(frozen=True, slots=True)
class _Counting:
    """What counts of a title, for this person, at this moment."""

    standings: rules.Rules
    policy: str
    ignored: rules.Ignored
    moment: datetime

    @classmethod
    def of(cls, check: Check, parts: Parts, standings: rules.Rules) -> _Counting:
        items = _items(parts, check.rating_keys)
        decisions, moment = parts.decisions.load(), parts.now()
        said = rules.said_of(decisions, items)
        return cls(
            standings,
            (said.policy if said is not None else "") or standings.missing_policy,
            rules.ignores_of(decisions, rules.title_ref(items, check.ids), moment),
            moment,
        )

    def missing(self, check: Check) -> frozenset[EpisodeNumber]:
        wanted = wanted_by(self.policy, check.seasons, self.moment.date().toordinal())
        return frozenset(
            episode.number
            for episode in check.absent
            if not episode.number.is_special
            and wanted(episode.number)
            and self.ignored.covering(episode, check.provider, check.order) is None
            and rules.standing(episode.air_date, self.standings, self.moment) is Standing.MISSING
        )
