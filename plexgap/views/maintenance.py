"""The page Maintenance: what the person decided, what plexgap remembers, and where files lie. Changes with its words.

Plain text throughout: whoever draws it escapes it. Source: design/screens.md 9.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from plexgap.domain.decisions import Decisions, Ignore, Override
from plexgap.domain.library import Kind
from plexgap.jobs.keeping import Kept, Remembered, TakenIn
from plexgap.jobs.paths import Tried
from plexgap.store.held import Counts
from plexgap.views import words
from plexgap.views.chosen import counted, ordered, shows
from plexgap.views.missing import IgnoredRow, Quiet, ignored_row

TITLE = "Maintenance"
_KEEPS = "Kept in decisions.json. No check, update or clean-up ever removes one."
_KEY_CHARS = 12
_QUIET = Quiet(
    "Nothing ignored, nothing corrected",
    "What you ignore or correct on the other pages will stand here, with the way back.",
)


@dataclass(frozen=True, slots=True)
class CorrectedRow:
    """A title that the person said something of. `what`: all of it; `said`: the decision itself, for undo."""

    key: str
    title: str
    what: str
    detail: str
    said: Override


@dataclass(frozen=True, slots=True)
class RememberedRow:
    """`key`: listings, pictures, mirror or answers. `clearable`: it may be cleared here, and there is something."""

    key: str
    name: str
    detail: str
    clearable: bool


@dataclass(frozen=True, slots=True)
class MaintenanceView:
    """The page. `quiet` stands where nothing was decided yet."""

    heading: str
    status: str
    ignored: tuple[IgnoredRow, ...]
    ignored_note: str
    corrected: tuple[CorrectedRow, ...]
    corrected_note: str
    quiet: Quiet | None


def maintenance(decisions: Decisions, now: datetime, zone: tzinfo) -> MaintenanceView:
    """Both lists, the latest decision first."""
    ignores = sorted(decisions.ignores, key=lambda each: each.made_at, reverse=True)
    overrides = sorted(decisions.overrides, key=lambda each: each.made_at, reverse=True)
    many = len(ignores) + len(overrides)
    return MaintenanceView(
        f"{words.count(many, 'decision')} of yours" if many else "No decisions yet",
        _KEEPS,
        tuple(ignored_row(each, now, zone) for each in ignores),
        _ignored_note(ignores, now, zone),
        tuple(_corrected(each, zone) for each in overrides),
        _corrected_note(overrides),
        None if many else _QUIET,
    )


def found(rows: Sequence[IgnoredRow], asked: str) -> tuple[IgnoredRow, ...]:
    """The rows that hold every word that is asked for, in whatever case: of the title, the episodes or the reason."""
    wanted = asked.casefold().split()
    return tuple(
        row for row in rows if all(word in f"{row.name} {row.what} {row.detail}".casefold() for word in wanted)
    )


def remembers(
    kept: Remembered, held: Counts, seen_at: datetime | None, now: datetime, zone: tzinfo
) -> tuple[RememberedRow, ...]:
    """What of it there is, with size and age. `seen_at`: when Plex was last read."""
    read = f"read {words.when(seen_at, now, zone)}" if seen_at else "not read yet"
    mirror = f"{words.count(held.episodes, 'episode')}, {words.count(held.movies, 'film')}"
    return (
        RememberedRow(
            "listings",
            "Listings of TMDB and TheTVDB",
            _detail(kept.listings, words.count(kept.listings.many, "title"), now, zone),
            bool(kept.listings.bytes),
        ),
        RememberedRow(
            "pictures",
            "Posters",
            _detail(kept.pictures, words.count(kept.pictures.many, "picture"), now, zone),
            bool(kept.pictures.many),
        ),
        RememberedRow("mirror", "Mirror of Plex", f"{mirror}, {words.size(kept.mirror.bytes)}, {read}", False),
        RememberedRow(
            "answers", "What was answered, to ask only what changed", _answers(kept.answers, now, zone), False
        ),
    )


def imported(taken: TakenIn) -> str:
    """ "12 ignores and 1 choice read, 2 were there already." """
    done = taken.imported
    if done.ignores + done.overrides == done.there and not done.unreadable:
        return "Nothing was added: all of it was there already." if done.there else "The file holds no decision."
    read = f"{words.count(done.ignores, 'ignore')} and {words.count(done.overrides, 'choice')} read"
    there = f", {words.number(done.there)} {'was' if done.there == 1 else 'were'} there already" if done.there else ""
    more = (
        f" {words.count(done.unreadable, 'more decision')} can't be read by this plexgap: kept, but without effect."
        if done.unreadable
        else ""
    )
    return f"{read}{there}.{more}"


def cleared(name: str, many: int) -> str:
    what = words.count(many, "picture" if name == "pictures" else "file")
    again = "Each is asked for again when it is shown." if name == "pictures" else "The next check asks for them again."
    return f"{what} cleared. {again}" if many else "Nothing was there to clear."


def mapped(tried: Tried) -> tuple[str, str]:
    """What a path becomes, and a sentence on how and whether it is there."""
    by = f"By the mapping of {tried.mapping.plex}." if tried.mapping else "No mapping fits: it stays as Plex gives it."
    return tried.local, f"{by} {'It is there.' if tried.is_there else 'There is no such file or folder here.'}"


def _ignored_note(ignores: Sequence[Ignore], now: datetime, zone: tzinfo) -> str:
    today = now.astimezone(zone).date()
    over = sum(each.until is not None and each.until < today for each in ignores)
    if not ignores:
        return "nothing so far"
    ended = f"; {words.number(over)} of them {'is' if over == 1 else 'are'} over" if over else ""
    return f"{words.number(len(ignores))}, left out of every total{ended}"


def _corrected_note(overrides: Sequence[Override]) -> str:
    films = sum(each.kind is Kind.MOVIE for each in overrides)
    many = ((len(overrides) - films, "show"), (films, "film"))
    said = words.listed(words.count(number, noun) for number, noun in many if number)
    return f"{said} told apart or counted otherwise by you" if said else "nothing so far"


def _corrected(said: Override, zone: tzinfo) -> CorrectedRow:
    pieces = []
    if said.names_show:
        pieces.append(f"is {shows(said)}, {said.echo}" if said.echo else f"is {shows(said)}")
    if said.order:
        pieces.append(f"judged in {ordered(said.order, said.order_provider)}")
    if said.policy:
        pieces.append(counted(said.policy))
    if said.specials is not None:
        pieces.append("its specials are listed" if said.specials else "its specials are left out")
    known = sorted(said.title.ids, key=str) if said.names_show else []
    plex = words.listed(f"{each.source.label} {each.value}" for each in known)
    since = words.day(said.made_at.astimezone(zone).date())
    detail = f"since {since}. Plex says {plex}" if plex else f"since {since}"
    named = (
        f"{said.kind} {said.made_at} {said.title.section_uuid} {said.title.title} {sorted(map(str, said.title.ids))}"
    )
    key = hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_CHARS]
    return CorrectedRow(key, words.titled(said.title.title, said.title.year), ", ".join(pieces), detail, said)


def _detail(kept: Kept, many: str, now: datetime, zone: tzinfo) -> str:
    if not kept.bytes:
        return "nothing so far"
    oldest = f", oldest from {_day(kept.oldest, now, zone)}" if kept.oldest else ""
    return f"{many}, {words.size(kept.bytes)}{oldest}"


def _answers(kept: Kept, now: datetime, zone: tzinfo) -> str:
    if not kept.bytes or kept.newest is None:
        return "nothing so far"
    return f"{words.size(kept.bytes)}, last used {words.when(kept.newest, now, zone)}"


def _day(moment: datetime, now: datetime, zone: tzinfo) -> str:
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    return words.near_day(local, today) if local == today else words.day(local, today)
