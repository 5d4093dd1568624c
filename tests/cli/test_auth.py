"""`auth`: signing in to Plex with a code, tokens and keys; tested before saved, and never an argument."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from plexgap.demo.servers import DemoServers
from tests.cli.running import Cli, Ended

ADDRESSES = ("TMDB_BASE_URL", "TVDB_BASE_URL", "PLEX_TV_BASE_URL")


@pytest.fixture(autouse=True)
def _whole_again(demo: DemoServers) -> Iterator[None]:
    yield
    demo.reset()


@pytest.fixture
def cli(tmp_path: Any, demo: DemoServers) -> Cli:
    """Nothing set but where the invented services are."""
    return Cli.at(tmp_path, {name: demo.exports()[name] for name in ADDRESSES})


def stored(cli: Cli) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((cli.home / "config.json").read_text(encoding="utf-8"))
    return found


def sign_in(demo: DemoServers, cli: Cli, *arguments: object, answer: dict[str, str] | None = None) -> Ended:
    """Runs the command while somebody enters its code at plex.tv, as soon as it was made."""
    done = threading.Event()

    def confirm() -> None:
        while not done.wait(0.01):
            if demo.world.codes:
                form = {"code": demo.world.codes[-1], **(answer or {})}
                requests.post(f"{demo.urls['plex_tv']}/link", data=form, timeout=5)
                return

    demo.world.codes.clear()
    person = threading.Thread(target=confirm)
    person.start()
    try:
        return cli("auth", "plex", "--login", *arguments)
    finally:
        done.set()
        person.join()


def test_signing_in_with_a_code_finds_and_keeps_ones_own_server(demo: DemoServers, cli: Cli) -> None:
    done = sign_in(demo, cli)
    assert done.code == 0, done.err
    assert re.search(rf"Open {demo.urls['plex_tv']}/link and enter [A-Z0-9]{{4}}\. Waiting", done.err)
    assert "Taking Invented Library, your own." in done.err
    assert "Friend & <b>Co</b>, shared by ola" in done.err
    assert done.out.startswith("Signed in as mara. Connected to Invented Library, 4 libraries, ")
    assert stored(cli)["plex_base_url"] == demo.urls["plex"]
    assert stored(cli)["plex_token"] == demo.world.plex_token
    assert (cli.home / "config.json").stat().st_mode & 0o777 == 0o600
    assert demo.world.plex_token not in done.out + done.err


def test_a_server_that_answers_nowhere_is_unreachable_and_nothing_is_saved(demo: DemoServers, cli: Cli) -> None:
    done = sign_in(demo, cli, "--server", "friend & <b>co</b>")
    assert (done.code, done.out) == (5, "")
    assert "answers on none of the addresses that plex.tv knows" in done.err
    assert stored(cli)["plex_token"] == ""


def test_a_server_that_the_account_has_not_is_named_with_those_it_has(demo: DemoServers, cli: Cli) -> None:
    done = sign_in(demo, cli, "--server", "Attic")
    assert done.code == 2
    assert "No server is called 'Attic'" in done.err
    assert "1. Invented Library" in done.err


def test_a_refused_sign_in_is_4(demo: DemoServers, cli: Cli) -> None:
    done = sign_in(demo, cli, answer={"refuse": "1"})
    assert (done.code, done.out) == (4, "")
    assert "or was refused there. Begin again." in done.err


def test_a_plex_tv_that_is_away_is_5(demo: DemoServers, cli: Cli) -> None:
    demo.refuse("plex_tv")
    done = cli("auth", "plex", "--login")
    assert (done.code, done.out) == (5, "")
    assert "plex.tv did not answer" in done.err


def test_a_token_is_tested_at_the_address_that_is_given_with_it(demo: DemoServers, cli: Cli) -> None:
    address = demo.urls["plex"]
    wrong = cli("auth", "plex", "--token", "-", "--plex-url", address, stdin="wrong\n")
    assert (wrong.code, wrong.out) == (4, "")
    assert stored(cli)["plex_token"] == ""
    done = cli("auth", "plex", "--token", "-", "--plex-url", address, stdin=f"{demo.world.plex_token}\n")
    assert done.code == 0, done.err
    assert "Connected to Invented Library, 4 libraries" in done.out
    assert (stored(cli)["plex_base_url"], stored(cli)["plex_token"]) == (address, demo.world.plex_token)


def test_keys_are_read_from_standard_input_and_kept_only_when_they_work(demo: DemoServers, cli: Cli) -> None:
    refused = cli("auth", "tmdb", "--key", "-", stdin="wrong\n")
    assert (refused.code, stored(cli)["tmdb_api_key"]) == (4, "")
    done = cli("auth", "tmdb", "--key", "-", "--format", "json", stdin=demo.world.tmdb_key)
    assert done.code == 0, done.err
    assert json.loads(done.out) == {"version": 1, "done": "auth", "service": "tmdb"}
    assert stored(cli)["tmdb_api_key"] == demo.world.tmdb_key
    both = f"{demo.world.tvdb_user_key}\n{demo.world.tvdb_pin}\n"
    assert cli("auth", "tvdb", "--key", "-", stdin=demo.world.tvdb_user_key).code == 4
    done = cli("auth", "tvdb", "--key", "-", "--pin", "-", stdin=both)
    assert (done.code, done.out) == (0, "The key works. Saved.\n")
    assert stored(cli)["tvdb_pin"] == demo.world.tvdb_pin
    assert cli("auth", "tvdb", "--pin", "-", stdin="wrong\n").code == 4, "another PIN of the key that is kept"
    assert cli("auth", "tvdb", "--key", "-", stdin=demo.world.tvdb_key).code == 0
    assert (stored(cli)["tvdb_api_key"], stored(cli)["tvdb_pin"]) == (demo.world.tvdb_key, ""), "a key has its own PIN"


@pytest.mark.parametrize(
    ("arguments", "stdin", "said"),
    [
        (("tmdb", "--key", "mysecretkey"), None, "stays in the shell's history. Write --key -"),
        (("plex", "--token", "mysecretkey"), None, "stays in the shell's history. Write --token -"),
        (("tmdb", "--key"), None, "no terminal to ask on. Write --key -"),
        (("tmdb", "--key", "-"), "\n", "The TMDB key is empty."),
        (("tmdb",), None, "Say --key"),
        (("tvdb",), None, "Say --key"),
        (("tvdb", "--pin", "-"), "1\n", "There is no TheTVDB key yet. Say --key too."),
        (("plex",), None, "Say either --login or --token."),
        (("plex", "--login", "--token", "-"), "x\n", "Say either --login or --token."),
        (("plex", "--token", "-", "--server", "A"), "x\n", "--server goes with --login."),
        (("plex", "--login", "--demo"), None, "The invented library needs no key"),
    ],
)
def test_what_can_not_be_done_is_2_and_a_secret_is_never_an_argument(
    arguments: tuple[str, ...], stdin: str | None, said: str, cli: Cli
) -> None:
    done = cli("auth", *arguments, stdin=stdin)
    assert (done.code, done.out) == (2, "")
    assert said in done.err.replace("\n", " ")
    assert "mysecretkey" not in done.err


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("plex", "--login"), "PLEX_TOKEN"),
        (("plex", "--token", "-"), "PLEX_TOKEN"),
        (("tmdb", "--key", "-"), "TMDB_API_KEY"),
        (("tvdb", "--key", "-"), "TVDB_API_KEY"),
        (("tvdb", "--pin", "-"), "TVDB_PIN"),
    ],
)
def test_what_the_environment_sets_is_refused_before_anyone_is_asked(
    arguments: tuple[str, ...], name: str, cli: Cli, demo: DemoServers
) -> None:
    demo.reset()
    done = cli("auth", *arguments, env={name: "fromoutside"}, stdin="typed\n")
    assert (done.code, done.out) == (2, "")
    assert f"{name} in the environment sets it and wins over config.json. Change it there." in done.err
    assert [knobs.count for knobs in demo.knobs.values()] == [0, 0, 0, 0]


def test_a_command_without_a_key_says_which_command_takes_it(cli: Cli) -> None:
    for names, command in (({}, "auth plex --login"), ({"PLEX_TOKEN": "a-token"}, "auth tmdb")):
        done = cli("scan", env=names)
        assert done.code == 2
        assert done.err.rstrip().endswith(f"Enter it in the settings. In a terminal: {command}")
