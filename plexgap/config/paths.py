"""Which file lies where in the data folder. Changes when a file moves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent  # the folder of app.py


@dataclass(frozen=True, slots=True)
class Paths:
    """Where everything lies, absolute. Nothing is made here: who writes a file makes its folder."""

    home: Path
    library_db: Path
    decisions: Path
    state: Path
    seen: Path
    cache: Path
    http_cache: Path
    watchlist: Path
    tvdb_token: Path
    images: Path
    log: Path
    demo: Path
    scan_lock: Path


def paths_in(home: Path, library_db: Path | None = None) -> Paths:
    """The paths in the data folder `home`; `library_db` where the person keeps that one elsewhere."""
    cache = home / "cache"
    return Paths(
        home=home,
        library_db=library_db or home / "library.db",
        decisions=home / "decisions.json",
        state=home / "state.json",
        seen=home / "seen.json",
        cache=cache,
        http_cache=cache / "http.sqlite",
        watchlist=cache / "watchlist.json",
        tvdb_token=home / "tvdb-token.json",
        images=home / "images",
        log=home / "plexgap.log",
        demo=home / "demo",
        scan_lock=home / "scan.lock",
    )
