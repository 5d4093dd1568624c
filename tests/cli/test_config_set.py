"""`config set` and its old form: values, lists, secrets, what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.running import Cli


def stored(cli: Cli) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((cli.home / "config.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("library_name", "Séries", "Séries"),
        ("options.min_owned", "3", 3),
        ("options.exclude_specials", "false", False),
        ("options.missing_policy", "from:S02E05", "from:S02E05"),
        ("libraries", '["TV, Shows", "2"]', ["TV, Shows", "2"]),
        ("libraries", "Anime, TV", ["Anime", "TV"]),
        ("exclusions.shows", "[]", []),
        ("path_mappings", '[{"plex": "/a", "local": "/b"}]', [{"plex": "/a", "local": "/b", "ignore_case": False}]),
        ("plex_token", "${MY_TOKEN}", "${MY_TOKEN}"),
    ],
)
def test_a_setting_is_kept_as_it_is_meant(key: str, value: str, kept: object, cli: Cli) -> None:
    done = cli("config", "set", key, value, env={"MY_TOKEN": "atoken"})
    assert done.code == 0, done.err
    found: Any = stored(cli)
    for part in key.split("."):
        found = found[part]
    assert found == kept
    assert "atoken" not in done.out + done.err
    assert done.out.startswith(f"{key} = ")


def test_lists_are_changed_one_by_one(cli: Cli) -> None:
    assert cli("config", "set", "exclusions.shows", "--add", "One, Two", "--add", "Three", "--add", "Three").code == 0
    assert stored(cli)["exclusions"]["shows"] == ["One, Two", "Three"]
    assert cli("config", "set", "exclusions.shows", "--remove", "Three", "--add", "Four").code == 0
    assert stored(cli)["exclusions"]["shows"] == ["One, Two", "Four"]
    template = '{"label": "Search", "url": "https://x.invalid/?q={query}"}'
    assert cli("config", "set", "link_templates", "--add", template).code == 0
    assert stored(cli)["link_templates"] == [json.loads(template)]
    assert cli("config", "set", "link_templates", "--remove", template).code == 0
    assert stored(cli)["link_templates"] == []


def test_a_row_that_is_taken_from_the_environment_stays_so_when_others_come_and_go(cli: Cli) -> None:
    named = '{"label": "Mine", "url": "${MY_INDEXER}"}'
    other = '{"label": "Search", "url": "https://x.invalid/?q={query}"}'
    env = {"MY_INDEXER": "https://private.invalid/?q={query}"}
    for step in (("--add", named), ("--add", other), ("--remove", other)):
        assert cli("config", "set", "link_templates", *step, env=env).code == 0
        assert stored(cli)["link_templates"][0] == json.loads(named)


def test_a_secret_comes_from_standard_input_and_is_shown_as_stars(cli: Cli) -> None:
    refused = cli("config", "set", "trakt_client_secret", "mysecretkey")
    assert (refused.code, refused.out) == (2, "")
    assert "mysecretkey" not in refused.err
    done = cli("config", "set", "trakt_client_secret", "-", stdin="mysecretkey\n")
    assert (done.code, done.out) == (0, 'trakt_client_secret = "********"\n')
    assert stored(cli)["trakt_client_secret"] == "mysecretkey"
    assert cli("config", "set", "trakt_client_secret", "").code == 0
    assert stored(cli)["trakt_client_secret"] == ""


def test_the_built_in_value_comes_back_and_the_old_form_works(cli: Cli) -> None:
    done = cli("config", "--set", "workers", "3", "--set", "scan_scope", "watchlist_only", "--format", "json")
    assert done.code == 0, done.err
    assert stored(cli)["workers"] == 3
    assert stored(cli)["scan_scope"] == "watchlist_only"
    assert cli("config", "set", "workers", "--default").out == "workers = 8\n"
    assert json.loads(cli("config", "set", "workers", "9", "--format", "json").out) == {"workers": 9}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("options.min_ownd", "3"), "There is no setting options.min_ownd. There is options.min_owned"),
        (("nothing", "3"), "There is no setting nothing."),
        (("workers", "many"), "workers"),
        (("workers", "--add", "3"), "workers is no list: give its value instead."),
        (("libraries", "--remove", "Anime"), "libraries does not hold Anime. Nothing was changed."),
        (("link_templates", "--add", "{nothing"), "is no JSON object"),
        (("workers", "-"), "Only a secret is read from standard input."),
        (("workers",), "Say a VALUE, --add and --remove, or --default."),
        (("workers", "3", "--default"), "Say a VALUE, --add and --remove, or --default."),
        (("workers", "3", "--demo"), "The settings of the invented library are never written."),
        (("tmdb_api_key", "-"), "TMDB_API_KEY in the environment sets it and wins over config.json."),
    ],
    ids=" ".join,
)
def test_what_can_not_be_set_is_2_and_changes_nothing(arguments: tuple[str, ...], said: str, cli: Cli) -> None:
    cli("config", "show")
    before = stored(cli)
    done = cli("config", "set", *arguments, env={"TMDB_API_KEY": "fromoutside"}, stdin="typed\n")
    assert (done.code, done.out) == (2, "")
    assert said in done.err.replace("\n", " ")
    assert stored(cli) == before


def test_an_old_form_ends_as_its_command_does(cli: Cli) -> None:
    for old in (("config", "--set", "workers", "many"), ("config", "--set", "nothing", "1")):
        done = cli(*old)
        assert (done.code, done.out) == (2, "")
    (cli.home / "config.json").write_text('{"workers": "many"}', encoding="utf-8")
    assert cli("config", "--show").code == 2
