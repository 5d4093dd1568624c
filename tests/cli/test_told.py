"""What a check tells on standard error: what changed, with -v why it looked, with --debug also where it did not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from plexgap.demo.servers import DemoServers
from plexgap.demo.truth import ShowTruth
from plexgap.demo.world import World
from tests.cli.running import Cli, with_gaps

TMDB_ODDITY = "which is no date"


@pytest.fixture
def lacking(demo: DemoServers, world: World) -> Iterator[ShowTruth]:
    """A show whose missing episodes may come into Plex; they leave with the test."""
    truth = with_gaps(world)
    before = truth.missing
    yield truth
    for season, number in set(before) - set(truth.missing):
        demo.change.remove_episode(truth.title, season, number)


def add_one(demo: DemoServers, truth: ShowTruth) -> tuple[int, int]:
    season, number = truth.missing[0]
    demo.change.add_episode(truth.title, season, number)
    return season, number


def told(text: str) -> list[str]:
    """The lines, but for what the invented TMDB always has wrong."""
    return [line for line in text.splitlines() if TMDB_ODDITY not in line]


def test_a_check_that_meets_no_change_says_nothing_of_changes(home: Cli, demo: DemoServers) -> None:
    done = home("scan", env=demo.exports())
    assert [line for line in told(done.err) if line.startswith(("Added", "Removed", "Changed", "Upgraded"))] == []


def test_a_change_is_one_line_and_the_same_in_the_record(home: Cli, demo: DemoServers, lacking: ShowTruth) -> None:
    season, number = add_one(demo, lacking)
    done = home("scan", env=demo.exports())
    line = f"Added episode: {lacking.title} S{season:02d} E{number:02d}"
    assert line in told(done.err)
    assert any(other.startswith(f"{lacking.title}: 1 filled, 0 new, ") for other in told(done.err))
    newest = json.loads(home("runs", "--format", "json").out)["runs"][0]
    assert newest["stats"]["changes"] >= 2
    assert f"  {line}" in "".join(part[10:] + "\n" for part in home("runs", newest["run"]).out.splitlines())


def test_quiet_says_nothing_at_all(home: Cli, demo: DemoServers, lacking: ShowTruth) -> None:
    add_one(demo, lacking)
    assert home("scan", "-q", env=demo.exports()).err == ""


def test_verbose_names_each_show_that_is_read_again_and_the_signal_that_moved(
    home: Cli, demo: DemoServers, lacking: ShowTruth
) -> None:
    add_one(demo, lacking)
    lines = told(home("scan", "-v", env=demo.exports()).err)
    (why,) = [line for line in lines if line.startswith(f"{lacking.title}: its episodes are read, ")]
    assert re.search(r"\w+ was \S.*, is \S", why)
    assert not any("plexgap." in line or "INFO" in line for line in lines)
    assert not skipped(lines) & titles(home)


def test_debug_names_each_title_that_is_not_read_too(home: Cli, demo: DemoServers, lacking: ShowTruth) -> None:
    add_one(demo, lacking)
    lines = told(home("scan", "--debug", env=demo.exports()).err)
    assert len(skipped(lines) & titles(home)) > len(titles(home)) / 2
    assert lacking.title not in skipped(lines)


def skipped(lines: list[str]) -> set[str]:
    """What was not read, as the lines name it: libraries and titles."""
    end = ": nothing moved, not read"
    return {line.removesuffix(end) for line in lines if line.endswith(end)}


def titles(home: Cli) -> set[str]:
    return {show["title"] for show in json.loads(home("gaps", "--only", "shows", "--format", "json").out)["shows"]}
