"""The sign-in to Plex that is under way, shared by all tabs of the process. Changes when it is shared otherwise.

What plex.tv gives stays in here: no tab's session ever holds a code or a token.
"""

from __future__ import annotations

import threading

from plexgap import wiring
from plexgap.jobs.sign_in import SignIn
from plexgap.ui.resources import Place


class SignIns:
    """One attempt at a time; a new one ends the one before. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._attempt: SignIn | None = None

    @property
    def present(self) -> SignIn | None:
        """The attempt that is under way, or has failed and not been seen off."""
        return self._attempt

    def begin(self, place: Place) -> None:
        """A new one, for the settings of this library."""
        with self._lock:
            self._end()
            self._attempt = wiring.sign_in(place.house)

    def end(self) -> None:
        """Gives up what is under way."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._attempt is not None:
            self._attempt.stop()
            self._attempt = None


SIGN_IN = SignIns()
