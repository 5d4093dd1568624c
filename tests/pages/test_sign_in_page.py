"""Signing in at plex.tv from the first start and from the page Settings."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from streamlit.testing.v1 import AppTest

from plexgap.config import ROOT
from plexgap.demo.servers import DemoServers
from plexgap.jobs.sign_in import Phase, SignIn
from plexgap.ui.resources import PLACES
from plexgap.ui.sign_in import SIGN_IN
from tests.pages.conftest import LONG_S, Open
from tests.pages.reading import heading, sent, text


@pytest.fixture(autouse=True)
def _nobody_signs_in() -> Iterator[None]:
    SIGN_IN.end()
    yield
    SIGN_IN.end()


@pytest.fixture
def app(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The first start, with an address that may be saved."""
    open_app(set_up=False)
    monkeypatch.delenv("PLEX_BASE_URL")
    PLACES.reopen()
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()


def attempt() -> SignIn:
    found = SIGN_IN.present
    assert found is not None
    return found


def begin(app: AppTest) -> str:
    """Presses the button; the address to open, once plex.tv made it."""
    app.button(key="plex-sign-in").click().run()
    for _ in range(100):
        if attempt().standing.phase is not Phase.ASKING:
            break
        attempt().wait(0.05)
    app.run()
    return attempt().standing.page


def confirm(demo: DemoServers, page: str, **form: str) -> None:
    told = parse_qs(urlsplit(page).fragment.removeprefix("?"))
    data = {"code": told["code"][0], "clientID": told["clientID"][0], **form}
    assert requests.post(f"{demo.urls['plex_tv']}/auth", data=data, timeout=5).status_code == 200
    assert attempt().wait(LONG_S)


def stored(home: Path) -> dict[str, object]:
    found = json.loads((home / "config.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_a_sign_in_leads_to_the_chosen_server_at_the_address_that_answers(
    app: AppTest, demo: DemoServers, home: Path
) -> None:
    assert "Your password stays there" in text(app)
    page = begin(app)
    assert page.startswith(f"{demo.urls['plex_tv']}/auth#?clientID=")
    (link,) = app.get("link_button")
    assert (link.proto.url, link.proto.label) == (page, "Open plex.tv and sign in")
    assert "Waiting for you to confirm it there." in text(app)
    confirm(demo, page)
    app.run()
    assert app.radio(key="plex-server").options == ["Invented Library", r"Friend \& \<b\>Co\<\/b\>\, shared by ola"]
    assert stored(home)["plex_token"] == ""
    app.button(key="plex-server-use").click().run()
    assert attempt().wait(LONG_S)
    app.run()
    assert SIGN_IN.present is None
    assert stored(home)["plex_base_url"] == demo.urls["plex"]
    assert stored(home)["plex_token"] == demo.world.plex_token
    assert demo.world.plex_token not in sent(app) + str(app.session_state)
    assert heading(app) == "See what your library is missing"
    assert r"signed in as mara\, server Invented Library" in app.expander[0].label
    assert app.text_input(key=f"tmdb-api-key-{PLACES.number}")


def test_a_server_that_answers_nowhere_is_said_and_another_may_be_chosen(
    app: AppTest, demo: DemoServers, home: Path
) -> None:
    confirm(demo, begin(app))
    app.run()
    friends = attempt().standing.account
    assert friends is not None
    app.radio(key="plex-server").set_value(friends.servers[1].machine_id).run()
    app.button(key="plex-server-use").click().run()
    assert attempt().wait(LONG_S)
    app.run()
    assert "answers on none of the addresses that plex\\.tv knows" in app.error[0].value
    assert stored(home)["plex_token"] == ""
    assert app.button(key="plex-server-use")


def test_a_refused_sign_in_says_so_and_begins_again(app: AppTest, demo: DemoServers, home: Path) -> None:
    confirm(demo, begin(app), refuse="1")
    app.run()
    assert "or was refused there" in app.error[0].value
    first = attempt()
    app.button(key="plex-sign-in-again").click().run()
    assert attempt() is not first
    assert stored(home)["plex_token"] == ""


def test_a_plex_tv_that_is_away_says_so_and_the_token_is_the_other_way(app: AppTest, demo: DemoServers) -> None:
    demo.refuse("plex_tv")
    app.button(key="plex-sign-in").click().run()
    assert attempt().wait(LONG_S)
    app.run()
    assert r"plex\.tv did not answer" in app.error[0].value
    app.button(key="use-token").click().run()
    assert SIGN_IN.present is None
    assert app.text_input(key=f"plex-token-{PLACES.number}")


def test_a_sign_in_can_be_called_off_and_another_tab_sees_the_same(app: AppTest) -> None:
    page = begin(app)
    other = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()
    (link,) = other.get("link_button")
    assert link.proto.url == page
    app.button(key="plex-sign-in-cancel").click().run()
    assert SIGN_IN.present is None
    other.run()
    assert other.button(key="plex-sign-in")


def test_signing_in_is_offered_again_where_it_can_be_saved(
    open_app: Open, demo: DemoServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app().switch_page("pages/settings.py").run()
    assert not [button for button in app.button if button.key == "plex-sign-in"], "the environment sets the token"
    monkeypatch.delenv("PLEX_TOKEN")
    monkeypatch.delenv("PLEX_BASE_URL")
    config = PLACES.present().house.loaded.config_path
    told = {"plex_base_url": demo.urls["plex"], "plex_token": demo.world.plex_token}
    config.write_text(json.dumps(told), encoding="utf-8")
    PLACES.reopen()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=LONG_S).run()
    app.switch_page("pages/settings.py").run()
    assert app.button(key="plex-sign-in").label == "Sign in again"
    confirm(demo, begin(app))
    app.run()
    app.button(key="plex-server-use").click().run()
    assert attempt().wait(LONG_S)
    app.run()
    assert "Signed in as mara. Connected to Invented Library, 4 libraries, " in text(app)
