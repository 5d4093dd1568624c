"""The demo's servers, started and stopped together. Changes when a service joins.

    with DemoServers(make_world()) as demo:
        demo.exports()                                  # the settings that lead a scan to it
        demo.knobs["tmdb"].add("status", "/tv/", status=429, retry_after="1")

A service joins by one row in `_SERVICES`: its place behind the base port, how it is made, the settings it is known by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType

from plexgap.demo.changes import Changes
from plexgap.demo.control import Control
from plexgap.demo.knobs import Knobs
from plexgap.demo.plex_server import PlexServer
from plexgap.demo.plex_tv_server import PlexTvServer
from plexgap.demo.serving import Service, Speaker
from plexgap.demo.tmdb_server import TmdbServer
from plexgap.demo.tvdb_server import TvdbServer
from plexgap.demo.world import DEFAULT_EPISODES, DEFAULT_FILMS, World, make_world


@dataclass(frozen=True, slots=True)
class _Kind:
    """One service: `offset` behind the base port (Plex 0, TMDB 1, TVDB 2, plex.tv 3, Trakt 4)."""

    offset: int
    make: Callable[[World], Speaker]
    settings: Callable[[World, str], dict[str, str]]


_SERVICES: dict[str, _Kind] = {
    "plex": _Kind(
        offset=0,
        make=PlexServer,
        settings=lambda world, url: {"PLEX_BASE_URL": url, "PLEX_TOKEN": world.plex_token},
    ),
    "tmdb": _Kind(
        offset=1,
        make=TmdbServer,
        settings=lambda world, url: {
            "TMDB_BASE_URL": f"{url}/3",
            "TMDB_IMAGE_BASE_URL": f"{url}/t/p",
            "TMDB_API_KEY": world.tmdb_read_token,
        },
    ),
    "tvdb": _Kind(
        offset=2,
        make=TvdbServer,
        settings=lambda world, url: {"TVDB_BASE_URL": f"{url}/v4", "TVDB_API_KEY": world.tvdb_key},
    ),
    "plex_tv": _Kind(
        offset=3,
        make=PlexTvServer,
        settings=lambda world, url: {
            "PLEX_TV_BASE_URL": url,
            "PLEX_DISCOVER_BASE_URL": url,
            "PLEX_APP_BASE_URL": url,
        },
    ),
}


class DemoServers:
    """Every service of one world, answering from the moment this exists until `close`.

    `base_port` None: free ports. PortTaken when one of them is in use.
    """

    def __init__(self, world: World, base_port: int | None = None) -> None:
        self.world = world
        self._services: dict[str, Service] = {}
        for name, kind in _SERVICES.items():
            control = Control(name, self._services, world.change)
            port = 0 if base_port is None else base_port + kind.offset
            try:
                self._services[name] = Service(Knobs(name), kind.make(world), control.answer, port)
                world.urls[name] = self._services[name].url
            except BaseException:
                self.close()
                raise

    @property
    def urls(self) -> Mapping[str, str]:
        """Where each service listens."""
        return {name: service.url for name, service in self._services.items()}

    @property
    def knobs(self) -> Mapping[str, Knobs]:
        """Faults, latency and the log of each service."""
        return {name: service.knobs for name, service in self._services.items()}

    @property
    def change(self) -> Changes:
        """What can happen to the world while it runs."""
        return self.world.change

    def exports(self) -> dict[str, str]:
        """The settings by which a scan finds these servers, under their names in the environment."""
        found: dict[str, str] = {}
        for name, kind in _SERVICES.items():
            found |= kind.settings(self.world, self._services[name].url)
        return found

    def refuse(self, name: str) -> None:
        """Closes a service's port until `listen_again`."""
        self._services[name].refuse()

    def listen_again(self, name: str) -> None:
        self._services[name].listen_again()

    def reset(self) -> None:
        """No fault, no latency, an empty log, every port open."""
        for service in self._services.values():
            service.knobs.clear()
            service.knobs.set_latency(0)
            service.knobs.forget()
            service.listen_again()

    def close(self) -> None:
        for service in self._services.values():
            service.close()

    def __enter__(self) -> DemoServers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(
    base_port: int | None = None, seed: int = 1, episodes: int = DEFAULT_EPISODES, films: int = DEFAULT_FILMS
) -> DemoServers:
    """Makes a world and serves it. PortTaken, a sentence, when a port is in use."""
    return DemoServers(make_world(seed=seed, episodes=episodes, films=films), base_port)
