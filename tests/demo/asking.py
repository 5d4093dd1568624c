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
