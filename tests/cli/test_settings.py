from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from plexgap.cli.exits import Exit
from plexgap.domain.catalogue import AIRED, Listing
from plexgap.domain.ids import Source
from plexgap.store.cache import Listings
from plexgap.store.locks import scan_lock
from tests.cli.running import Cli

IMPORTS = """
import sys, time
begun = time.perf_counter()
sys.argv = ["plexgap", {arguments}]
from plexgap.cli.main import main
code = main()
slow = [name for name in ("streamlit", "plexapi", "requests_cache", "requests", "pydantic") if name in sys.modules]
print(code, ",".join(slow), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", ['"--help"', '"scan", "--help"', '"scan", "--mode", "half"'])
def test_starting_imports_nothing_slow(cli: Cli, arguments: str) -> None:
    code = IMPORTS.format(arguments=arguments)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=cli.process_env, check=True, timeout=60
    )
    assert done.stderr.splitlines()[-1] in ("0 ", "2 ")


def test_every_command_tells_its_help_without_old_forms(cli: Cli) -> None:
    listed = cli("--help").out
    for name in ("scan", "gaps", "episodes", "rescan", "ignore", "unignore", "override", "config", "cache", "demo"):
        told = cli(name, "--help")
        assert told.code == 0
        assert f"\n  {name} " in listed
        for hidden in ("--verbose", "--quiet", "--clear-cache", "--title ", "--show"):
            assert hidden not in told.out


def test_no_command_prints_help_on_standard_error_and_is_wrong_usage(cli: Cli) -> None:
    done = cli()
    assert (done.code, done.out) == (2, "")
    assert "Commands:" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("frobnicate",),
        ("gaps", "--as-of", "yesterday"),
        ("gaps", "--format", "xml"),
        ("scan", "--mode", "half"),
        ("gaps", "-q", "-v"),
        ("config", "show", "--format", "csv"),
        ("rescan",),
        ("rescan", "One", "--title", "Two"),
        ("ignore", "One", "--season", "1", "--episode", "7-3"),
        ("ignore", "One", "--episode", "3"),
        ("override", "One"),
        ("override", "One", "--tmdb", "3", "--clear"),
        ("--plex-url", "plex.example", "gaps"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2_with_a_sentence_on_standard_error_alone(cli: Cli, arguments: tuple[str, ...]) -> None:
    done = cli(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.strip()


def test_a_kind_that_is_none_is_wrong_usage_and_the_kinds_are_named(cli: Cli) -> None:
    done = cli("gaps", "--only", "songs")
    assert done.code == 2
    assert "'shows', 'movies'" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", "json", "--plex-url", "http://plex.example:1", "config", "show"),
        ("config", "--format", "json", "show", "--plex-url", "http://plex.example:1"),
        ("config", "show", "--format", "json", "--plex-url", "http://plex.example:1"),
        ("--format", "text", "config", "show", "--format", "json", "--plex-url", "http://plex.example:1"),
        ("config", "--show", "--format", "json", "--plex-url", "http://plex.example:1"),
    ],
    ids=["before", "between", "after", "the nearest wins", "old form"],
)
def test_global_options_stand_before_or_after_the_command(cli: Cli, arguments: tuple[str, ...]) -> None:
    done = cli(*arguments)
    assert done.code == 0
    assert json.loads(done.out)["plex_base_url"] == {
        "value": "http://plex.example:1",
        "source": "option",
        "name": None,
    }


def test_settings_are_shown_with_their_source_and_secrets_as_stars(cli: Cli) -> None:
    (cli.home / "config.json").write_text('{"library_name": "Séries"}', encoding="utf-8")
    done = cli("config", "show", env={"PLEX_TOKEN": "verysecrettoken"})
    assert done.code == 0
    assert 'library_name = "Séries"  (config.json)' in done.out
    assert 'plex_token = "********"  (environment: PLEX_TOKEN)' in done.out
    assert "workers = 8  (default)" in done.out
    assert "verysecret" not in done.out + done.err


def test_a_wrong_value_is_2_and_names_key_value_and_what_is_allowed(cli: Cli) -> None:
    (cli.home / "config.json").write_text('{"options": {"recent_threshold_hours": 100}}', encoding="utf-8")
    for arguments in (("config", "validate"), ("gaps",)):
        done = cli(*arguments)
        assert (done.code, done.out) == (2, "")
        assert "options.recent_threshold_hours" in done.err
        assert "100" in done.err
        assert "from 0 to 72" in done.err


def test_validate_leaves_a_broken_file_where_it_is(cli: Cli) -> None:
    (cli.home / "config.json").write_text('{"workers": ', encoding="utf-8")
    done = cli("config", "validate")
    assert (done.code, done.out) == (2, "")
    assert "is no settings file: line 1" in done.err
    assert [path.name for path in cli.home.iterdir()] == ["config.json"]


def test_validate_says_what_a_check_still_needs(cli: Cli) -> None:
    done = cli("config", "validate", env={"PLEX_TOKEN": "token"})
    assert done.code == 0
    assert "needs these too: tmdb_api_key." in done.out


def test_other_commands_set_a_broken_file_aside_and_say_so_first(cli: Cli) -> None:
    (cli.home / "config.json").write_text("{", encoding="utf-8")
    done = cli("config", "show")
    assert done.code == 0
    assert "config.json.broken-" in done.err
    assert any(path.name.startswith("config.json.broken-") for path in cli.home.iterdir())


def test_the_path_is_that_of_the_option_or_the_environment(cli: Cli) -> None:
    assert cli("config", "path").out == f"{cli.home / 'config.json'}\n"
    assert cli("config", "path", "--config", cli.home / "x.json").out == f"{cli.home / 'x.json'}\n"
    assert cli("--demo", "config", "path").out == f"{cli.home / 'data' / 'demo' / 'config.json'}\n"


def test_the_demo_never_writes_settings_and_reads_none_of_the_persons(cli: Cli) -> None:
    done = cli("--demo", "config", "show", "--format", "json", env={"PLEX_TOKEN": "mine"})
    assert json.loads(done.out)["plex_token"]["source"] == "default"
    assert not any(cli.home.rglob("config.json"))


def test_cache_is_counted_and_emptied_and_old_forms_work(cli: Cli) -> None:
    listings = Listings(cli.home / "data" / "cache")
    fetched = datetime(2026, 11, 2, tzinfo=UTC)
    for number in (1, 2):
        at = fetched + timedelta(days=number)
        listings.save(Listing(Source.TMDB, number, AIRED, "A", None, "Ended", frozenset(), (), at))
        os.utime(cli.home / "data" / "cache" / listings.listing_file(Source.TMDB, number), 2 * (at.timestamp(),))
    (cli.home / "data" / "cache" / "http.sqlite").write_bytes(b"etags")
    told = json.loads(cli("cache", "stats", "--format", "json").out)
    assert (told["titles"], told["oldest"]) == (2, "2026-11-03T00:00:00Z")
    assert "2 listings" in cli("cache", "stats").out
    assert cli("cache", "--clear").out == "Emptied: 2 files.\n"
    assert not (cli.home / "data" / "cache" / "http.sqlite").exists()
    assert cli("--clear-cache").out == "Emptied: 0 files.\n"


def test_nothing_is_emptied_while_a_check_runs(cli: Cli) -> None:
    kept = cli.home / "data" / "cache" / "http.sqlite"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"etags")
    with scan_lock(cli.home / "data" / "scan.lock", "the schedule"):
        done = cli("cache", "clear")
    assert (done.code, kept.exists()) == (Exit.BUSY, True)
    assert "the schedule" in done.err
