"""The links of a show's seasons and episodes, by its settings. Changes when another link stands beside a gap."""

from __future__ import annotations

from collections.abc import Sequence

from plexgap.config import Settings
from plexgap.domain.episodes import SPECIALS
from plexgap.domain.verdicts import Absent, Check
from plexgap.gaps import link_templates, links
from plexgap.gaps.link_templates import Sought
from plexgap.gaps.links import Link


class Addresses:
    """Makes them; nothing of it is ever asked for by the program."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def season(self, check: Check, season: int, absent: Sequence[Absent]) -> Link | None:
        """The link of a shown season: where the site counts otherwise, of the aired season that lacks most of it."""
        there, note = self._there(check, season, absent)
        return self._link(check, there, note)

    def episode(self, check: Check, episode: Absent) -> Link | None:
        """The link of an episode that the site counts to another season than the one it is shown in."""
        if episode.aired is None or links.counts_alike(check.provider, check.order):
            return None
        return self._link(check, episode.aired.season)

    def further_season(self, check: Check, season: int, absent: Sequence[Absent]) -> tuple[Link, ...]:
        """Those by the person's templates for a shown season; none for specials, which sites number at will."""
        if season == SPECIALS or not absent or not self._settings.link_templates:
            return ()
        there, note = self._there(check, season, absent)
        sought = Sought(check.title, check.ids, season=there, note=note)
        return link_templates.filled(self._settings.link_templates, sought)

    def further(self, check: Check, episode: Absent) -> tuple[Link, ...]:
        """The same for an episode, by the number that sites know it by."""
        if not self._settings.link_templates:
            return ()
        alike = links.counts_alike(check.provider, check.order)
        number = episode.number if alike or episode.aired is None else episode.aired
        note = "" if alike or episode.aired is not None else links.MAY_DIFFER
        sought = Sought(check.title, check.ids, number=number, note=note)
        return link_templates.filled(self._settings.link_templates, sought)

    def _there(self, check: Check, season: int, absent: Sequence[Absent]) -> tuple[int, str]:
        if season == SPECIALS or links.counts_alike(check.provider, check.order):
            return season, ""
        there, of_all = links.season_there(absent, season)
        return there, "" if of_all else links.MAY_DIFFER

    def _link(self, check: Check, season: int, note: str = "") -> Link | None:
        if not self._settings.include_dmm_link:
            return None
        address = links.season_address(self._settings.dmm_base_url, check.ids, check.title, season)
        return None if address is None else Link("Debrid Media Manager", address, note)
