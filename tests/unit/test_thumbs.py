"""Posters: asked for once, kept, drawn where there is none."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from plexgap.domain.errors import NotListed, Unreachable
from plexgap.jobs.drawn import draw_poster
from plexgap.jobs.thumbs import HEIGHT, WIDTH, WORKERS, Fetch, Picture, Shelf, Thumbs, Wanted

LONG_S = 10
SHOW = Wanted("12", "The Lantern Keepers", "/library/metadata/12/thumb/1700000000")
ABSENT = Wanted("12", "The Drowned Atlas", "/drowned.jpg", Shelf.LISTED)


def jpeg(colour: str, size: tuple[int, int] = (480, 720)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


class Server:
    """Stands for Plex: gives a picture, or fails, and counts what it was asked for."""

    def __init__(self, answer: bytes | Exception) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def __call__(self, thumb: str, width: int, height: int) -> bytes:
        self.asked.append(thumb)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock) -> Iterator[list[Thumbs]]:
    made: list[Thumbs] = []
    yield made
    for thumbs in made:
        thumbs.close()


def get(thumbs: Thumbs, wanted: Wanted = SHOW) -> Picture:
    return thumbs.poster(wanted).result(LONG_S)


def thumbs(folder: Path, fetch: Fetch | None, clock: Clock, opened: list[Thumbs]) -> Thumbs:
    opened.append(Thumbs(folder, fetch, clock))
    return opened[-1]


def colour(picture: Picture) -> tuple[int, int, int]:
    with Image.open(io.BytesIO(picture.webp)) as image:
        assert image.format == "WEBP"
        assert image.width <= WIDTH
        assert image.height <= HEIGHT
        pixel = image.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    return int(pixel[0]), int(pixel[1]), int(pixel[2])


def test_a_picture_is_asked_for_once_and_kept_for_the_next_start(
    tmp_path: Path, clock: Clock, opened: list[Thumbs]
) -> None:
    plex = Server(jpeg("#ff0000"))
    first = thumbs(tmp_path, plex, clock, opened)
    assert colour(get(first))[0] > 200
    assert get(first).drawn is False
    again = thumbs(tmp_path, plex, clock, opened)
    assert get(again).webp == get(first).webp
    assert plex.asked == [SHOW.thumb]
    assert (tmp_path / "tv_image" / "12.thumb.webp").is_file()


def test_a_changed_path_is_asked_for_again(tmp_path: Path, clock: Clock, opened: list[Thumbs]) -> None:
    get(thumbs(tmp_path, Server(jpeg("#ff0000")), clock, opened))
    changed = Wanted("12", SHOW.title, "/library/metadata/12/thumb/1800000000")
    assert colour(get(thumbs(tmp_path, Server(jpeg("#0000ff")), clock, opened), changed))[2] > 200


def test_a_show_without_a_picture_gets_a_drawn_one_and_plex_is_not_asked(
    tmp_path: Path, clock: Clock, opened: list[Thumbs]
) -> None:
    plex = Server(jpeg("#ff0000"))
    found = get(thumbs(tmp_path, plex, clock, opened), Wanted("12", SHOW.title, ""))
    assert found.drawn
    assert plex.asked == []
    colour(found)


def test_plex_away_gives_a_drawn_picture_and_a_pause_for_all(
    tmp_path: Path, clock: Clock, opened: list[Thumbs]
) -> None:
    plex = Server(Unreachable("Plex", "no connection"))
    all_of_them = thumbs(tmp_path, plex, clock, opened)
    assert get(all_of_them).drawn
    assert get(all_of_them, Wanted("13", "Northbound", "/thumb/13")).drawn
    assert plex.asked == [SHOW.thumb]
    plex.answer = jpeg("#ff0000")
    clock.at += 31
    assert not get(all_of_them).drawn


def test_an_old_picture_stands_while_a_new_one_cant_be_had(tmp_path: Path, clock: Clock, opened: list[Thumbs]) -> None:
    get(thumbs(tmp_path, Server(jpeg("#ff0000")), clock, opened))
    away = thumbs(tmp_path, Server(Unreachable("Plex", "no connection")), clock, opened)
    assert colour(get(away, Wanted("12", SHOW.title, "/another")))[0] > 200


def test_one_picture_that_plex_doesnt_have_holds_up_no_other(
    tmp_path: Path, clock: Clock, opened: list[Thumbs]
) -> None:
    plex = Server(NotListed("Plex", "the picture"))
    all_of_them = thumbs(tmp_path, plex, clock, opened)
    assert get(all_of_them).drawn
    plex.answer = jpeg("#ff0000")
    assert not get(all_of_them, Wanted("13", "Northbound", "/thumb/13")).drawn
    assert get(all_of_them).drawn, "it has a pause of its own"
    clock.at += 31
    assert not get(all_of_them).drawn


@pytest.mark.parametrize("answer", [b"<html>sign in</html>", b"", jpeg("#ff0000")[:300]], ids=["html", "empty", "cut"])
def test_what_is_no_picture_is_never_kept(answer: bytes, tmp_path: Path, clock: Clock, opened: list[Thumbs]) -> None:
    assert get(thumbs(tmp_path, Server(answer), clock, opened)).drawn
    assert not list(tmp_path.rglob("*.webp"))


def test_a_broken_file_of_ours_is_replaced(tmp_path: Path, clock: Clock, opened: list[Thumbs]) -> None:
    kept = tmp_path / "tv_image" / "12.thumb.webp"
    kept.parent.mkdir()
    kept.write_bytes(b"no picture")
    assert not get(thumbs(tmp_path, Server(jpeg("#ff0000")), clock, opened)).drawn
    assert kept.read_bytes() != b"no picture"


def test_a_film_that_plex_lacks_is_asked_of_tmdb_and_kept_beside_the_item_of_that_number(
    tmp_path: Path, clock: Clock, opened: list[Thumbs]
) -> None:
    plex, tmdb = Server(jpeg("#ff0000")), Server(jpeg("#0000ff"))
    both = Thumbs(tmp_path, plex, clock, tmdb=tmdb)
    opened.append(both)
    assert colour(get(both))[0] > 200
    assert colour(get(both, ABSENT))[2] > 200
    assert (plex.asked, tmdb.asked) == ([SHOW.thumb], [ABSENT.thumb])
    kept = [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*.webp"))]
    assert kept == ["tmdb_image/12.thumb.webp", "tv_image/12.thumb.webp"]


def test_tmdb_away_holds_up_no_picture_of_plex(tmp_path: Path, clock: Clock, opened: list[Thumbs]) -> None:
    plex, tmdb = Server(jpeg("#ff0000")), Server(Unreachable("TMDB", "no connection"))
    both = Thumbs(tmp_path, plex, clock, tmdb=tmdb)
    opened.append(both)
    assert get(both, ABSENT).drawn
    assert get(both, Wanted("13", "Last Light", "/light.jpg", Shelf.LISTED)).drawn
    assert not get(both).drawn
    assert tmdb.asked == [ABSENT.thumb]


def test_pictures_of_tmdb_are_dropped_when_they_are_too_old(tmp_path: Path, clock: Clock, opened: list[Thumbs]) -> None:
    both = Thumbs(tmp_path, Server(jpeg("#ff0000")), clock, tmdb=Server(jpeg("#0000ff")))
    opened.append(both)
    get(both)
    get(both, ABSENT)
    get(both, Wanted("13", "Last Light", "/light.jpg", Shelf.LISTED))
    now = datetime(2026, 11, 21, tzinfo=UTC)
    for path, days in (("tv_image/12", 400), ("tmdb_image/12", 200), ("tmdb_image/13", 100)):
        at = (now - timedelta(days=days)).timestamp()
        os.utime(tmp_path / f"{path}.thumb.webp", (at, at))
    both.drop_listed(now - timedelta(days=182))
    assert sorted(path.parent.name for path in tmp_path.rglob("*.webp")) == ["tmdb_image", "tv_image"]
    assert not (tmp_path / "tmdb_image" / "12.thumb.webp").exists()


def test_two_tabs_asking_at_once_make_one_request(tmp_path: Path, clock: Clock, opened: list[Thumbs]) -> None:
    go_on = threading.Event()
    asked = []

    def slow(thumb: str, width: int, height: int) -> bytes:
        asked.append(thumb)
        assert go_on.wait(LONG_S)
        return jpeg("#ff0000")

    all_of_them = thumbs(tmp_path, slow, clock, opened)
    both = [all_of_them.poster(SHOW), all_of_them.poster(SHOW)]
    go_on.set()
    assert [one.result(LONG_S).drawn for one in both] == [False, False]
    assert asked == [SHOW.thumb]


def test_a_library_that_was_closed_gives_drawn_pictures_and_asks_nothing_more(
    tmp_path: Path, clock: Clock, opened: list[Thumbs]
) -> None:
    go_on, asked = threading.Event(), threading.Semaphore(0)

    def slow(thumb: str, width: int, height: int) -> bytes:
        asked.release()
        assert go_on.wait(LONG_S)
        return jpeg("#ff0000")

    closed = thumbs(tmp_path, slow, clock, opened)
    under_way = [closed.poster(Wanted(str(key), "Northbound", f"/thumb/{key}")) for key in range(WORKERS + 3)]
    assert all(asked.acquire(timeout=LONG_S) for _ in range(WORKERS))
    closed.close()
    late = closed.poster(SHOW)
    go_on.set()
    assert [one.result(LONG_S).drawn for one in under_way] == [False] * WORKERS + [True] * 3
    assert late.result(LONG_S).drawn
    assert not asked.acquire(blocking=False)


@pytest.mark.parametrize("title", ["The Lantern Keepers", "Émile", "東京の夜", "<b>&", "", "🎭"])
def test_any_title_can_be_drawn_and_the_same_key_gives_the_same_picture(title: str) -> None:
    first, second = (draw_poster("12", title, 120, 180) for _ in range(2))
    assert first.tobytes() == second.tobytes()
    assert first.size == (120, 180)


def test_different_keys_look_different() -> None:
    assert draw_poster("12", "A", 60, 90).tobytes() != draw_poster("13", "A", 60, 90).tobytes()
