"""What a person reads on a page that AppTest ran."""

from __future__ import annotations

import html
import re

from streamlit.testing.v1 import AppTest

_TAG = re.compile(r"<[^>]+>")


def source(app: AppTest) -> str:
    """All of our own html as it is sent, the style sheet left out."""
    bodies = [element.proto.body for element in app.get("html")]
    return "\n".join(body for body in bodies if '<div class="px">' in body)


def text(app: AppTest) -> str:
    """The words of our own html."""
    return html.unescape(_TAG.sub(" ", source(app)))


def heading(app: AppTest) -> str:
    found = re.search(r"<h1>(.*?)</h1>", source(app))
    assert found, text(app)
    return html.unescape(found[1])


def missing(app: AppTest) -> int:
    """The number in the heading."""
    return int(heading(app).split()[0].replace(",", ""))


def sent(app: AppTest) -> str:
    """Everything that went to the browser, widgets included."""
    return "\n".join(str(element.proto) for element in app.main) + str(app.main)
