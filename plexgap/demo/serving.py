"""One HTTP server of the demo: reads requests, turns knobs, sends answers. Knows nothing of what it serves.

HTTP/1.1 with connections that stay open, one thread each (measured: 0.2 ms a request, client included; the worlds it
serves cost more). Only on loopback. Changes when the demo needs more of HTTP.
"""

from __future__ import annotations

import json
import logging
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from plexgap.demo.knobs import Fault, FaultKind, Knobs, Logged, without_secrets
from plexgap.domain.errors import PlexgapError

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
HTML = "text/html"
JSON = "application/json"
_KNOB_PREFIX = "/_demo/"
_MAX_BODY = 1_000_000
_HTML_BODY = b"<html><head><title>Please wait</title></head><body><h1>Just a moment</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Request:
    """A request as servers read it. `path` without query, `headers` with names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. Content-Length is added."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = field(default=())


Answering = Callable[[Request], Answer]


class Speaker(Protocol):
    """What speaks for one service."""

    def answer(self, request: Request) -> Answer:
        """The answer to any request."""
        ...

    def problem(self, status: int) -> Answer:
        """A failure with this status, in the form in which the service puts failures."""
        ...


class PortTaken(PlexgapError):
    """A port that the demo was told to use is in use."""


class Service:
    """A running server. `speaker` speaks the service's own format, `control` the knobs under /_demo/."""

    def __init__(self, knobs: Knobs, speaker: Speaker, control: Answering, port: int = 0) -> None:
        self.knobs = knobs
        self.speaker = speaker
        self._control = control
        self._lock = threading.Lock()
        self._server = self._listen(port)
        self.port: int = self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def refuse(self) -> None:
        """Closes the port and every connection: the next attempt is refused by the operating system."""
        with self._lock:
            self._server.stop()

    def listen_again(self) -> None:
        """Opens the port again after `refuse`; does nothing when it is open."""
        with self._lock:
            if self._server.stopped:
                self._server = self._listen(self.port)

    def close(self) -> None:
        self.knobs.clear()
        self.refuse()

    def _listen(self, port: int) -> _Server:
        try:
            server = _Server((HOST, port), self)
        except (OSError, OverflowError) as error:
            problem = getattr(error, "strerror", None) or str(error)
            raise PortTaken(
                f"port {port} of {HOST}: {error}",
                f"The demo can't use port {port}: {problem}. Choose another with --ports.",
            ) from None
        threading.Thread(
            target=server.serve_forever, args=(0.05,), name=f"demo-{self.knobs.service}", daemon=True
        ).start()
        return server

    def respond(self, request: Request) -> Answer:
        if request.path.startswith(_KNOB_PREFIX):
            return self._control(request)
        return self.speaker.answer(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(self, address: tuple[str, int], service: Service) -> None:
        self.service = service
        self.stopped = False
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._open_lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._open_lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of ours; anything else is, and says so."""
        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            log.error("demo %s failed to answer", self.service.knobs.service, exc_info=error)

    def stop(self) -> None:
        """Ends listening and every open connection."""
        if self.stopped:
            return
        self.stopped = True
        self.shutdown()
        self.server_close()
        with self._open_lock:
            open_now = list(self._open)
        for connection in open_now:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PUT(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """Nothing on the terminal: the log is a knob."""

    def _serve(self) -> None:
        service, started = self.server.service, time.monotonic()
        request = self._request()
        if request.path.startswith(_KNOB_PREFIX):
            self._send(service.respond(request))
            return
        knobs = service.knobs
        fault = knobs.meet(self.path)
        if fault is not None and not self._goes_on(fault):
            self._log(request, 0, fault)
            return
        answer = _broken(fault, service.speaker) if fault and fault.kind in _ANSWERED else service.respond(request)
        wait = knobs.latency_s - (time.monotonic() - started)
        if wait > 0:
            time.sleep(wait)
        cut = fault is not None and fault.kind is FaultKind.CUT_OFF
        self._log(request, 0 if cut else answer.status, fault)
        self._send(answer, cut=cut)

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if 0 < length <= _MAX_BODY else b""
        if length > _MAX_BODY:
            self.close_connection = True
        return Request(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )

    def _goes_on(self, fault: Fault) -> bool:
        """Whether an answer is still to be sent."""
        if fault.kind is FaultKind.HANG:
            fault.hang()
            self.close_connection = True
            return False
        if fault.kind is FaultKind.RESET:
            # Closing with a linger time of zero sends a reset instead of a farewell.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return False
        if fault.kind is FaultKind.REFUSE:
            self.close_connection = True
            threading.Thread(target=self.server.service.refuse, daemon=True).start()
            return False
        return True

    def _send(self, answer: Answer, *, cut: bool = False) -> None:
        reason = HTTPStatus(answer.status).phrase if answer.status in _KNOWN else ""
        lines = [
            f"HTTP/1.1 {answer.status} {reason}",
            f"Date: {formatdate(usegmt=True)}",
            *(f"{name}: {value}" for name, value in answer.headers),
        ]
        if answer.status != HTTPStatus.NOT_MODIFIED:
            lines += [f"Content-Type: {answer.content_type}", f"Content-Length: {len(answer.body)}"]
        if self.close_connection or cut:
            lines.append("Connection: close")
        body = b"" if self.command == "HEAD" else answer.body
        if cut:
            body = body[: max(1, len(body) * 2 // 3)]
            self.close_connection = True
        # One write: headers and body apart would wait for the client's delayed acknowledgement.
        self.wfile.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def _log(self, request: Request, status: int, fault: Fault | None) -> None:
        self.server.service.knobs.log(
            Logged(
                method=request.method,
                path=without_secrets(self.path),
                status=status,
                conditional="if-none-match" in request.headers,
                fault=str(fault.kind) if fault else "",
            )
        )


_ANSWERED = (FaultKind.STATUS, FaultKind.HTML)
_KNOWN = frozenset(HTTPStatus)


def _broken(fault: Fault, speaker: Speaker) -> Answer:
    """What is sent instead of the answer."""
    if fault.kind is FaultKind.HTML:
        return Answer(200, _HTML_BODY, HTML)
    problem = speaker.problem(fault.status)
    if fault.retry_after is None:
        return problem
    return replace(problem, headers=(*problem.headers, ("Retry-After", fault.retry_after)))


def as_json(value: object, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """A JSON answer, compact, in UTF-8."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, f"{JSON};charset=utf-8", headers)
