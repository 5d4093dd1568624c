"""A socket that listens sends at once, and so do those it accepts."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from plexgap.ui.sockets import send_at_once

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows doesn't list a process's open files")
FILES = Path("/dev/fd")


def waits(one: socket.socket) -> bool:
    return not one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_what_listens_and_what_it_accepts_send_at_once() -> None:
    with socket.socket() as server, socket.socket() as other:
        server.bind(("127.0.0.1", 0))
        server.listen()
        assert waits(server)
        send_at_once()
        assert (waits(server), waits(other)) == (False, True)
        with socket.create_connection(server.getsockname()):
            accepted, _ = server.accept()
            with accepted:
                assert not waits(accepted)


def test_it_leaves_no_file_open() -> None:
    before = len(list(FILES.iterdir()))
    send_at_once()
    assert len(list(FILES.iterdir())) == before
