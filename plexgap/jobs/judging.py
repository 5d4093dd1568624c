"""From facts to what is stored of a title: judged, or not and why. Asks nothing of any service."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from plexgap import __version__
from plexgap.domain.catalogue import AIRED, Listing
from plexgap.domain.decisions import Decisions, Override
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.verdicts import Check, Outcome
from plexgap.gaps import diff, match, rules
from plexgap.gaps.doubt import doubt, stands_until
from plexgap.gaps.orders import Settled
from plexgap.gaps.translated import in_aired_numbers
from plexgap.jobs.lookup import Asking, Listed, Lookup, NoTitle
from plexgap.jobs.ordering import Open, Task, settle_title
from plexgap.jobs.parts import Parts
from plexgap.jobs.trail import Trail
from plexgap.store.index import Stamps, StoredCheck


@dataclass(frozen=True, slots=True)
class Judged:
    """A check with the stamps of the facts it was made from."""

    check: Check
    stamps: Stamps


def title_id(listing: Listing) -> str:
    """Names a title by the show that the catalogue which knows it takes it for, whichever judges it: a slug, fit for
    keys and addresses."""
    return f"{listing.provider}-{listing.show_id}"


def show_of(check: Check) -> tuple[Source, int] | None:
    """The show that the title was taken for; None where none was found."""
    source, _, number = check.title_id.partition("-")
    return (Source(source), int(number)) if source in tuple(Source) and number.isdecimal() else None


def override_mark(parts: Parts, override: Override | None) -> str:
    """Names what was chosen for the title, by the person or by the settings, so that a check made under another choice
    is known to be stale. What stands before "/" says which show it is."""
    show = order = ""
    if override is not None:
        show = f"tmdb-{override.tmdb_id}" if override.tmdb_id is not None else ""
        show = f"tvdb-{override.tvdb_id}" if not show and override.tvdb_id is not None else show
        order = f"{override.order_provider or ''}:{override.order}" if override.order else ""
    provider, default = parts.settings.provider, parts.settings.options.default_order
    chosen = "|".join((order, "" if provider == "auto" else provider, default)).strip("|")
    return f"{show}/{chosen}" if chosen else show


def earlier(stored: StoredCheck | None, override: Override | None, parts: Parts) -> Check | None:
    """The check that stands, unless it was made under another word of the person: that one is about another show."""
    if stored is None or _show_part(stored.stamps.override) != _show_part(override_mark(parts, override)):
        return None
    return stored.check


def _show_part(mark: str) -> str:
    return mark.partition("/")[0]


def task_of(parts: Parts, title: match.Title, found: Listed, override: Override | None) -> Task:
    """The title as it is held, and the newest listing: a later one that someone else asked for since counts, because a
    rescan beside a scan wins."""
    trail = found.trail or Trail(parts.listings, parts.now)
    trail.is_whole = trail.is_whole and found.trail is not None
    return Task(title, parts.index.held(title.rating_keys), _newest(parts, found, trail), override, trail)


def judge(parts: Parts, task: Task, settled: Settled, previous: Check | None) -> Judged:
    """The title compared with its listing, each item in its order."""
    check, until = _compared(parts, task, settled)
    unread = sorted({item.section_title for item in task.title.items if not item.readable})
    if unread:
        reason = f"Plex did not give all of its episodes (library {', '.join(unread)})."
        check = _kept_lists(check, previous, Outcome.UNKNOWN, reason)
    return Judged(check, _stamps(parts, task.title, check, task.override, task.trail, until))


def unmapped(parts: Parts, title: match.Title, found: NoTitle, override: Override | None) -> Judged:
    """A title that nothing leads to a listing from: the person must say which it is."""
    check = replace(
        _without_listing(title, Outcome.NEEDS_MAPPING, found.reason, parts.now()), candidates=found.candidates
    )
    return Judged(check, _stamps(parts, title, check, override, found.trail))


def unknown(parts: Parts, title: match.Title, reason: str, override: Override | None, previous: Check | None) -> Judged:
    """A title whose lookup failed: its last good listing against what is held now, marked unknown and dated."""
    judged = _from_files(parts, title, override, previous)
    if judged is None:
        check = _kept_lists(
            _without_listing(title, Outcome.UNKNOWN, reason, parts.now()), previous, Outcome.UNKNOWN, reason
        )
    else:
        check = replace(judged.check, outcome=Outcome.UNKNOWN, reason=reason)
    return Judged(check, _stamps(parts, title, check, override))


def _from_files(parts: Parts, title: match.Title, override: Override | None, previous: Check | None) -> Judged | None:
    """The title judged by the last good listing of the show that it was taken for; None where there is none."""
    kept = _kept_listing(parts, override, previous)
    if kept is None:
        return None
    task = task_of(parts, title, kept, override)
    try:
        return judge(parts, task, settle_title(parts, Lookup(parts), task, Asking.NOTHING), previous)
    except Open:
        return None


def not_whole(judged: Judged, reason: str) -> Judged:
    """The same with its lists, but unknown: another item of the title could not be looked up."""
    return replace(judged, check=replace(judged.check, outcome=Outcome.UNKNOWN, reason=reason))


def basis(title: match.Title, sources: Iterable[Source]) -> str:
    """Names what else a check is made from than its stamps: what Plex says of the items themselves, the catalogues that
    could be asked, and the rules, which another version of plexgap may have changed."""
    items = (
        (item.rating_key, item.guid, *sorted(map(str, item.ids)), item.title, str(item.year)) for item in title.items
    )
    facts = "\n".join("\t".join(each) for each in ((__version__, *sources), *items))
    return blake2b(facts.encode(), digest_size=12).hexdigest()


def is_current(stored: StoredCheck, title: match.Title, parts: Parts, decisions: Decisions) -> bool:
    """Whether the check was made from the facts as they are now: held episodes, listing, override, and the days that
    have come.

    It judges nothing of a title whose episodes Plex says are more than were read. A listing that was deleted since
    (the cache was emptied) says nothing else.
    """
    unread = stored.check.outcome is Outcome.JUDGED and not all(item.readable for item in title.items)
    check, stamps = stored.check, stored.stamps
    override = rules.override_of(decisions, rules.title_ref(title.items)) if decisions.overrides else None
    return (
        not unread
        and {key: revision for key, revision in stamps.revisions if revision >= 0}
        == {item.rating_key: item.revision for item in title.items}
        and stamps.override == override_mark(parts, override)
        and (stamps.judged_until is None or parts.now() < stamps.judged_until)
        and _listing_stamp(parts, check) in (stamps.listing, None)
    )


def rejudge(stored: StoredCheck, title: match.Title, parts: Parts, decisions: Decisions) -> Judged:
    """The check made anew from our own files, because a fact moved since. A failed lookup stays failed."""
    previous = stored.check
    override = rules.override_of(decisions, rules.title_ref(title.items))
    mark = override_mark(parts, override)
    failed = previous.outcome is Outcome.UNKNOWN and stored.stamps.override == mark
    judged = _again(parts, title, override, previous, failed=failed)
    if judged is None:
        reason = previous.reason if failed and previous.reason else "It changed since the last check."
        if _show_part(stored.stamps.override) != _show_part(mark):
            return _unasked(parts, title, "You changed which show it is; it has not been checked since.", override)
        if stored.stamps.override != mark:
            reason = "You changed how it is judged; it has not been checked since."
        return unknown(parts, title, reason, override, previous)
    tried_at = max(judged.check.checked_at or previous.tried_at, previous.tried_at)
    return Judged(replace(judged.check, tried_at=tried_at), judged.stamps)


def as_if(parts: Parts, rating_keys: Sequence[str], said: Override) -> Check | None:
    """The title as it would be judged if the person said this, from our own files; None where they don't say all.
    Nothing is kept."""
    items = tuple(sorted((held.item for held in parts.index.held(rating_keys)), key=match.item_order))
    if not items:
        return None
    known = next((one.check for one in parts.index.checks() if set(one.check.rating_keys) & set(rating_keys)), None)
    judged = _again(parts, match.Title(items), said, known, failed=False) if known is not None else None
    return judged.check if judged is not None else None


def _again(
    parts: Parts, title: match.Title, override: Override | None, previous: Check, *, failed: bool
) -> Judged | None:
    """The title judged from our own files; None where they don't say all, or where nothing is newer than a failure."""
    lookup = Lookup(parts)
    found = lookup.of(title, override, Asking.NOTHING)
    if found is None or (failed and isinstance(found, Listed) and found.listing.fetched_at <= previous.tried_at):
        return None
    if isinstance(found, NoTitle):
        return unmapped(parts, title, found, override)
    task = task_of(parts, title, found, override)
    try:
        return judge(parts, task, settle_title(parts, lookup, task, Asking.NOTHING), previous)
    except Open:
        return None


def _unasked(parts: Parts, title: match.Title, reason: str, override: Override | None) -> Judged:
    check = _without_listing(title, Outcome.UNKNOWN, reason, parts.now())
    return Judged(check, _stamps(parts, title, check, override))


def _compared(parts: Parts, task: Task, settled: Settled) -> tuple[Check, datetime | None]:
    """The check, and until when it would say the same of the same facts; None: always."""
    title, known, judge = task.title, task.found.listing, settled.aired
    comparison = diff.compare(settled, parts.index.gone(title.rating_keys))
    rows = diff.season_rows(settled, comparison)
    said, day = settled.doubt, None
    if said is None and not _was_looked_at(task.override):
        weighed = (comparison, rows, settled.shown.order, judge.provider.label, parts.now().date())
        said, day = doubt(*weighed), stands_until(*weighed)
    check = Check(
        title_id=title_id(known),
        rating_keys=title.rating_keys,
        outcome=Outcome.JUDGED if said is None else Outcome.SUSPECT,
        reason=" ".join(filter(None, (said, task.found.by_title))) or None,
        provider=judge.provider,
        show_id=judge.show_id,
        order=settled.shown.order,
        order_source=settled.source,
        title=title.name,
        year=title.year or known.year,
        status=known.status or judge.status,
        ids=_ids(task, judge),
        checked_at=min(known.fetched_at, judge.fetched_at),
        tried_at=parts.now(),
        seasons=rows,
        absent=in_aired_numbers(comparison.absent, settled, known),
        extra=comparison.extra,
        misnumbered=comparison.misnumbered,
        duplicates=comparison.duplicates,
        orders=settled.orders,
        fit=settled.fit,
    )
    return check, None if day is None else rules.air_moment(day)


def _was_looked_at(override: Override | None) -> bool:
    """Who says which show it is, or in which order, has looked at it: that settles the doubt."""
    return override is not None and (override.names_show or bool(override.order))


def _ids(task: Task, judge: Listing) -> frozenset[ExternalId]:
    """The ids of both catalogues; where the person chose the show, without those of Plex."""
    listed = _joined(task.found.listing.ids, judge.ids)
    chosen = task.override is not None and task.override.names_show
    return listed if chosen else _joined(listed, task.title.ids)


def _joined(listed: frozenset[ExternalId], held: frozenset[ExternalId]) -> frozenset[ExternalId]:
    """These ids, and the others of those sources that they leave out."""
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
    return check.provider is None or show_of(check) == show_of(previous)


def _newest(parts: Parts, found: Listed, trail: Trail) -> Listed:
    listing = found.listing
    stamp = parts.listings.stamp(listing.provider, listing.show_id)
    if stamp == found.stamp:
        return found
    newer = parts.listings.load(listing.provider, listing.show_id, listing.order)
    if newer is None or newer.fetched_at <= listing.fetched_at:
        return found
    trail.listing(newer, stamp)
    return replace(found, listing=newer)


def _kept_listing(parts: Parts, override: Override | None, previous: Check | None) -> Listed | None:
    """The last good listing of the show that the person chose, else of the one that it was taken for before."""
    if override is not None and override.tmdb_id is not None:
        provider, show_id = Source.TMDB, override.tmdb_id
    elif override is not None and override.tvdb_id is not None:
        provider, show_id = Source.TVDB, override.tvdb_id
    elif previous is not None and (known := show_of(previous)) is not None:
        provider, show_id = known
    else:
        return None
    stamp = parts.listings.stamp(provider, show_id)
    kept = parts.listings.load(provider, show_id)
    return Listed(kept, False, stamp) if kept is not None else None


def _stamps(
    parts: Parts,
    title: match.Title,
    check: Check,
    override: Override | None,
    trail: Trail | None = None,
    judged_until: datetime | None = None,
) -> Stamps:
    """`trail`: what the check rests on; None, and for an unknown title, that it is looked up again in any case."""
    stamps = Stamps(
        revisions=tuple((item.rating_key, item.revision) for item in title.items),
        listing=_listing_stamp(parts, check),
        override=override_mark(parts, override),
        judged_until=judged_until,
    )
    if trail is None or check.outcome is Outcome.UNKNOWN:
        return stamps
    return replace(stamps, grounds=trail.grounds, fresh_until=trail.fresh_until, basis=basis(title, trail.sources))


def _listing_stamp(parts: Parts, check: Check) -> int | None:
    """Moves when any of the listings that were read for the check is saved again; None where one is no more."""
    if check.provider is None or check.show_id is None:
        return None
    stamps = [parts.listings.stamp(check.provider, check.show_id, order) for order in check.orders or (AIRED,)]
    return None if None in stamps else max(stamp for stamp in stamps if stamp is not None)
