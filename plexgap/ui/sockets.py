"""The server's own socket. Changes when uvicorn says by itself that small messages leave at once."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
from pathlib import Path

_OPEN_FILES = Path("/dev/fd")
_TCP = (socket.AF_INET, socket.AF_INET6)


def send_at_once() -> None:
    """Let no answer wait for the browser's word that it has the one before.

    Streamlit binds its socket without naming the protocol, and asyncio then leaves the system's waiting on
    (Kludex/uvicorn#3149): 40 ms for each answer of a kept connection whose other end is slow to say so. What a
    listening socket says, those it accepts inherit. Where the system doesn't list a process's open files (Windows), it
    stays as it is.
    """
    with contextlib.suppress(OSError):
        for number in [int(path.name) for path in _OPEN_FILES.iterdir()]:
            with contextlib.suppress(OSError):
                if stat.S_ISSOCK(os.fstat(number).st_mode):
                    _send_at_once(number)


def _send_at_once(number: int) -> None:
    with socket.socket(fileno=os.dup(number)) as copy:
        if copy.family in _TCP and copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            copy.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
