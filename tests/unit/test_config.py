"""Settings: which place wins, what is refused and in which words, and what is never lost or shown."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path

import pytest

from plexgap.config import KEYS, Loaded, Origin, Settings, load, masked, save
from plexgap.config.form import WITHOUT_EFFECT
from plexgap.domain.errors import ConfigError, StoreError

SECRET = "s3cr3t-t0ken"


def stored(root: Path, content: Mapping[str, object] | str) -> Path:
    path = root / "config.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def on_disk(root: Path) -> dict[str, object]:
    held = json.loads((root / "config.json").read_text(encoding="utf-8"))
    assert isinstance(held, dict)
    return held


def loaded(root: Path, env: Mapping[str, str] | None = None, **overrides: object) -> Loaded:
    return load(root, env=env or {}, overrides=overrides)


def refusal(root: Path, env: Mapping[str, str] | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        loaded(root, env)
    return caught.value


# ---------------------------------------------------------------- which place wins


def test_without_any_file_the_defaults_stand(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    assert found.settings.plex_base_url == "http://127.0.0.1:32400"
    assert found.settings.options.recent_threshold_hours == 24
    assert found.paths.library_db == tmp_path / "data" / "library.db"
    assert set(found.origins.values()) == {Origin.DEFAULT}
    assert found.notices == ()
    assert list(tmp_path.iterdir()) == []


def test_each_layer_wins_over_the_one_below(tmp_path: Path) -> None:
    def winner(env: Mapping[str, str], **overrides: object) -> tuple[str, Origin, str | None]:
        found = loaded(tmp_path, env, **overrides)
        name = found.env_names.get("library_name")
        return found.settings.library_name, found.origins["library_name"], name

    stored(tmp_path, {"library_name": "from config"})
    assert winner({}) == ("from config", Origin.CONFIG, None)
    (tmp_path / ".env").write_text('PLEX_LIBRARY_NAME="from dotenv"\n', encoding="utf-8")
    assert winner({}) == ("from dotenv", Origin.DOTENV, "PLEX_LIBRARY_NAME")
    env = {"PLEX_LIBRARY_NAME": "from environment"}
    assert winner(env) == ("from environment", Origin.ENVIRONMENT, "PLEX_LIBRARY_NAME")
    assert winner(env, library_name="from option") == ("from option", Origin.OPTION, None)
    assert winner(env, library_name=None)[1] is Origin.ENVIRONMENT


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"PLEX_URL": "http://a:1"}, "http://a:1"),
        ({"PLEX_URL": "http://a:1", "PLEX_BASE_URL": "http://b:2"}, "http://b:2"),
        ({"PLEX_BASE_URL": "  ", "PLEX_URL": ""}, "http://127.0.0.1:32400"),
        ({"PLEX_BASE_URL": " http://a:1/plex/ "}, "http://a:1/plex"),
    ],
)
def test_plex_address_comes_from_either_name_and_blank_ones_count_as_unset(
    tmp_path: Path, env: Mapping[str, str], expected: str
) -> None:
    assert loaded(tmp_path, env).settings.plex_base_url == expected


def test_a_name_in_the_environment_wins_over_the_better_known_name_in_dotenv(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PLEX_BASE_URL=http://dotenv:1\n", encoding="utf-8")
    assert loaded(tmp_path, {"PLEX_URL": "http://env:1"}).settings.plex_base_url == "http://env:1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("TV Shows, Anime,", ("TV Shows", "Anime")), ('["Kids, all ages", "2"]', ("Kids, all ages", "2")), ("3", ("3",))],
)
def test_libraries_in_the_environment_are_a_comma_list_or_json(
    tmp_path: Path, text: str, expected: tuple[str, ...]
) -> None:
    assert loaded(tmp_path, {"PLEX_LIBRARY_NAMES": text}).settings.libraries == expected
    assert loaded(tmp_path, {"PLEX_TV_SECTION_KEY": text}).settings.libraries == expected


@pytest.mark.parametrize(("text", "expected"), [("false", False), ("0", False), ("No", False), ("TRUE", True)])
def test_switches_in_the_environment_are_read_as_people_write_them(tmp_path: Path, text: str, expected: bool) -> None:
    assert loaded(tmp_path, {"INCLUDE_DMM_LINK": text}).settings.include_dmm_link is expected


def test_section_keys_may_stand_as_numbers_and_null_means_the_default(tmp_path: Path) -> None:
    stored(tmp_path, {"libraries": [1, "TV"], "workers": None, "options": None, "tvdb_pin": 1234})
    settings = loaded(tmp_path).settings
    assert (settings.libraries, settings.workers, settings.tvdb_pin) == (("1", "TV"), 8, "1234")


def test_dotenv_is_taken_literally_with_quotes_comments_and_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "\ufeff# mine\nexport TMDB_API_KEY='a$b${HOME}' # key\nPLEXGAP_HOME=elsewhere\n", encoding="utf-8"
    )
    found = loaded(tmp_path, {"HOME": "/root"})
    assert found.settings.tmdb_api_key == "a$b${HOME}"
    assert found.paths.home == tmp_path / "elsewhere"


def test_dotenv_and_relative_paths_belong_to_the_folder_of_the_config_file(tmp_path: Path) -> None:
    root, own = tmp_path / "app", tmp_path / "mine"
    own.mkdir()
    stored(own, {"db_path": "db/lib.db"})
    (own / ".env").write_text("PLEX_TOKEN=abc\n", encoding="utf-8")
    env = {"PLEXGAP_CONFIG": str(own / "config.json"), "PLEXGAP_HOME": str(tmp_path / "data")}
    found = load(root, env=env)
    assert found.settings.plex_token == "abc"
    assert found.paths.library_db == own / "db" / "lib.db"
    assert found.paths.decisions == tmp_path / "data" / "decisions.json"
    assert load(root, env=env, home=tmp_path / "option").paths.home == tmp_path / "option"


# ---------------------------------------------------------------- ${NAME}


def test_a_reference_is_read_from_the_environment_or_dotenv(tmp_path: Path) -> None:
    stored(tmp_path, {"plex_token": "${MY_TOKEN}", "libraries": "${LIBS}", "exclusions": {"shows": ["${ONE}"]}})
    (tmp_path / ".env").write_text("MY_TOKEN=from-dotenv\nONE=Odd Show\n", encoding="utf-8")
    found = loaded(tmp_path, {"LIBS": "A,B"})
    assert found.settings.plex_token == "from-dotenv"
    assert found.settings.libraries == ("A", "B")
    assert found.settings.exclusions.shows == ("Odd Show",)
    assert found.origins["plex_token"] is Origin.CONFIG
    assert found.env_names["plex_token"] == "MY_TOKEN"


def test_a_reference_to_nothing_is_wrong_unless_a_higher_layer_says_the_value(tmp_path: Path) -> None:
    stored(tmp_path, {"plex_token": "${NOWHERE}"})
    error = refusal(tmp_path)
    assert error.field == "plex_token"
    assert "${NOWHERE}" in error.advice
    assert loaded(tmp_path, {"PLEX_TOKEN": "abc"}).settings.plex_token == "abc"


# ---------------------------------------------------------------- wrong values


@pytest.mark.parametrize(
    ("content", "field", "words"),
    [
        ({"workers": "many"}, "workers", ("config.json", '"many"', "whole number from 1 to 64")),
        ({"workers": True}, "workers", ("true", "whole number")),
        ({"workers": 0}, "workers", ("holds 0;",)),
        ({"options": {"recent_threshold_hours": 100}}, "options.recent_threshold_hours", ("100", "from 0 to 72")),
        ({"options": ["x"]}, "options", ("object",)),
        ({"libraries": "TV Shows"}, "libraries", ('"TV Shows"', "a list")),
        ({"scan_scope": "some"}, "scan_scope", ("all_library or watchlist_only",)),
        ({"plex_base_url": "192.168.1.20:32400"}, "plex_base_url", ('"192.168.1.20:32400"', "http://")),
        ({"plex_base_url": "ftp://host"}, "plex_base_url", ("http://",)),
        ({"plex_base_url": "http://host:port"}, "plex_base_url", ("http://",)),
        ({"dmm_base_url": "javascript://x"}, "dmm_base_url", ("http://",)),
        ({"requests_per_second": float("nan")}, "requests_per_second", ("0 for no limit",)),
        ({"trakt": {"sync": ["watched", "dreams"]}}, "trakt.sync", ("dreams", "watchlist")),
        ({"path_mappings": [{"plex": "/a", "locale": "/b"}]}, "path_mappings", ("ignore_case",)),
        ({"options": {"missing_policy": "from:2x5"}}, "options.missing_policy", ("from:S02E05",)),
    ],
)
def test_a_wrong_value_says_which_key_what_it_is_and_what_is_allowed(
    tmp_path: Path, content: Mapping[str, object], field: str, words: tuple[str, ...]
) -> None:
    stored(tmp_path, content)
    error = refusal(tmp_path)
    assert error.field == field
    for word in (field, *words):
        assert word in error.advice


def test_the_first_wrong_value_is_told_and_the_others_are_named(tmp_path: Path) -> None:
    stored(tmp_path, {"workers": -1, "provider": "imdb", "options": {"min_owned": "x"}})
    error = refusal(tmp_path)
    assert error.field == "provider"
    assert "Also wrong: options.min_owned, workers." in error.advice


def test_a_wrong_value_from_the_environment_names_the_variable(tmp_path: Path) -> None:
    assert "the environment (PLEX_SCAN_SCOPE)" in refusal(tmp_path, {"PLEX_SCAN_SCOPE": "everything"}).advice


@pytest.mark.parametrize(
    "content",
    [
        {"plex_token": f"{SECRET} x"},
        {"plex_token": [SECRET]},
        {"plex_base_url": f"http://me:{SECRET}@host"},
        {"plex_base_url": f"http://host/?X-Plex-Token={SECRET}"},
        {"link_templates": [{"label": "mine", "adress": f"http://host/?apikey={SECRET}"}]},
        {"scan_scope": "${PRIVATE}"},
    ],
)
def test_no_secret_reaches_the_text_of_an_error(tmp_path: Path, content: Mapping[str, object]) -> None:
    stored(tmp_path, content)
    error = refusal(tmp_path, {"PRIVATE": SECRET})
    assert SECRET not in f"{error} {error.advice} {error!r} {error.__cause__!r}"
    assert "allowed is" in error.advice


def test_an_unknown_option_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such setting"):
        load(tmp_path, env={}, overrides={"plex_adress": "x"})


# ---------------------------------------------------------------- the file is never lost


def test_unknown_keys_are_named_and_kept_when_something_else_is_saved(tmp_path: Path) -> None:
    stored(tmp_path, {"sonarr_url": "http://s", "options": {"colour": "red", "min_owned": 2}, "workers": 4})
    found = loaded(tmp_path)
    assert "sonarr_url, options.colour" in found.notices[0]
    save(found, {"workers": 3})
    assert on_disk(tmp_path) == {
        "sonarr_url": "http://s",
        "options": {"colour": "red", "min_owned": 2},
        "workers": 3,
    }


@pytest.mark.parametrize("text", ['{"plex_token": "abc",}', "[1, 2]", "", '"x"', "[" * 100_000, "\xff\xfe"])
def test_a_broken_file_is_set_aside_and_said_first(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(text.encode("latin-1"))
    found = load(tmp_path, env={"PLEX_TOKEN": "from-env"}, write_defaults=True)
    (kept,) = tmp_path.glob("config.json.broken-*")
    assert kept.read_bytes() == text.encode("latin-1")
    assert kept.name in found.notices[0]
    assert found.settings.plex_token == "from-env"
    assert on_disk(tmp_path)["plex_token"] == ""


def test_two_broken_files_in_one_second_are_both_kept(tmp_path: Path) -> None:
    for text in ("{1", "{2", "{3"):
        stored(tmp_path, text)
        loaded(tmp_path)
    assert {path.read_text(encoding="utf-8") for path in tmp_path.glob("config.json.broken-*")} == {"{1", "{2", "{3"}


def test_a_config_path_that_is_a_folder_is_said_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config.json").mkdir()
    with pytest.raises(StoreError, match=r"config\.json"):
        loaded(tmp_path)


def test_the_first_start_writes_every_default_for_the_owner_alone(tmp_path: Path) -> None:
    load(tmp_path, env={"PLEX_TOKEN": SECRET}, write_defaults=True)
    path = tmp_path / "config.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert SECRET not in path.read_text(encoding="utf-8")
    again = loaded(tmp_path)
    assert set(again.origins.values()) == {Origin.CONFIG}
    assert again.settings == loaded(tmp_path / "nowhere").settings


def test_an_existing_file_is_not_touched_by_a_start(tmp_path: Path) -> None:
    path = stored(tmp_path, '{"workers":   2}')
    load(tmp_path, env={}, write_defaults=True)
    assert path.read_text(encoding="utf-8") == '{"workers":   2}'


def test_defaults_that_cannot_be_written_are_a_notice_and_no_end(tmp_path: Path) -> None:
    nowhere = Path("/proc/plexgap/config.json")  # not even root can make this folder
    found = load(tmp_path, env={}, config_path=nowhere, write_defaults=True)
    assert "could not be written" in found.notices[0]
    assert found.settings.workers == 8


# ---------------------------------------------------------------- saving


def test_saving_keeps_references_and_never_writes_what_the_environment_says(tmp_path: Path) -> None:
    stored(tmp_path, {"plex_token": "${MY_TOKEN}", "tmdb_api_key": "old", "workers": 8})
    env = {"MY_TOKEN": SECRET, "TMDB_API_KEY": "key-of-env"}
    found = loaded(tmp_path, env)
    form = {"plex_token": SECRET, "tmdb_api_key": "key-of-env", "workers": 4, "libraries": ["TV"]}
    after = save(found, form)
    assert after.settings.workers == 4
    assert on_disk(tmp_path) == {
        "plex_token": "${MY_TOKEN}",
        "tmdb_api_key": "old",
        "workers": 4,
        "libraries": ["TV"],
    }
    assert (tmp_path / "config.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tmdb_api_key": "new"}, "TMDB_API_KEY in the environment"),
        ({"tmdb_api_key": None}, "TMDB_API_KEY in the environment"),
        ({"tvdb_api_key": "new"}, "TVDB_API_KEY in .env"),
        ({"plex_token": "new"}, "${MY_TOKEN}"),
        ({"workers": "many"}, "whole number"),
        ({"workerz": 1}, "no such setting"),
    ],
)
def test_a_refused_change_changes_nothing(tmp_path: Path, changes: Mapping[str, object], words: str) -> None:
    (tmp_path / ".env").write_text("TVDB_API_KEY=x\n", encoding="utf-8")
    path = stored(tmp_path, {"plex_token": "${MY_TOKEN}"})
    before = path.read_bytes()
    found = loaded(tmp_path, {"MY_TOKEN": "abc", "TMDB_API_KEY": "k"})
    with pytest.raises(ConfigError) as caught:
        save(found, {"provider": "tmdb", **changes})
    assert words in caught.value.advice
    assert path.read_bytes() == before


def test_a_new_reference_and_a_return_to_the_default_can_be_saved(tmp_path: Path) -> None:
    stored(tmp_path, {"plex_token": "abc", "workers": 2, "options": {"min_owned": 3}})
    found = loaded(tmp_path, {"TOKEN": "abc"})
    after = save(found, {"plex_token": "${TOKEN}", "workers": None, "options.min_owned": 4})
    assert on_disk(tmp_path) == {"plex_token": "${TOKEN}", "options": {"min_owned": 4}}
    assert (after.settings.workers, after.settings.plex_token) == (8, "abc")


MINE = {"label": "Mine", "url": "${INDEXER}"}
OTHER = {"label": "Other", "url": "https://o.invalid/"}
HELD = {"label": "Mine", "url": f"https://i.invalid/{SECRET}"}  # MINE as it counts


@pytest.mark.parametrize(
    ("stood", "change", "stands"),
    [
        ({"link_templates": [MINE]}, {"link_templates": [HELD, OTHER]}, [MINE, OTHER]),
        ({"link_templates": [OTHER, MINE]}, {"link_templates": [HELD]}, [MINE]),
        ({"link_templates": [MINE, OTHER]}, {"link_templates": [OTHER]}, [OTHER]),
        ({"link_templates": [MINE, MINE]}, {"link_templates": [HELD, OTHER]}, [MINE, OTHER]),
        ({"link_templates": [OTHER]}, {"link_templates": [OTHER, MINE]}, [OTHER, MINE]),
        ({"link_templates": [HELD]}, {"link_templates": [MINE]}, [MINE]),
        (
            {"path_mappings": [{"plex": "/data", "local": "${ROOT}"}]},
            {"path_mappings": [{"plex": "/data", "local": "/mnt", "ignore_case": True}]},
            [{"plex": "/data", "local": "/mnt", "ignore_case": True}],
        ),
        ({"libraries": ["${ONE}", "Two"]}, {"libraries": ["Two", "Odd, Show"]}, ["Two", "${ONE}"]),
        ({"libraries": ["${ONE}"]}, {"libraries": "Odd, Show"}, ["Odd", "Show"]),
        ({"exclusions": {"shows": ["${ONE}"]}}, {"exclusions.shows": ["Odd, Show", "Two"]}, ["${ONE}", "Two"]),
    ],
)
def test_the_other_rows_of_a_list_stay_as_they_stand_in_the_file(
    tmp_path: Path, stood: Mapping[str, object], change: Mapping[str, object], stands: object
) -> None:
    stored(tmp_path, stood)
    env = {"INDEXER": HELD["url"], "ROOT": "/mnt", "ONE": "Odd, Show"}
    saved = save(loaded(tmp_path, env), change)
    (key,) = change
    found: object = on_disk(tmp_path)
    for name in key.split("."):
        assert isinstance(found, dict)
        found = found[name]
    assert found == stands
    assert saved.settings == loaded(tmp_path, env).settings


def test_a_row_that_another_process_broke_meanwhile_gives_way(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    stored(tmp_path, {"link_templates": [{"label": "Mine"}, MINE]})
    assert save(found, {"link_templates": [OTHER]}).settings.link_templates[0].label == "Other"
    assert on_disk(tmp_path) == {"link_templates": [OTHER]}


def test_what_is_saved_is_normal_whatever_was_typed(tmp_path: Path) -> None:
    after = save(loaded(tmp_path), {"plex_base_url": " http://plex:32400/ ", "workers": "3", "libraries": "A, B"})
    assert on_disk(tmp_path) == {"plex_base_url": "http://plex:32400", "workers": 3, "libraries": ["A", "B"]}
    assert after.origins["workers"] is Origin.CONFIG


def test_a_value_given_as_an_option_can_be_made_to_stay(tmp_path: Path) -> None:
    found = loaded(tmp_path, workers=3)
    save(found, {"workers": 3})
    assert on_disk(tmp_path) == {"workers": 3}


def test_a_form_that_changes_nothing_writes_nothing_even_when_the_file_moved_on(tmp_path: Path) -> None:
    path = stored(tmp_path, {"workers": 8})
    found = loaded(tmp_path)
    path.write_text('{"workers":4}', encoding="utf-8")
    assert save(found, {"workers": 8}).settings.workers == 4
    assert path.read_text(encoding="utf-8") == '{"workers":4}'


def test_saving_over_a_file_that_broke_meanwhile_is_refused(tmp_path: Path) -> None:
    found = loaded(tmp_path)
    path = stored(tmp_path, "{broken")
    with pytest.raises(StoreError) as caught:
        save(found, {"workers": 4})
    assert "Nothing was changed" in caught.value.advice
    assert path.read_text(encoding="utf-8") == "{broken"


def test_saving_through_a_link_replaces_its_target(tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "plexgap.json"
    target.parent.mkdir()
    target.write_text("{}", encoding="utf-8")
    (tmp_path / "config.json").symlink_to(target)
    save(loaded(tmp_path), {"workers": 4})
    assert (tmp_path / "config.json").is_symlink()
    assert json.loads(target.read_text(encoding="utf-8")) == {"workers": 4}
    assert list(target.parent.iterdir()) == [target]


# ---------------------------------------------------------------- nothing shows a secret


def test_settings_and_what_holds_them_never_show_a_secret(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stored(tmp_path, {"plex_token": SECRET, "unknown": SECRET})
    found = loaded(tmp_path, {"TVDB_PIN": SECRET}, tmdb_api_key=SECRET)
    assert found.settings.tmdb_api_key == SECRET
    shown = {line.key: line for line in masked(found)}
    assert SECRET not in f"{found} {found!r} {found.settings} {shown} {caplog.text}"
    assert shown["plex_token"].value == shown["tvdb_pin"].value == "********"
    assert shown["tvdb_api_key"].value == ""
    assert (shown["tvdb_pin"].origin, shown["tvdb_pin"].set_by) == (Origin.ENVIRONMENT, "TVDB_PIN")
    assert shown["options.min_owned"].value == 1


def test_setting_without_an_effect_yet_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"schedule": {"scan_hours": 6}, "workers": 4}', encoding="utf-8")
    (said,) = load(tmp_path, env={}).notices
    assert "schedule.scan_hours" in said
    assert "workers" not in said


def test_every_setting_without_an_effect_is_a_setting() -> None:
    assert set(WITHOUT_EFFECT) <= set(KEYS)


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        ({}, ("plex_token", "tmdb_api_key")),
        ({"plex_token": "a", "tmdb_api_key": "b"}, ()),
        ({"plex_token": "a", "tvdb_api_key": "b"}, ()),
        ({"plex_token": "a", "tvdb_api_key": "b", "provider": "tmdb"}, ("tmdb_api_key",)),
        ({"plex_token": "a", "tmdb_api_key": "b", "provider": "tvdb"}, ("tvdb_api_key",)),
        ({"tvdb_api_key": "b", "provider": "tvdb"}, ("plex_token",)),
    ],
)
def test_check_needs_plex_and_one_catalogue_that_may_be_asked(given: dict[str, str], lacking: tuple[str, ...]) -> None:
    assert Settings.model_validate(given).lacking == lacking
