"""The knobs over HTTP: `POST /_demo/faults`, `/_demo/changes`, `/_demo/latency` and `GET /_demo/requests`.

On every server alike; a body may name another `service` than the one it is sent to. Only from this machine, and only
as JSON, so that no web page can turn them. Changes when a knob is added.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from urllib.parse import urlsplit

from plexgap.demo.changes import Changes, read_change
from plexgap.demo.knobs import BadKnob, FaultKind
from plexgap.demo.serving import HOST, JSON, Answer, Request, Service, as_json
from plexgap.domain.errors import PlexgapError

_FAULT_FIELDS = {
    "service": str,
    "kind": str,
    "pattern": str,
    "count": int,
    "status": int,
    "retry_after": str,
    "skip": int,
    "clear": bool,
}


class Control:
    """Answers /_demo/ of one service; `services` are all of them by name."""

    def __init__(self, own: str, services: Mapping[str, Service], change: Changes) -> None:
        self._own = own
        self._services = services
        self._change = change

    def answer(self, request: Request) -> Answer:
        """200 with a small object; 403 from elsewhere, 404, 405, 415 or 400 with a sentence."""
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname
        if host not in (HOST, "localhost", "::1"):
            return _problem(403, "The knobs answer on this machine only.")
        what = request.path.removeprefix("/_demo/")
        if what == "requests" and request.method == "GET":
            return self._requests(request)
        if what not in ("faults", "changes", "latency", "requests"):
            return _problem(404, "There are /_demo/faults, /_demo/changes, /_demo/latency and /_demo/requests.")
        if request.method == "DELETE" and what in ("faults", "requests"):
            return self._clear(what)
        if request.method != "POST" or what == "requests":
            return _problem(405, f"/_demo/{what} doesn't answer {request.method}.")
        if request.headers.get("content-type", "").partition(";")[0].strip() != JSON:
            return _problem(415, "Send the knob as application/json.")
        try:
            return self._turn(what, json.loads(request.body or b"{}"))
        except json.JSONDecodeError as error:
            return _problem(400, f"That is no JSON: {error}.")
        except PlexgapError as error:
            return _problem(400, error.advice)

    def _turn(self, what: str, body: object) -> Answer:
        if what == "changes":
            self._change.apply(read_change(body))
            return as_json({"done": True})
        if not isinstance(body, dict):
            raise BadKnob("Send an object.")
        if what == "latency":
            seconds = body.get("seconds")
            if not isinstance(seconds, int | float) or isinstance(seconds, bool):
                raise BadKnob('Send {"seconds": 0.05}, and "service" for another than this one.')
            self._service(body).knobs.set_latency(float(seconds))
            return as_json({"done": True})
        return self._fault(body)

    def _fault(self, body: dict[str, object]) -> Answer:
        for name, value in body.items():
            wanted = _FAULT_FIELDS.get(name)
            if wanted is None:
                raise BadKnob(f"A fault has no field {name!r}. It may have: {', '.join(_FAULT_FIELDS)}.")
            if value is not None and not isinstance(value, wanted):
                raise BadKnob(f"The field {name!r} has the wrong type.")
        service = self._service(body)
        if body.get("clear"):
            service.knobs.clear()
            service.listen_again()
            return as_json({"done": True})
        kind = body.get("kind")
        if kind not in tuple(FaultKind):
            raise BadKnob(f"A fault's kind is one of: {', '.join(FaultKind)}.")
        count, status, skip = body.get("count", 1), body.get("status", 500), body.get("skip", 0)
        retry_after = body.get("retry_after")
        service.knobs.add(
            FaultKind(str(kind)),
            str(body.get("pattern", "")),
            count=count if isinstance(count, int) else None,
            status=status if isinstance(status, int) else 500,
            retry_after=str(retry_after) if retry_after is not None else None,
            skip=skip if isinstance(skip, int) else 0,
        )
        return as_json({"done": True})

    def _clear(self, what: str) -> Answer:
        service = self._services[self._own]
        if what == "faults":
            service.knobs.clear()
            service.listen_again()
        else:
            service.knobs.forget()
        return as_json({"done": True})

    def _requests(self, request: Request) -> Answer:
        knobs = self._service(dict(request.query)).knobs
        entries = knobs.matching(request.query.get("pattern", ""))
        return as_json(
            {
                "service": knobs.service,
                "count": len(entries),
                "statuses": {
                    str(status): count for status, count in sorted(Counter(e.status for e in entries).items())
                },
                "conditional": sum(entry.conditional for entry in entries),
                "requests": [asdict(entry) for entry in entries[-1_000:]],
            }
        )

    def _service(self, body: Mapping[str, object]) -> Service:
        name = str(body.get("service", self._own))
        if name not in self._services:
            raise BadKnob(f"There is no service {name!r}. There are: {', '.join(self._services)}.")
        return self._services[name]


def _problem(status: int, sentence: str) -> Answer:
    return as_json({"error": sentence}, status)
