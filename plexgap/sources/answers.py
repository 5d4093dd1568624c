"""What an HTTP answer, or the lack of one, means to us. Changes when a service or a proxy fails in a new way.

Nothing of an address's query, a header or the text of another library's exception gets into a message: a key may
stand in each of them.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3.exceptions
from pydantic_core import from_json

from plexgap.domain.errors import BadAnswer, Busy, NotListed, Rejected, SourceError, Unreachable

CONNECT_S = 5.0
READ_S = 30.0

SERVER_FAULT = 500
# 201: something was made, and the answer is what.
_OK = (200, 201)
_NOT_MODIFIED = 304
REFUSALS = frozenset({401, 403})
_NOT_FOUND = 404
_REQUEST_TIMEOUT = 408
_TOO_MANY = 429


class Passing(Exception):
    """A try failed in a way that may pass. `error` is what it comes to when no try is left."""

    def __init__(self, error: SourceError, retry_after_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.retry_after_s = retry_after_s


class BrokenBody(Exception):
    """The body ended before it was whole, or is no JSON although it says so."""


@dataclass(frozen=True, slots=True)
class Words:
    """How a service is spoken of, and how it speaks. `refused`: what to do when it refuses the key, whole sentences;
    `refusals`: the statuses by which it does. `errors_in_xml`: its own errors may be XML. `pictures`: it answers in
    pictures, and a 404 of it says in any form that there is none."""

    service: str
    refused: str = ""
    refusals: Collection[int] = REFUSALS
    errors_in_xml: bool = False
    pictures: bool = False


def is_json(response: requests.Response) -> bool:
    """Whether the answer says that it is JSON; gateways answer in HTML. One that says nothing may be."""
    kind = _kind(response)
    return kind in ("", "application/json") or kind.endswith("+json")


def is_json_object(body: bytes) -> bool:
    """Whether the body is a JSON object, as every service's own error is."""
    try:
        return isinstance(from_json(body), dict)
    except ValueError:
        return False


def body_of(
    response: requests.Response, path: str, what: str, words: Words, is_absence: Callable[[bytes], bool], now: datetime
) -> bytes:
    """The body of a 200 or 201 in JSON, or a picture where the service has those. `path` and `what` name the question
    in errors.

    Raises Passing where another try may help, Rejected, BadAnswer, or NotListed: that only for a 404 whose body
    `is_absence` takes for the service's own word. Any other 404 comes from something in between and says nothing.
    """
    status, service = response.status_code, words.service
    if status in _OK:
        return _wanted(response, path, words)
    if status in words.refusals:
        raise _refusal(response, path, words)
    if status == _NOT_FOUND:
        if words.pictures or (_is_own(response, words) and is_absence(response.content)):
            raise NotListed(service, what or path)
        raise _bad(service, path, "a 404 that is not its own", "a 404 that is not its own")
    if status == _TOO_MANY:
        after = retry_after_s(response, now)
        raise Passing(Busy(service, f"{path}: asks to slow down (429)", after), after)
    if status >= SERVER_FAULT or status == _REQUEST_TIMEOUT:
        raise Passing(
            Unreachable(
                service,
                f"{path}: a fault of the server ({status})",
                f"{service} did not answer: its server has a fault ({status}). Try again later.",
            ),
            retry_after_s(response, now),
        )
    if 300 <= status < 400 and status != _NOT_MODIFIED:
        raise _bad(service, path, f"it leads elsewhere ({status})", "a redirect to another address")
    raise _bad(service, path, f"status {status}", f"an answer that plexgap does not know ({status})")


def _wanted(response: requests.Response, path: str, words: Words) -> bytes:
    """The body, if it is of the kind that the service is asked for."""
    if words.pictures:
        if _kind(response).startswith("image/"):
            return response.content
        raise _bad(words.service, path, "it is no picture", "something else instead of a picture")
    if is_json(response):
        return response.content
    raise _bad(words.service, path, "it is no JSON", "a page for people instead of data")


def broken_body(service: str, path: str) -> Passing:
    """For a body that ended early or is no JSON."""
    return Passing(_bad(service, path, "the answer was cut off or is no JSON", "a broken answer"))


def no_answer(service: str, path: str, error: Exception) -> Passing:
    """For a question that got no answer at all. Only the kind of the failure is kept of `error`."""
    cause, advice = _cause(error)
    return Passing(Unreachable(service, f"{path}: {cause}", f"{service} did not answer: {cause}. {advice}"))


def retry_after_s(response: requests.Response, now: datetime) -> float | None:
    """The seconds that Retry-After asks for, never below 0; None when it isn't there or can't be read.

    A date is measured against the answer's own Date, because our clock may be wrong.
    """
    text = response.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text[:9])
    until = _http_date(text)
    if until is None:
        return None
    return max(0.0, (until - (_http_date(response.headers.get("Date", "")) or now)).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _bad(service: str, path: str, problem: str, plain: str) -> BadAnswer:
    return BadAnswer(
        service,
        f"{path}: {problem}",
        f"{service} gave {plain}. Try again later; if it stays so, check the address, and a proxy or VPN on the way.",
    )


def _is_own(response: requests.Response, words: Words) -> bool:
    """Whether an error comes from the service itself, and not in HTML from something in between."""
    return is_json(response) or (words.errors_in_xml and _kind(response) in ("application/xml", "text/xml"))


def _kind(response: requests.Response) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _refusal(response: requests.Response, path: str, words: Words) -> Rejected:
    status, service = response.status_code, words.service
    if _is_own(response, words):
        return Rejected(service, f"{path}: refused ({status})", words.refused or f"{service} refused the key.")
    return Rejected(
        service,
        f"{path}: refused in HTML ({status})",
        f"{service} was not reached: something on the way refused the request ({status}). Check the proxy or VPN.",
    )


def _cause(error: Exception) -> tuple[str, str]:
    """What happened, as the end of a sentence, and what to do about it."""
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate can't be trusted", "Check this computer's clock, and a proxy on the way."
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy lets nothing through", "Check the proxy of this computer."
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return f"no connection within {CONNECT_S:.0f} seconds", "Check the address and the internet connection."
    if isinstance(error, requests.exceptions.ReadTimeout) or _stands_in(error, urllib3.exceptions.ReadTimeoutError):
        return f"no answer within {READ_S:.0f} seconds", "Try again later."
    if isinstance(error, ValueError):
        return "its address is none", "Correct the address in the settings."
    if _stands_in(error, urllib3.exceptions.NameResolutionError):
        return "its name is not known", "Check the address and the internet connection."
    refused = next((e for e in _chain(error) if isinstance(e, OSError) and e.errno is not None), None)
    if refused is not None and refused.errno == errno.ECONNREFUSED:
        return "the connection is refused", "Check the address."
    return "the connection broke", "Check the internet connection, then try again."


def _stands_in(error: Exception, kind: type[Exception]) -> bool:
    return any(isinstance(each, kind) for each in _chain(error))


def _chain(error: BaseException) -> list[BaseException]:
    """The error and all it was made from: requests and urllib3 wrap the cause in arguments and in `reason`."""
    found: list[BaseException] = []
    left: list[object] = [error]
    while left:
        each = left.pop()
        if isinstance(each, BaseException) and not any(each is seen for seen in found):
            found.append(each)
            left += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
    return found
