"""From facts to what is stored of a title: judged, or not and why. Asks nothing of any service."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from plexgap.domain.catalogue import Listing
from plexgap.domain.decisions import Decisions, Override
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.verdicts import Check, Outcome
from plexgap.gaps import diff, match, rules
from plexgap.gaps.doubt import doubt
from plexgap.gaps.orders import in_aired_order
from plexgap.jobs.lookup import Asking, Listed, Lookup, NoTitle
from plexgap.jobs.parts import Parts
from plexgap.store.index import Stamps, StoredCheck


@dataclass(frozen=True, slots=True)
class Judged:
    """A check with the stamps of the facts it was made from."""

    check: Check
    stamps: Stamps


def title_id(listing: Listing) -> str:
    """Names a title by the show that a catalogue takes it for: a slug, fit for keys and addresses."""
    return f"{listing.provider}-{listing.show_id}"


def override_mark(override: Override | None) -> str:
    """Names the person's word in force, so that a check made under another one is known to be stale."""
    return "" if override is None else f"tmdb-{override.tmdb_id}"


def earlier(stored: StoredCheck | None, override: Override | None) -> Check | None:
    """The check that stands, unless it was made under another word of the person: that one is about another show."""
    return stored.check if stored is not None and stored.stamps.override == override_mark(override) else None


def judge(
    parts: Parts, title: match.Title, found: Listed | NoTitle, override: Override | None, previous: Check | None
) -> Judged:
    """The title compared with its listing, or in need of mapping where none was found."""
    if isinstance(found, NoTitle):
        check = replace(
            _without_listing(title, Outcome.NEEDS_MAPPING, found.reason, parts.now()), candidates=found.candidates
        )
        return Judged(check, _stamps(parts, title, check, override))
    check = _compared(parts, title, replace(found, listing=_newest(parts, found)), override)
    unread = sorted({item.section_title for item in title.items if not item.readable})
    if unread:
        reason = f"Plex did not give all of its episodes (library {', '.join(unread)})."
        check = _kept_lists(check, previous, Outcome.UNKNOWN, reason)
    return Judged(check, _stamps(parts, title, check, override))


def unknown(parts: Parts, title: match.Title, reason: str, override: Override | None, previous: Check | None) -> Judged:
    """A title whose lookup failed: its last good listing against what is held now, marked unknown and dated."""
    kept = _kept_listing(parts, override, previous)
    if kept is None:
        check = _kept_lists(
            _without_listing(title, Outcome.UNKNOWN, reason, parts.now()), previous, Outcome.UNKNOWN, reason
        )
    else:
        judged = judge(parts, title, kept, override, previous)
        check = replace(judged.check, outcome=Outcome.UNKNOWN, reason=reason)
    return Judged(check, _stamps(parts, title, check, override))


def not_whole(judged: Judged, reason: str) -> Judged:
    """The same with its lists, but unknown: another item of the title could not be looked up."""
    return replace(judged, check=replace(judged.check, outcome=Outcome.UNKNOWN, reason=reason))


def is_current(stored: StoredCheck, title: match.Title, parts: Parts, decisions: Decisions) -> bool:
    """Whether the check was made from the facts as they are now: held episodes, listing and override.

    It judges nothing of a title whose episodes Plex says are more than were read. A listing that was deleted since
    (the cache was emptied) says nothing else.
    """
    unread = stored.check.outcome is Outcome.JUDGED and not all(item.readable for item in title.items)
    check, stamps = stored.check, stored.stamps
    override = rules.override_of(decisions, rules.title_ref(title.items))
    return (
        not unread
        and {key: revision for key, revision in stamps.revisions if revision >= 0}
        == {item.rating_key: item.revision for item in title.items}
        and stamps.override == override_mark(override)
        and _listing_stamp(parts, check) in (stamps.listing, None)
    )


def rejudge(stored: StoredCheck, title: match.Title, parts: Parts, decisions: Decisions) -> Judged:
    """The check made anew from our own files, because a fact moved since. A failed lookup stays failed."""
    previous = stored.check
    override = rules.override_of(decisions, rules.title_ref(title.items))
    found = Lookup(parts, None).of(title, override, Asking.NOTHING)
    failed = previous.outcome is Outcome.UNKNOWN and stored.stamps.override == override_mark(override)
    if found is None or (failed and isinstance(found, Listed) and found.listing.fetched_at <= previous.tried_at):
        reason = previous.reason if failed and previous.reason else "It changed since the last check."
        if not failed and stored.stamps.override != override_mark(override):
            return _unasked(parts, title, "You changed which show it is; it has not been checked since.", override)
        return unknown(parts, title, reason, override, previous)
    judged = judge(parts, title, found, override, previous)
    tried_at = max(judged.check.checked_at or previous.tried_at, previous.tried_at)
    return Judged(replace(judged.check, tried_at=tried_at), judged.stamps)


def _unasked(parts: Parts, title: match.Title, reason: str, override: Override | None) -> Judged:
    check = _without_listing(title, Outcome.UNKNOWN, reason, parts.now())
    return Judged(check, _stamps(parts, title, check, override))


def _compared(parts: Parts, title: match.Title, found: Listed, override: Override | None) -> Check:
    listing = found.listing
    settled = in_aired_order(parts.index.held(title.rating_keys), listing)
    comparison = diff.compare(settled)
    rows = diff.season_rows(settled, comparison)
    # Who says which show it is has looked at it: that settles the doubt.
    said = (
        doubt(comparison, rows, listing.order, listing.provider.label, parts.now().date()) if override is None else None
    )
    return Check(
        title_id=title_id(listing),
        rating_keys=title.rating_keys,
        outcome=Outcome.JUDGED if said is None else Outcome.SUSPECT,
        reason=" ".join(filter(None, (said, found.by_title))) or None,
        provider=listing.provider,
        show_id=listing.show_id,
        order=listing.order,
        order_source="default",
        title=title.name,
        year=title.year or listing.year,
        status=listing.status,
        ids=listing.ids if override is not None else _joined(listing.ids, title.ids),
        checked_at=listing.fetched_at,
        tried_at=parts.now(),
        seasons=rows,
        absent=comparison.absent,
        extra=comparison.extra,
    )


def _joined(listed: frozenset[ExternalId], held: frozenset[ExternalId]) -> frozenset[ExternalId]:
    """The catalogue's ids, and Plex's of those sources that the catalogue leaves out."""
    known = {own.source for own in listed}
    return listed | {own for own in held if own.source not in known}


def _without_listing(title: match.Title, outcome: Outcome, reason: str, now: datetime) -> Check:
    return Check(
        title_id=f"plex-{title.rating_keys[0]}",
        rating_keys=title.rating_keys,
        outcome=outcome,
        reason=reason,
        provider=None,
        show_id=None,
        order=None,
        order_source=None,
        title=title.name,
        year=title.year,
        status="",
        ids=title.ids,
        checked_at=None,
        tried_at=now,
    )


def _kept_lists(check: Check, previous: Check | None, outcome: Outcome, reason: str) -> Check:
    """The check without its own lists: those of the last good answer stand, or none."""
    if previous is None or previous.provider is None or not _is_same_show(check, previous):
        return replace(check, outcome=outcome, reason=reason, checked_at=None, seasons=(), absent=(), extra=())
    return replace(previous, rating_keys=check.rating_keys, outcome=outcome, reason=reason, tried_at=check.tried_at)


def _is_same_show(check: Check, previous: Check) -> bool:
    """Whether a check names no other show than the one before it; one without a listing names none."""
    return check.provider is None or (check.provider, check.show_id) == (previous.provider, previous.show_id)


def _newest(parts: Parts, found: Listed) -> Listing:
    """The listing, or a later one that someone else asked for since it was found: a rescan beside a scan wins."""
    listing = found.listing
    if parts.listings.stamp(listing.provider, listing.show_id) == found.stamp:
        return listing
    newer = parts.listings.load(listing.provider, listing.show_id, listing.order)
    return newer if newer is not None and newer.fetched_at > listing.fetched_at else listing


def _kept_listing(parts: Parts, override: Override | None, previous: Check | None) -> Listed | None:
    """The last good listing of the show that the person chose, else of the one that it was taken for before."""
    if override is not None:
        provider, show_id = Source.TMDB, override.tmdb_id
    elif previous is not None and previous.provider is not None and previous.show_id is not None:
        provider, show_id = previous.provider, previous.show_id
    else:
        return None
    stamp = parts.listings.stamp(provider, show_id)
    kept = parts.listings.load(provider, show_id)
    return Listed(kept, False, stamp) if kept is not None else None


def _stamps(parts: Parts, title: match.Title, check: Check, override: Override | None) -> Stamps:
    return Stamps(
        revisions=tuple((item.rating_key, item.revision) for item in title.items),
        listing=_listing_stamp(parts, check),
        override=override_mark(override),
    )


def _listing_stamp(parts: Parts, check: Check) -> int | None:
    if check.provider is None or check.show_id is None:
        return None
    return parts.listings.stamp(check.provider, check.show_id)
