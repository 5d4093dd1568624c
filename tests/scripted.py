"""A real HTTP server on loopback that answers what a test wrote down, and a clock that never waits."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

JSON = "application/json;charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """One answer. `json` is written as JSON where `body` is None.

    `etag`: with it an equal If-None-Match gets a 304. `cut`: the body ends half way. `drop`: the connection is closed
    without a word. `length` False: no Content-Length, the end of the connection ends the body.
    """

    json: object = None
    status: int = 200
    body: bytes | None = None
    kind: str = JSON
    etag: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    drop: bool = False
    length: bool = True


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    method: str = "GET"
    body: bytes = b""


class ScriptedServer:
    """Answers each path with its answers in turn, the last one again and again; other paths with `otherwise`."""

    def __init__(self, otherwise: Answer | None = None) -> None:
        self.asked: list[Asked] = []
        self.otherwise = otherwise or Answer(json={"success": False, "status_code": 34}, status=404)
        self._answers: dict[str, list[Answer]] = {}
        self._held: dict[str, tuple[threading.Event, threading.Event]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def on(self, path: str, *answers: Answer) -> None:
        self._answers[path] = list(answers)

    def hold(self, path: str) -> tuple[threading.Event, threading.Event]:
        """Keeps requests to this path without an answer: the first event says that one is here, the second one, once
        set, lets them go."""
        self._held[path] = threading.Event(), threading.Event()
        return self._held[path]

    def answer(self, asked: Asked) -> Answer:
        if asked.path in self._held:
            here, go = self._held[asked.path]
            here.set()
            go.wait(60)
        with self._lock:
            self.asked.append(asked)
            left = self._answers.get(asked.path) or [self.otherwise]
            return left.pop(0) if len(left) > 1 else left[0]

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    script: ScriptedServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        self._give(self.script.answer(Asked(parts.path, dict(parse_qsl(parts.query)), headers, self.command, body)))

    def do_POST(self) -> None:
        self.do_GET()

    def _give(self, answer: Answer) -> None:
        if answer.drop:
            self.close_connection = True
            return
        unchanged = bool(answer.etag) and self.headers.get("If-None-Match") == answer.etag
        body = answer.body if answer.body is not None else json.dumps(answer.json).encode()
        self.send_response(304 if unchanged else answer.status)
        for name, value in self._headers_of(answer, b"" if unchanged else body, unchanged):
            self.send_header(name, value)
        self.end_headers()
        if not unchanged:
            self.wfile.write(body[: len(body) // 2] if answer.cut else body)
        if answer.cut or not answer.length:
            self.close_connection = True

    def _headers_of(self, answer: Answer, body: bytes, unchanged: bool) -> Iterable[tuple[str, str]]:
        yield from answer.headers.items()
        if answer.etag:
            yield "ETag", answer.etag
        if not unchanged and answer.kind:
            yield "Content-Type", answer.kind
        if answer.length and not unchanged:
            yield "Content-Length", str(len(body))

    def log_message(self, *_: object) -> None:
        """Tests want no line a request."""


class FakeTime:
    """Seconds that pass only by waiting. `stop`: set it and the next wait says so, as `Event.wait` does."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.waits: list[float] = []
        self.stop = threading.Event()

    def clock(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.seconds += seconds
        return self.stop.is_set()


class MemoryKeeper:
    """Keeps a text as `store.secrets.SecretFile` does, but only as long as the test."""

    def __init__(self, text: str = "") -> None:
        self.text = text

    def load(self) -> str:
        return self.text

    def keep(self, text: str) -> None:
        self.text = text
