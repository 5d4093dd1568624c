"""Ways to ask the demo's servers."""

from __future__ import annotations

from typing import Any

import requests

from plexgap.demo.servers import DemoServers


def ask_plex(demo: DemoServers, session: requests.Session, path: str, **headers: str) -> requests.Response:
    token = {"X-Plex-Token": demo.world.plex_token}
    return session.get(demo.urls["plex"] + path, headers=token | headers, timeout=10)


def plex_json(demo: DemoServers, session: requests.Session, path: str, **headers: str) -> dict[str, Any]:
    """The container of a JSON answer."""
    answer = ask_plex(demo, session, path, Accept="application/json", **headers)
    assert answer.status_code == 200, answer.text
    container: dict[str, Any] = answer.json()["MediaContainer"]
    return container


def ask_tmdb(demo: DemoServers, session: requests.Session, path: str, **headers: str) -> requests.Response:
    bearer = {"Authorization": f"Bearer {demo.world.tmdb_read_token}"}
    return session.get(f"{demo.urls['tmdb']}/3{path}", headers=bearer | headers, timeout=10)


def tmdb_json(demo: DemoServers, session: requests.Session, path: str) -> Any:
    answer = ask_tmdb(demo, session, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def tvdb_token(demo: DemoServers, session: requests.Session) -> str:
    answer = session.post(f"{demo.urls['tvdb']}/v4/login", json={"apikey": demo.world.tvdb_key}, timeout=10)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["data"]["token"])


def ask_tvdb(demo: DemoServers, session: requests.Session, path: str, token: str = "") -> requests.Response:
    """Signs in for each question where no token is given."""
    bearer = {"Authorization": f"Bearer {token or tvdb_token(demo, session)}"}
    return session.get(f"{demo.urls['tvdb']}/v4{path}", headers=bearer, timeout=10)


def tvdb_json(demo: DemoServers, session: requests.Session, path: str) -> Any:
    """The whole answer, envelope and all."""
    answer = ask_tvdb(demo, session, path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ask_plex_tv(
    demo: DemoServers, session: requests.Session, path: str, *, token: str | None = None, **headers: str
) -> requests.Response:
    own = {"X-Plex-Token": demo.world.plex_token if token is None else token, "X-Plex-Client-Identifier": "a test"}
    return session.get(demo.urls["plex_tv"] + path, headers=own | {"Accept": "application/json"} | headers, timeout=10)


def plex_tv_json(demo: DemoServers, session: requests.Session, path: str) -> dict[str, Any]:
    """The container of a JSON answer."""
    answer = ask_plex_tv(demo, session, path)
    assert answer.status_code == 200, answer.text
    container: dict[str, Any] = answer.json()["MediaContainer"]
    return container
