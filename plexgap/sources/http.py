"""Asking a service over HTTP: every catalogue speaks through a Transport, which answers or says why not.

Changes when the way requests are sent changes. Which answer means what: answers; waiting: pacing; ETags: etags.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

import requests
import urllib3.exceptions
from pydantic_core import from_json
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.stop import stop_after_attempt, stop_base
from tenacity.wait import wait_exponential_jitter

from plexgap import __version__
from plexgap.domain.catalogue import Ask
from plexgap.domain.errors import Busy, Unreachable
from plexgap.domain.events import Event, RateLimited
from plexgap.sources import answers
from plexgap.sources.answers import BrokenBody, Passing, Words
from plexgap.sources.brake import pass_by, paused_s
from plexgap.sources.etags import validating_session
from plexgap.sources.pacing import Outage, Pacing

log = logging.getLogger(__name__)

TRIES = 3
MOST_WAITING_S = 60.0
# When a service asks to slow down without saying how long.
PAUSE_S = 2.0

_NOTHING: Mapping[str, str] = MappingProxyType({})

# What is read of an answer's headers; all others, cookies first, are neither kept nor stored.
_KEPT_HEADERS = ("Content-Type", "Date", "Retry-After")
_VALIDATORS = ("ETag", "Last-Modified")
_QUERY = re.compile(r"\?[^\s'\"]*")


class _NoQuery(logging.Filter):
    """Takes the query off every address that urllib3 logs: TMDB's older keys can travel nowhere else."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _QUERY.sub("?...", record.getMessage()), ()
        return True


for _name in ("urllib3.connection", "urllib3.connectionpool", "urllib3.poolmanager", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_NoQuery())


@dataclass(slots=True)
class _Question:
    """One call of `get` or `post` on its way. `body`: what is posted, or None. `waited_s`: what the service made us
    wait for it so far."""

    path: str
    params: Mapping[str, str]
    ask: Ask
    what: str
    body: Mapping[str, str] | None = field(default=None, repr=False)
    waited_s: float = 0.0


class Transport:
    """Questions to one service. Usable from several threads; `requests` and `retries` count what was sent.

    `base_url`: paths are put behind it. `headers` stand on every request and are no secret. `secret_headers`,
    `secret_params`: put on each GET at the last moment, below everything that stores, logs or follows anything; a
    POST has its secrets in its body. `trim`: makes a JSON body smaller before it is stored and handed out, raises
    ValueError for one that is no JSON; `form` names what it keeps, so that bodies which another version trimmed are
    not used. `cache_path` None: no ETags are kept. `requests_per_second` 0: no limit. `workers`: how many threads ask
    at once. `stop`: once set, every wait ends and nothing more is asked. `on_event` is called from the threads that
    ask. `now` is the real time. `is_absence`: whether the body of a 404 is the service's own "no such thing".
    `refused_advice`: for the person, when the key is refused, which `refusals` say; `errors_in_xml`: the service's
    own errors may be XML.
    `pictures`: it is asked for pictures, and answers in nothing else.
    `clock` and `wait` are for tests, which never wait.
    """

    def __init__(
        self,
        *,
        service: str,
        base_url: str,
        headers: Mapping[str, str] = _NOTHING,
        secret_headers: Mapping[str, str] = _NOTHING,
        secret_params: Mapping[str, str] = _NOTHING,
        cache_path: Path | None,
        trim: Callable[[bytes], bytes] | None = None,
        form: str = "",
        requests_per_second: float,
        workers: int,
        stop: threading.Event,
        on_event: Callable[[Event], None] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        is_absence: Callable[[bytes], bool] = answers.is_json_object,
        refused_advice: str = "",
        refusals: Collection[int] = answers.REFUSALS,
        errors_in_xml: bool = False,
        pictures: bool = False,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], bool] | None = None,
    ) -> None:
        self.requests = 0
        self.retries = 0
        self._words = Words(service, refused_advice, refusals, errors_in_xml, pictures)
        self._base_url = base_url.rstrip("/")
        self._stop = stop
        self._on_event = on_event
        self._now = now
        self._is_absence = is_absence
        self._clock = clock
        self._wait = wait or stop.wait
        self._lock = threading.Lock()
        self._pacing = Pacing(service, requests_per_second, clock, self._wait, lambda: pass_by(stop))
        self._outage = Outage(self._going_clock)
        self._adapter = _Adapter(secret_headers, secret_params, trim, workers)
        self._session = _session(
            self._base_url,
            self._adapter,
            None if cache_path is None else (cache_path, form, (*secret_headers, *secret_params)),
            now,
        )
        self._session.headers.update(headers)
        if pictures:
            self._session.headers["Accept"] = "image/*"

    def get(
        self, path: str, params: Mapping[str, str] = _NOTHING, *, ask: Ask = Ask.REVALIDATE, what: str = ""
    ) -> bytes:
        """The body of the answer: JSON, trimmed, or a picture. `path` begins with "/"; `what` is named by NotListed.

        Asks up to three times and waits up to a minute in all. Raises Unreachable, Rejected, Busy, BadAnswer,
        NotListed, Cancelled.
        """
        return self._answer(_Question(path, params, ask, what))

    def post(self, path: str, body: Mapping[str, str]) -> bytes:
        """The answer to this body, sent as JSON: how one signs in. Asked, counted and raising as `get`; neither body
        nor answer is ever stored or logged."""
        return self._answer(_Question(path, _NOTHING, Ask.FRESH, "", body))

    def sign(self, headers: Mapping[str, str]) -> None:
        """From here on these are the secret headers."""
        self._adapter.headers = dict(headers)

    def close(self) -> None:
        """Lets go of the connections and the file."""
        self._session.close()

    def _answer(self, question: _Question) -> bytes:
        began = self._going_clock()
        retrying = Retrying(
            retry=retry_if_exception_type(Passing),
            stop=stop_after_attempt(TRIES) | _stop_out_of_patience(question),
            wait=wait_exponential_jitter(initial=1, max=8, jitter=1),
            sleep=lambda seconds: self._back_off(seconds, question),
            reraise=True,
        )
        try:
            return retrying(self._try, question)
        except Passing as passing:
            error = passing.error
        if isinstance(error, Unreachable):
            self._outage.failed(began)
        raise error

    def _try(self, question: _Question) -> bytes:
        """Asks once. After a wait that was broken off this is called once more, so `stop` is looked at first. An answer
        that comes in a pause is kept until it ends; one that comes after a stop is dropped."""
        pass_by(self._stop)
        service = self._words.service
        if self._outage.is_on:
            raise Unreachable(
                service,
                f"{question.path}: not asked, because too many requests in a row got no answer",
                f"{service} did not answer, so no more was asked of it. Try again later.",
            )
        question.waited_s += self._pacing.turn(MOST_WAITING_S - question.waited_s)
        response = self._send(question)
        pass_by(self._stop)
        if response.status_code < answers.SERVER_FAULT:
            self._outage.answered()
        try:
            return answers.body_of(response, question.path, question.what, self._words, self._is_absence, self._now())
        except Passing as passing:
            if isinstance(passing.error, Busy) or passing.retry_after_s is not None:
                self._pause(passing.retry_after_s or PAUSE_S)
            raise

    def _send(self, question: _Question) -> requests.Response:
        began = self._clock()
        with self._lock:
            self.requests += 1
        failure: Passing
        try:
            response = self._session.request(
                "GET" if question.body is None else "POST",
                self._base_url + question.path,
                params=dict(question.params),
                json=question.body,
                headers={"Cache-Control": "no-cache"} if question.ask is Ask.FRESH else {},
                timeout=(answers.CONNECT_S, answers.READ_S),
                allow_redirects=False,
            )
        except (BrokenBody, requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
            failure = answers.broken_body(self._words.service, question.path)
        except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
            failure = answers.no_answer(self._words.service, question.path, error)
        else:
            self._log(
                question, "not changed" if getattr(response, "from_cache", False) else response.status_code, began
            )
            return response
        self._log(question, failure, began)
        # Raised out here, so that the error carries no trace of what requests said: the address with its key.
        raise failure

    def _going_clock(self) -> float:
        """Seconds in which nobody had paused us."""
        return self._clock() - paused_s(self._stop)

    def _log(self, question: _Question, result: object, began: float) -> None:
        took_ms = (self._clock() - began) * 1000
        log.debug("%s %s: %s in %.0f ms", self._words.service, question.path, result, took_ms)

    def _back_off(self, seconds: float, question: _Question) -> None:
        with self._lock:
            self.retries += 1
        question.waited_s += seconds
        self._wait(seconds)

    def _pause(self, seconds: float) -> None:
        """All threads of the service stand still for that long."""
        if self._pacing.pause(seconds):
            log.info("%s asks to slow down for %.0f seconds", self._words.service, seconds)
            if self._on_event is not None:
                self._on_event(RateLimited(self._words.service, self._now() + timedelta(seconds=seconds)))


class _stop_out_of_patience(stop_base):  # noqa: N801 - named as tenacity's own are, to be read beside them
    """Whether the wait before the next try would be longer than one question may wait."""

    def __init__(self, question: _Question) -> None:
        self._question = question

    def __call__(self, retry_state: RetryCallState) -> bool:
        passing = retry_state.outcome.exception() if retry_state.outcome is not None else None
        asked_for_s = (passing.retry_after_s or 0.0) if isinstance(passing, Passing) else 0.0
        return self._question.waited_s + max(retry_state.upcoming_sleep, asked_for_s) > MOST_WAITING_S


class _Adapter(HTTPAdapter):
    """The last step before the wire and the first behind it: secrets go on here, what nobody needs comes off here.

    requests-cache, redirects, logs and errors of requests are all above it and never see a secret.
    """

    def __init__(
        self,
        headers: Mapping[str, str],
        params: Mapping[str, str],
        trim: Callable[[bytes], bytes] | None,
        workers: int,
    ) -> None:
        super().__init__(pool_connections=1, pool_maxsize=max(1, workers))
        self.headers = dict(headers)
        self._params = dict(params)
        self._trim = trim

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer with its body read and trimmed, and with the headers that we read. Raises BrokenBody too."""
        sent = request.copy()
        if request.method == "GET":
            sent.headers.update(self.headers)
            if self._params:
                url = request.url or ""
                sent.url = f"{url}{'&' if '?' in url else '?'}{urlencode(self._params)}"
        response = super().send(sent, stream=stream, timeout=timeout, verify=verify, cert=cert, proxies=proxies)
        response.request, response.url = request, request.url or ""
        kept = list(_KEPT_HEADERS)
        if response.status_code == requests.codes.not_modified:
            kept += _VALIDATORS
        elif response.status_code == requests.codes.ok and answers.is_json(response):
            response._content = self._trimmed(response.content)
            # Only a body that could be read keeps its validator; without one it is never stored.
            kept += _VALIDATORS
        response.headers = CaseInsensitiveDict(
            {name: response.headers[name] for name in kept if name in response.headers}
        )
        response.cookies.clear()
        return response

    def _trimmed(self, body: bytes) -> bytes:
        try:
            if self._trim is not None:
                return self._trim(body)
            from_json(body)
        except ValueError as error:
            raise BrokenBody from error
        return body


def _session(
    base_url: str, adapter: HTTPAdapter, cache: tuple[Path, str, tuple[str, ...]] | None, now: Callable[[], datetime]
) -> requests.Session:
    """`cache`: its file, the form of bodies, and the names of secrets; None for none."""
    session = requests.Session() if cache is None else validating_session(*cache, now)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers.update({"Accept": "application/json", "User-Agent": f"plexgap/{__version__}"})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    # The proxy and the certificates that the environment names are looked up once, here: for each request that costs
    # a tenth of its time, and brings along the password of a ~/.netrc entry for the host.
    environment = session.merge_environment_settings(base_url, {}, None, None, None)
    session.proxies.update(environment["proxies"])
    session.verify = environment["verify"]
    session.trust_env = False
    return session
