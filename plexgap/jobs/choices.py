"""What a person may decide about a title: ignore, un-ignore, say which show it is. Kept in decisions.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol
from uuid import uuid4

from plexgap.domain.catalogue import Ask, Catalogue
from plexgap.domain.decisions import Ignore, Level, Override, TitleRef
from plexgap.domain.episodes import EpisodeNumber
from plexgap.domain.ids import ExternalId, Source
from plexgap.jobs.parts import Parts
from plexgap.store.decisions import DecisionStore


class Decidable(Protocol):
    """A title as a report shows it, as far as a decision needs it. `ref` is Plex's word alone, `ids` all known."""

    @property
    def ref(self) -> TitleRef: ...
    @property
    def ids(self) -> frozenset[ExternalId]: ...
    @property
    def provider(self) -> Source | None: ...
    @property
    def order(self) -> str | None: ...
    @property
    def absent_ids(self) -> Mapping[EpisodeNumber, int | None]: ...


def ignore(
    decisions: DecisionStore,
    show: Decidable,
    *,
    season: int | None = None,
    numbers: Sequence[int] = (),
    until: date | None = None,
    reason: str = "",
    now: datetime,
) -> Ignore:
    """Ignores the show, one season, or some episodes of a season; gives the decision as it was kept."""
    level = Level.SHOW if season is None else Level.EPISODE if numbers else Level.SEASON
    ids = (show.absent_ids.get(EpisodeNumber(season or 0, number)) for number in numbers)
    made = Ignore(
        key=uuid4().hex[:12],
        title=replace(show.ref, ids=show.ref.ids | show.ids),
        level=level,
        made_at=now,
        season=season,
        numbers=tuple(sorted(set(numbers))) if season is not None else (),
        episode_ids=frozenset(own for own in ids if own is not None),
        provider=show.provider,
        order=show.order,
        until=until,
        reason=reason.strip(),
    )
    decisions.add_ignore(made)
    return made


def unignore(decisions: DecisionStore, key: str) -> Ignore | None:
    """Takes an ignore back; None when there was none of that key."""
    return decisions.remove_ignore(key)


def override_tmdb(parts: Parts, catalogue: Catalogue, show: Decidable, tmdb_id: int) -> Override:
    """Keeps the person's word on which show of TMDB this is, once TMDB has said that there is one.

    Raises NotListed when there is none, SourceError when TMDB gave no answer: nothing is kept then.
    """
    listing = catalogue.show(tmdb_id, Ask.FRESH)
    parts.listings.save(listing)
    echo = f"{listing.title} ({listing.year})" if listing.year else listing.title
    made = Override(title=show.ref, made_at=parts.now(), tmdb_id=tmdb_id, echo=echo)
    parts.decisions.set_override(made)
    return made


def clear_override(parts: Parts, show: Decidable) -> Override | None:
    """Takes the person's word back; None when there was none."""
    return parts.decisions.clear_override(show.ref)
