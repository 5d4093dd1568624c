"""What can happen to the invented watchlist while it runs. Changes when the list can change in a new way."""

from __future__ import annotations

from plexgap.demo.reach import NoSuchThing, Reach
from plexgap.demo.watchlist import Watchlisted, watched_film, watched_show


class PlexTvChanges(Reach):
    """Changes to the list. Each takes the world's lock. The truth of titles stays: scope hides, it doesn't judge."""

    def add_to_watchlist(self, title: str, year: int | None = None) -> None:
        """Every show and film that the catalogues list by this name comes on the list, as its newest."""
        with self._world.lock:
            now, seed, catalogue = self._world.now(), self._world.seed, self._world.catalogue
            found = [
                watched_show(seed, show, now)
                for show in catalogue.shows.values()
                if show.name == title and year in (None, show.year)
            ]
            found += [
                watched_film(seed, film, now)
                for film in catalogue.films.values()
                if film.title == title and year in (None, film.year)
            ]
            if not found:
                raise NoSuchThing(f"No catalogue lists {title!r}.")
            known = {item.key for item in self._world.watchlist}
            self._keep_list([*self._world.watchlist, *(item for item in found if item.key not in known)])

    def remove_from_watchlist(self, title: str, year: int | None = None) -> None:
        """What is on the list by this name leaves it."""
        with self._world.lock:
            gone = [item for item in self._world.watchlist if item.title == title and year in (None, item.year)]
            if not gone:
                raise NoSuchThing(f"{title!r} is not on the watchlist.")
            self._keep_list([item for item in self._world.watchlist if item not in gone])

    def clear_watchlist(self) -> None:
        """Nothing is on the list."""
        with self._world.lock:
            self._keep_list([])

    def _keep_list(self, items: list[Watchlisted]) -> None:
        self._world.watchlist = items
        self._world.revision += 1
