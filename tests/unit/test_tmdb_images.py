"""TMDB's pictures: asked for without a key, by nothing but the paths that TMDB gives."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from plexgap.domain.errors import BadAnswer, NotListed
from plexgap.sources.tmdb_images import TmdbImages
from tests.scripted import Answer, ScriptedServer

PATH = "/t/p/w342/aBc-1_2.jpg"
JPEG = Answer(body=b"\xff\xd8picture", kind="image/jpeg")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(Answer(status=404, body=b"<h1>File not found</h1>", kind="text/html")) as server:
        yield server


@pytest.fixture
def images(server: ScriptedServer) -> Iterator[TmdbImages]:
    made = TmdbImages(f"{server.url}/t/p", requests_per_second=0, workers=2, stop=threading.Event())
    yield made
    made.close()


def test_a_picture_is_asked_for_with_no_key_and_no_cookie(server: ScriptedServer, images: TmdbImages) -> None:
    server.on(PATH, JPEG)
    assert images.picture("/aBc-1_2.jpg", 240, 360) == b"\xff\xd8picture"
    (asked,) = server.asked
    assert asked.query == {}
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert not {"authorization", "cookie"} & set(headers)
    assert headers["accept"] == "image/*"


def test_a_picture_that_is_not_there_is_no_fault_of_the_server(images: TmdbImages) -> None:
    with pytest.raises(NotListed):
        images.picture("/gone.jpg", 240, 360)


@pytest.mark.parametrize(
    "path",
    [
        *("", "/", "abc.jpg", "/abc.svg", "/abc", "//evil.invalid/abc.jpg", "/../secret.jpg", "/a/b.jpg", "/a.jpg?x=1"),
        *("/a.jpg#x", "/%2e%2e.jpg", "/abc.jpg\n", "@evil.invalid/a.jpg"),
    ],
)
def test_a_path_of_another_form_is_never_asked_for(path: str, server: ScriptedServer, images: TmdbImages) -> None:
    with pytest.raises(NotListed):
        images.picture(path, 240, 360)
    assert server.asked == []


def test_what_is_no_picture_is_no_answer(server: ScriptedServer, images: TmdbImages) -> None:
    server.on(PATH, Answer(body=b"<html>sign in here</html>", kind="text/html"))
    with pytest.raises(BadAnswer):
        images.picture("/aBc-1_2.jpg", 240, 360)


def test_a_redirect_is_not_followed(server: ScriptedServer, images: TmdbImages) -> None:
    server.on(PATH, Answer(status=302, body=b"", headers={"Location": f"{server.url}/elsewhere"}))
    with pytest.raises(BadAnswer):
        images.picture("/aBc-1_2.jpg", 240, 360)
    assert server.paths == [PATH]
