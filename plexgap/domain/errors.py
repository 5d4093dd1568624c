"""Everything that can go wrong, each with a sentence for the log and one for the person.

PlexgapError
├── ConfigError            a setting is wrong
├── SourceError            a service gave no answer: what it was asked about is unknown
│   ├── Unreachable        no connection, time-out, server error after all tries
│   ├── Rejected           it refuses the key or token
│   ├── Busy               it asks to slow down, longer than we wait
│   └── BadAnswer          it answered in a form we don't know
├── NotListed              a definite 404: the service has no such thing
├── IncompleteListing      Plex gave fewer or other rows than it announced
├── StoreError             a file of ours can't be read or written
├── UpdateError            a newer plexgap can't be seen or taken
├── ScanRunning            another check is at it
└── Cancelled              the person stopped it
"""

from __future__ import annotations

from datetime import datetime


class PlexgapError(Exception):
    """`str(e)` is for the log; `advice` tells the person what is so and what to do. No secret is in either."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice or message


class ConfigError(PlexgapError):
    """A setting is wrong. `field` is its dotted key, `problem` what it is and what is allowed."""

    def __init__(self, field: str, problem: str, advice: str = "") -> None:
        super().__init__(f"{field}: {problem}", advice or f"The setting {field} is wrong: {problem}")
        self.field = field
        self.problem = problem


class SourceError(PlexgapError):
    """A service gave no answer. `source` is its name as people know it: Plex, TMDB."""

    def __init__(self, source: str, message: str, advice: str = "") -> None:
        super().__init__(f"{source}: {message}", advice or f"{source} did not answer: {message}.")
        self.source = source


class Unreachable(SourceError):
    """No connection, a time-out, or a server error that outlasted every try."""


class Rejected(SourceError):
    """The service refuses the key or token; trying again is of no use."""


class Busy(SourceError):
    """The service asks us to wait `retry_after_s` seconds, longer than one request may wait."""

    def __init__(self, source: str, message: str, retry_after_s: float | None = None, advice: str = "") -> None:
        super().__init__(source, message, advice or f"{source} asks to slow down. Try again in a while.")
        self.retry_after_s = retry_after_s


class BadAnswer(SourceError):
    """The service answered, but not in a form we know: HTML, cut-off JSON, a field of another type."""


class NotListed(PlexgapError):
    """A definite 404: the service has no such thing. Never raised for a failure."""

    def __init__(self, source: str, what: str) -> None:
        super().__init__(f"{source} does not list {what}", f"{source} does not list {what}.")
        self.source = source
        self.what = what


class IncompleteListing(PlexgapError):
    """A section of Plex could not be read whole: nothing may be concluded from what is absent in it."""

    def __init__(self, section: str, problem: str) -> None:
        super().__init__(
            f"section {section!r}: {problem}",
            f"Plex did not give the whole of {section} ({problem}). What was known of it stays; check again later.",
        )
        self.section = section


class StoreError(PlexgapError):
    """A file of ours can't be read or written. `str(e)` names it."""


class UpdateError(PlexgapError):
    """A newer plexgap can't be seen, or was not taken; nothing was changed."""


class ScanRunning(PlexgapError):
    """Another check runs since `since`, started by `by`; `who` says so: "Another check runs since 14:02 UTC"."""

    def __init__(self, since: datetime | None, by: str = "") -> None:
        started = f" since {since:%H:%M} UTC" if since else ""
        who = f", started by {by}" if by else ""
        self.who = f"Another check runs{started}{who}"
        super().__init__(f"another check runs{started}{who}", f"{self.who}. Wait for it to end.")
        self.since = since
        self.by = by


class Cancelled(PlexgapError):
    """The person stopped it. What was done is kept."""

    def __init__(self) -> None:
        super().__init__("stopped")
