"""A library that was checked before a dashboard starts, with something on every page, some of it with titles made of
markup."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from plexgap import config, wiring
from plexgap.demo.servers import DemoServers
from plexgap.domain import events
from plexgap.domain.decisions import Ignore, Level, Override, TitleRef
from plexgap.domain.events import Change, RunStatus, Stats
from plexgap.domain.ids import ExternalId, Source
from plexgap.domain.verdicts import State
from plexgap.wiring import House
from tests.homes import checked_once

SCRIPT = "<script>alert(1)</script>"
PICTURE = "![x](http://example.invalid/x.png)"
HOSTILE = f"{SCRIPT} {PICTURE}"
PAGES = {
    "missing": "",
    "upcoming": "upcoming",
    "collections": "collections",
    "library": "library",
    "activity": "activity",
    "maintenance": "maintenance",
    "settings": "settings",
}


def full_home(folders: pytest.TempPathFactory, home: Path, demo: DemoServers, *, hostile: bool) -> None:
    """The invented library, checked, with something decided of each sort. `hostile`: some titles are markup."""
    if hostile:
        _retitle(demo)
    copied = checked_once(folders, demo.world.made_at, alter=_retitle if hostile else None)
    shutil.copytree(copied, home, dirs_exist_ok=True)
    loaded = config.load(home, env=demo.exports(), config_path=home / "config.json", home=home, write_defaults=True)
    if hostile:
        link = {"label": HOSTILE[:60], "url": "https://example.invalid/{query}"}
        loaded = config.save(loaded, {"link_templates": [link], "path_mappings": [{"plex": "/a", "local": "/b"}]})
    house = wiring.open_house(loaded)
    _decide(house, HOSTILE if hostile else "Paper Wolves")
    _record(house, HOSTILE if hostile else "Paper Wolves")
    house.close()


def _retitle(demo: DemoServers) -> None:
    """Every library, one show with gaps, one with an episode ahead, one that nobody can tell apart."""
    for section in demo.world.library.sections:
        section.title = f"{PICTURE} {section.title}"
    truths = [truth for truth in demo.world.truths if len(truth.rating_keys) == 1]
    titles = [truth.title for truth in demo.world.truths]
    once = [truth for truth in truths if titles.count(truth.title) == 1]
    ahead = next(truth for truth in once if truth.upcoming)
    lacking = next(truth for truth in once if truth.state is State.GAPS and truth is not ahead)
    unknown = next(truth for truth in once if truth.state is State.NEEDS_MAPPING)
    for truth in (ahead, lacking, unknown):
        demo.change.retitle(truth.title, f"{HOSTILE} {truth.title}")


def _decide(house: House, title: str) -> None:
    def ref(key: str) -> TitleRef:
        return TitleRef(frozenset({ExternalId(Source.TMDB, "99999999")}), frozenset({f"plex://{key}"}), title, 1993)

    now = house.now()
    house.decisions.add_ignore(Ignore("show", ref("show/1"), Level.SHOW, now, reason=title))
    house.decisions.add_ignore(Ignore("episode", ref("show/2"), Level.EPISODE, now, season=1, numbers=(4,)))
    house.decisions.add_ignore(Ignore("film", ref("movie/1"), Level.MOVIE, now))
    house.decisions.set_override(Override(ref("show/3"), now, tmdb_id=900412, echo=title))


def _record(house: House, title: str) -> None:
    met: list[events.Event] = [Change("added", "movie", f"{title} {number}") for number in range(30)]
    met.append(events.Warning("show", title, "TMDB did not answer."))
    run = house.index.begin_run("incremental", house.now(), "the command line")
    house.index.record(run, met, house.now())
    house.index.finish_run(run, RunStatus.PARTIAL, Stats(seconds=3, changes=30), "So it is.", house.now())
