"""What a person says of a show, and all decisions to a file and back, against the invented library."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plexgap.demo.world import World
from plexgap.domain.verdicts import State
from tests.cli.running import Cli, with_gaps


def decided(home: Cli) -> Any:
    return json.loads((home.home / "data" / "decisions.json").read_text("utf-8"))


def told(home: Cli, key: str, *options: str) -> Any:
    (show,) = [
        show
        for show in json.loads(home("gaps", *options, "--format", "json").out)["shows"]
        if key in show["plex_rating_keys"]
    ]
    return show


# ---------------------------------------------------------------- override


def test_a_policy_of_one_show_wins_over_the_settings_and_is_said(home: Cli, world: World) -> None:
    truth = with_gaps(world)
    last = truth.missing[-1]
    done = home("override", truth.title, "--policy", f"from:s{last[0]}e{last[1]}")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"Of {truth.title}, what aired from S{last[0]:02d} E{last[1]:02d} on counts.\n"
    assert [(one["season"], one["episode"]) for one in told(home, truth.rating_keys[0])["missing"]] == [last]
    assert home("override", truth.title, "--policy", "default").out == (
        f"{truth.title} is again judged as Plex and your settings say.\n"
    )
    assert decided(home)["overrides"] == []


def test_specials_of_one_show_are_listed_or_left_out_whatever_the_settings_say(home: Cli) -> None:
    every = json.loads(home("gaps", "--include-specials", "--format", "json").out)["shows"]
    wanted = next(show for show in every if any(one["season"] == 0 for one in show["missing"]))
    key = wanted["plex_rating_keys"][0]
    before = told(home, key)
    assert home("override", wanted["title"], "--year", wanted["year"], "--specials", "on").code == 0
    shown = told(home, key)
    assert shown["missing"] == wanted["missing"]
    assert (shown["held"], shown["listed"]) == (before["held"], before["listed"])
    done = home("override", wanted["title"], "--year", wanted["year"], "--specials", "off")
    assert done.out == f"The specials of {wanted['title']} are left out.\n"
    assert told(home, key, "--include-specials")["missing"] == before["missing"]


def test_several_options_are_one_decision_and_each_later_one_joins_it(home: Cli, world: World) -> None:
    one = with_gaps(world)
    other = next(truth for truth in world.truths if truth.state is State.COMPLETE)
    home("override", one.title, "--tmdb", other.tmdb_id, "--specials", "on")
    done = home("override", one.title, "--policy", "latest_season", "--order", "Aired")
    assert done.out.splitlines() == [
        f"{one.title} is now TMDB {other.tmdb_id}: {other.title} ({other.year}).",
        f"{one.title} is judged in aired order.",
        f"Of {one.title}, only the latest season counts.",
        f"The specials of {one.title} are listed, apart from the rest.",
    ]
    made = json.loads(home("override", one.title, "--order", "auto", "--format", "json").out)
    assert made == {
        "version": 1,
        "done": "override",
        "title": one.title,
        "year": one.year,
        "tmdb_id": other.tmdb_id,
        "tmdb_title": f"{other.title} ({other.year})",
        "tvdb_id": None,
        "order": None,
        "policy": "latest_season",
        "specials": True,
    }
    assert len(decided(home)["overrides"]) == 1
    assert home("override", one.title, "--clear").out == (
        f"{one.title} is again judged as Plex and your settings say.\n"
    )
    assert decided(home)["overrides"] == []


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ((), "--tmdb, --tvdb, --order, --policy or --specials"),
        (("--clear", "--specials", "on"), "or else --clear"),
        (("--clear",), "has no override"),
        (("--order", "sideways"), "aired, dvd, absolute, alternate, regional, group:ID or auto"),
        (("--order", "group:"), "is no order"),
        (("--policy", "some"), "latest_season, from:S02E05 or default"),
        (("--policy", "from:S02"), "is no policy"),
        (("--specials", "yes"), "'on', 'off', 'default'"),
        (("--tmdb", "0"), "--tmdb"),
        (("--tvdb", "x"), "--tvdb"),
    ],
)
def test_what_cannot_be_meant_is_2_and_says_what_can(
    home: Cli, world: World, options: tuple[str, ...], word: str
) -> None:
    done = home("override", with_gaps(world).title, *options)
    assert (done.code, done.out) == (2, "")
    assert word in done.err
    assert not (home.home / "data" / "decisions.json").exists()


@pytest.mark.parametrize("options", [("--tvdb", "81189"), ("--order", "dvd")])
def test_what_thetvdb_alone_knows_is_2_without_its_key(home: Cli, world: World, options: tuple[str, ...]) -> None:
    done = home("override", with_gaps(world).title, *options, env={"TVDB_API_KEY": ""})
    assert (done.code, done.out) == (2, "")
    assert "no TheTVDB key" in done.err


def test_an_override_holds_at_once_and_is_kept_while_plex_is_away(home: Cli, world: World) -> None:
    truth = with_gaps(world)
    other = next(truth for truth in world.truths if truth.state is State.COMPLETE)
    home("override", truth.title, "--tmdb", other.tmdb_id)
    assert told(home, truth.rating_keys[0])["tmdb_id"] == other.tmdb_id
    done = home("override", truth.title, "--clear", env={"PLEX_BASE_URL": "http://127.0.0.1:9"})
    assert done.code == 0
    assert "The next check judges it so." in done.err
    assert decided(home)["overrides"] == []


# ---------------------------------------------------------------- decisions export, import


def test_decisions_go_to_a_file_and_come_back_elsewhere(home: Cli, world: World, tmp_path: Path) -> None:
    truth = with_gaps(world)
    home("ignore", truth.title, "--season", truth.missing[0][0], "--episode", truth.missing[0][1])
    home("override", truth.title, "--policy", "latest_season")
    file = tmp_path / "mine.json"
    done = home("decisions", "export", file)
    assert (done.code, done.out, done.err) == (0, f"1 ignore and 1 choice written to {file}.\n", "")
    assert file.stat().st_mode & 0o777 == 0o600
    new = Cli.at(tmp_path / "new", {k: v for k, v in home.env.items() if not k.startswith("PLEXGAP_")})
    assert new("decisions", "import", file).out == "1 ignore and 1 choice read.\n"
    assert new("decisions", "import", file).out == "1 ignore and 1 choice read, 2 were there already.\n"
    assert {k: v for k, v in decided(new).items() if k != "version"} == {
        k: v for k, v in decided(home).items() if k != "version"
    }


def test_an_exported_file_is_readable_and_holds_no_secret(home: Cli, world: World) -> None:
    home("ignore", with_gaps(world).title, "--reason", "not for us")
    done = home("decisions", "export", "-")
    made = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert list(made)[:3] == ["kind", "exported_at", "version"]
    assert '\n   "reason": "not for us",\n' in done.out
    assert home.env["PLEX_TOKEN"] not in done.out
    assert home.env["TMDB_API_KEY"] not in done.out


def test_standard_input_is_read_too_and_told_as_json(home: Cli, world: World, tmp_path: Path) -> None:
    home("ignore", with_gaps(world).title)
    made = home("decisions", "export", "-").out
    new = Cli.at(tmp_path / "new")
    done = new("decisions", "import", "-", "--format", "json", stdin=made)
    assert json.loads(done.out) == {
        "version": 1,
        "done": "import",
        "ignores": 1,
        "overrides": 0,
        "there": 0,
        "unreadable": 0,
    }


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"version": 1, "watched": []}', '{"version": 9, "ignores": []}'])
def test_a_file_of_something_else_is_2_and_changes_nothing(home: Cli, world: World, text: str) -> None:
    home("ignore", with_gaps(world).title)
    before = decided(home)
    file = home.home / "other.json"
    file.write_text(text, "utf-8")
    done = home("decisions", "import", file)
    assert (done.code, done.out) == (2, "")
    assert f"{file} " in done.err
    assert "Nothing was changed" in done.err
    assert decided(home) == before


def test_places_where_no_file_of_decisions_belongs_are_2(home: Cli, world: World) -> None:
    home("ignore", with_gaps(world).title)
    own = home.home / "data" / "decisions.json"
    assert home("decisions", "export", own).code == 2
    assert home("decisions", "export", home.home).code == 2
    assert home("decisions", "import", home.home / "nowhere.json").code == 2
    assert home("decisions", "import", home.home).code == 2
    assert len(decided(home)["ignores"]) == 1
