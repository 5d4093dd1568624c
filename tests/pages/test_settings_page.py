"""The form of the first start and of the page Settings."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from plexgap.config import ROOT, SECRET_KEYS
from plexgap.demo.servers import DemoServers
from plexgap.domain.errors import ConfigError
from plexgap.jobs.runner import RUNNER
from plexgap.ui.parts_plex import with_scheme
from plexgap.ui.resources import PLACES
from tests.pages.conftest import LONG_S, Open
from tests.pages.reading import heading, sent, text


def field(name: str) -> str:
    return f"{name}-{PLACES.number}"


@pytest.mark.usefixtures("unlimited")
def test_without_settings_the_three_steps_lead_to_the_first_check(
    open_app: Open, demo: DemoServers, home: Path
) -> None:
    given = demo.exports()
    app = open_app(set_up=False)
    assert heading(app) == "See what your library is missing"
    assert "X-Plex-Token" in text(app)

    app.text_input(key=field("plex-token")).set_value("wrong")
    app.button(key="save-plex").click().run()
    assert app.error[0].value.startswith("Plex refused the token")
    assert "plex_token" not in stored(home) or stored(home)["plex_token"] == ""

    app.text_input(key=field("plex-token")).set_value(given["PLEX_TOKEN"])
    app.button(key="save-plex").click().run()
    assert not app.error
    assert stored(home)["plex_token"] == given["PLEX_TOKEN"]
    assert "themoviedb.org" in text(app)

    app.text_input(key=field("tmdb-api-key")).set_value("wrong")
    app.button(key="save-tmdb").click().run()
    assert "TMDB refused this key" in app.error[0].value
    app.text_input(key=field("tmdb-api-key")).set_value(given["TMDB_API_KEY"])
    app.button(key="save-tmdb").click().run()

    assert heading(app) == "See what your library is missing", "the libraries are still to be chosen"
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()
    assert again.button(key="check-now"), "another visit needs no third step: every library counts"
    assert given["PLEX_TOKEN"] not in sent(app)
    assert given["TMDB_API_KEY"] not in sent(app)
    app.button(key="save-libraries").click().run()
    assert RUNNER.wait(LONG_S)
    assert RUNNER.snapshot.mode == "full"
    app.switch_page("pages/missing.py").run()
    assert heading(app).endswith("episodes are missing")
    assert stored(home)["libraries"] == []


def test_a_later_visit_goes_on_at_the_step_where_the_first_stopped(open_app: Open, demo: DemoServers) -> None:
    app = open_app(set_up=False)
    app.text_input(key=field("plex-token")).set_value(demo.exports()["PLEX_TOKEN"])
    app.button(key="save-plex").click().run()
    later = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()
    assert later.text_input(key=field("tmdb-api-key"))
    demo.refuse("plex")
    away = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()
    assert "be reached" in away.error[0].value


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        (" 192.168.1.20:32400 ", "http://192.168.1.20:32400"),
        ("https://plex.example.invalid", "https://plex.example.invalid"),
        ("", ""),
    ],
)
def test_an_address_is_a_web_address_also_as_people_type_it(typed: str, taken: str) -> None:
    assert with_scheme(typed) == taken


def test_what_the_environment_sets_is_locked_and_says_by_whom(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    app.switch_page("pages/settings.py").run()
    assert heading(app) == "Settings"
    assert "Set by PLEX_TOKEN in the environment. Change it there." in text(app)
    assert app.text_input(key=field("plex-token")).disabled
    assert app.text_input(key=field("tmdb-api-key")).value == ""
    assert demo.exports()["TMDB_API_KEY"] not in sent(app)
    app.button(key="save-plex").click().run()
    assert "Connected to Invented Library, 4 libraries, " in text(app)


def open_without_tvdb(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page Settings of a library that is set up but for TheTVDB."""
    open_app()
    monkeypatch.delenv("TVDB_API_KEY")
    PLACES.reopen()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()
    return app.switch_page("pages/settings.py").run()


def enter_tvdb(app: AppTest, key: str, pin: str) -> str:
    """Types both, presses the button; what the box then says."""
    app.text_input(key=field("tvdb-api-key")).set_value(key)
    app.text_input(key=field("tvdb-pin")).set_value(pin)
    app.button(key="save-tvdb").click().run()
    assert not app.exception
    return text(app)


def test_key_of_thetvdb_is_tested_with_its_pin_and_kept_only_when_it_works(
    open_app: Open, demo: DemoServers, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_without_tvdb(open_app, monkeypatch)
    assert "not set up, only needed for shows in a TVDB order" in text(app)
    assert "thetvdb.com, Dashboard, Account, API Keys" in text(app)
    assert "The key is missing." in enter_tvdb(app, "", "")
    for key, pin in (("wrong", ""), (demo.world.tvdb_user_key, ""), (demo.world.tvdb_user_key, "wrong")):
        assert "TheTVDB refused this key. Copy the key and its PIN once more" in enter_tvdb(app, key, pin)
        assert not stored(home)["tvdb_api_key"]
    told = enter_tvdb(app, f" {demo.world.tvdb_user_key}\n", demo.world.tvdb_pin)
    assert "The key works." in told
    assert "not set up" not in told
    assert (stored(home)["tvdb_api_key"], stored(home)["tvdb_pin"]) == (demo.world.tvdb_user_key, demo.world.tvdb_pin)
    for name in ("tvdb-api-key", "tvdb-pin"):
        assert app.text_input(key=field(name)).value == ""
        assert app.text_input(key=field(name)).placeholder == "Kept. Paste a new one to replace it."
    assert demo.world.tvdb_user_key not in sent(app)
    assert f'"{demo.world.tvdb_pin}"' not in sent(app)
    assert (home / "tvdb-token.json").stat().st_mode & 0o777 == 0o600


def test_pin_that_is_kept_goes_with_its_key_alone(
    open_app: Open, demo: DemoServers, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_without_tvdb(open_app, monkeypatch)
    enter_tvdb(app, demo.world.tvdb_user_key, demo.world.tvdb_pin)
    assert "The key works." in enter_tvdb(app, "", ""), "tested with what is kept"
    assert "TheTVDB refused this key." in enter_tvdb(app, "", "another"), "another PIN of the same key"
    assert stored(home)["tvdb_pin"] == demo.world.tvdb_pin
    assert "The key works." in enter_tvdb(app, demo.world.tvdb_key, ""), "a key that needs none"
    assert (stored(home)["tvdb_api_key"], stored(home)["tvdb_pin"]) == (demo.world.tvdb_key, "")


def test_thetvdb_that_is_away_is_no_refusal_and_changes_nothing(
    open_app: Open, demo: DemoServers, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_without_tvdb(open_app, monkeypatch)
    demo.refuse("tvdb")
    told = enter_tvdb(app, demo.world.tvdb_key, "")
    assert "TheTVDB did not answer: the connection is refused." in told
    assert not stored(home)["tvdb_api_key"]


def test_key_of_thetvdb_that_the_environment_sets_is_locked(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    app.switch_page("pages/settings.py").run()
    assert "Set by TVDB_API_KEY in the environment. Change it there." in text(app)
    assert app.text_input(key=field("tvdb-api-key")).disabled
    assert not app.text_input(key=field("tvdb-pin")).disabled
    app.button(key="save-tvdb").click().run()
    assert "The key works." in text(app)
    assert demo.exports()["TVDB_API_KEY"] not in sent(app)


def test_thetvdb_alone_is_enough_for_a_check(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    open_app()
    monkeypatch.delenv("TMDB_API_KEY")
    PLACES.reopen()
    assert PLACES.present().ready
    monkeypatch.delenv("TVDB_API_KEY")
    PLACES.reopen()
    assert not PLACES.present().ready


@pytest.mark.usefixtures("checked")
def test_choosing_libraries_changes_what_counts(open_app: Open, home: Path) -> None:
    app = open_app()
    app.switch_page("pages/settings.py").run()
    keys = {section.title: section.key for section in PLACES.present().house.index.sections()}
    app.session_state[field("libraries")] = [keys["Anime"]]
    app.button(key="save-libraries").click().run()
    assert stored(home)["libraries"] == ["Anime"]
    app.switch_page("pages/missing.py").run()
    assert "The Lantern Keepers" not in text(app)


def test_the_invented_library_is_entered_and_left_but_not_while_a_check_runs(open_app: Open, demo: DemoServers) -> None:
    app = open_app()
    demo.knobs["plex"].set_latency(0.5)
    app.button(key="check-now").click().run()
    app.switch_page("pages/settings.py").run()
    assert app.button(key="try-demo").disabled
    RUNNER.cancel()
    assert RUNNER.wait(LONG_S)
    app.run()
    app.button(key="try-demo").click().run()
    assert "This is the invented library." in text(app)
    assert PLACES.present().house.paths.home.name == "demo"
    app.button(key="leave-demo").click().run()
    assert "This is the invented library." not in text(app)
    assert not PLACES.present().demo


def test_an_invented_library_that_cant_open_leaves_the_own_one_open(open_app: Open, home: Path) -> None:
    app = open_app().switch_page("pages/settings.py").run()
    (home / "demo").mkdir()
    (home / "demo" / "config.json").write_text('{"provider": "nobody"}', encoding="utf-8")
    app.button(key="try-demo").click().run()
    assert "provider" in text(app)
    assert not PLACES.present().demo
    assert heading(app) != "Your library can't be opened"


def test_a_broken_config_is_set_aside_and_that_is_said_first(open_app: Open, home: Path) -> None:
    home.mkdir()
    (home / "config.json").write_text("{broken", encoding="utf-8")
    app = open_app(set_up=False)
    assert heading(app) == "See what your library is missing"
    assert "config.json.broken-" in text(app)
    assert (next(home.glob("config.json.broken-*"))).read_text(encoding="utf-8") == "{broken"


def test_a_wrong_setting_is_named_and_the_invented_library_still_opens(open_app: Open, home: Path) -> None:
    open_app()
    (home / "config.json").write_text('{"workers": "many"}', encoding="utf-8")
    with pytest.raises(ConfigError):
        PLACES.reopen()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()
    assert heading(app) == "Your library can't be opened"
    assert "workers" in text(app)
    app.button(key="open-demo").click().run()
    assert "This is the invented library." in text(app)
    (home / "config.json").unlink()


def stored(home: Path) -> dict[str, object]:
    found = json.loads((home / "config.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_the_log_of_the_dashboard_holds_no_secret_of_any_service(
    open_app: Open, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = {name: f"kept-{name.lower()}" for name in SECRET_KEYS}
    for name, secret in secrets.items():
        monkeypatch.setenv(name.upper(), secret)
    open_app(set_up=False)
    logging.getLogger("plexgap").warning("Heard %s.", ", ".join(secrets.values()))
    told = (home / "plexgap.log").read_text(encoding="utf-8")
    assert "Heard" in told
    assert not any(secret in told for secret in secrets.values())
