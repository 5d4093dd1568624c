"""What the browser tests share. Changes when they share more, or less."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import browser

# Other work may share the machine: a page that comes late is no page that doesn't come.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="module")
def opened(chromium: str) -> Iterator[Browser]:
    """One Chromium for a file: a Tab has cookies and storage of its own, starting one anew takes a second.

    It is closed before another file's tests run: playwright keeps an event loop going in the thread of the tests.
    """
    with browser(chromium) as one:
        yield one
