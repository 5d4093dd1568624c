"""The server's own socket. Changes when uvicorn says by itself that small messages leave at once."""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

_OPEN_FILES = Path("/dev/fd")


def send_at_once() -> None:
    """Let no answer wait for the browser's word that it has the one before.

    Streamlit binds its socket without naming the protocol, and asyncio then leaves the system's waiting on
    (Kludex/uvicorn#3149): 40 ms for each answer of a kept connection, and for each of the some hundred messages a page
    is made of. What a listening socket says, those it accepts inherit. Where the system doesn't list a process's open
    files (Windows), it stays as it is.
    """
    with contextlib.suppress(OSError):
        for each_file in _OPEN_FILES.iterdir():
            with contextlib.suppress(OSError), socket.socket(fileno=os.dup(int(each_file.name))) as each:
                if each.family in (socket.AF_INET, socket.AF_INET6) and each.getsockopt(
                    socket.SOL_SOCKET, socket.SO_ACCEPTCONN
                ):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
