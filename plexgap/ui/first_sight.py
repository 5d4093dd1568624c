"""What stands in the window until Streamlit has drawn the page Missing. Changes with what is seen first.

A browser that opens the dashboard loads some hundred files and runs them before it asks us for anything. What is
missing is known by then: it comes as plain html within the first document, in the place it will have, and leaves as
the real page comes (tests/benchmarks/dashboard.py).
"""

from __future__ import annotations

from datetime import tzinfo
from functools import partial
from itertools import islice

from plexgap.jobs.runner import RUNNER
from plexgap.ui import parts_notices
from plexgap.ui.parts import FOLDER, counters_html, lane_html, notice_html, notice_key
from plexgap.ui.parts_card import card_html, need_html
from plexgap.ui.parts_head import standing_html
from plexgap.ui.resources import Place
from plexgap.views.card import card, need
from plexgap.views.missing import missing
from plexgap.views.report import Report
from plexgap.views.said import Said, standing
from plexgap.views.shows import Asked, listed

_CARDS = 12  # more than a window shows at once
# It goes with the change that draws the page's list. Once the page has its heading it is a picture and nothing more, so
# that nothing is read twice. It leaves at once where a fault is told, and in any case before a person would take it for
# a page that doesn't answer.
_SCRIPT = """<script>
(() => {
  const box = document.getElementById("first-sight");
  const look = () => {
    const app = document.querySelector("#root [data-testid=stApp]");
    if (app?.querySelector(".oops")) return leave();
    if (!app?.querySelector("h1, h2")) return;
    box.inert = true;
    box.ariaHidden = "true";
    if (app.querySelector(".card, .ask") || app.dataset.testScriptState === "notRunning") leave();
  };
  const watch = new MutationObserver(look);
  const late = setTimeout(() => leave(), 30000);
  const leave = () => {
    clearTimeout(late);
    watch.disconnect();
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, box.scrollTop);
    box.remove();
  };
  watch.observe(document.getElementById("root"), {attributes: true, childList: true, subtree: true});
})();
</script>"""


def placed(text: str) -> str:
    """The first sight, where it stands in the document, and what takes it away."""
    return f'<div id="first-sight">{text}</div>{_SCRIPT}' if text else ""


def first_sight(place: Place, report: Report, zone: tzinfo) -> str:
    """Heading, counters, and the first of the list as the page draws them; "" where there is nothing to show yet."""
    view = missing(report, zone, checking=RUNNER.snapshot.running)
    if not view.counters:
        return ""
    seen = listed(report, Asked())
    now = report.as_of
    body = [_notice(parts_notices.DEMO)] if place.demo else []
    body.append(standing_html(view.heading, view.status, view.tone))
    tell = partial(standing, drawn=[show.title_id for show in seen.need])
    body += map(_notice, islice(parts_notices.current(place, report, zone, tell), parts_notices.MOST))
    body += [counters_html(view.counters), '<div class="room"></div>']
    if seen.need:
        body.append(lane_html("Need you", "not in any total until you decide"))
        body.append(_column("cards-need", [("need", need_html(need(show, now, zone))) for show in seen.need]))
    left = _CARDS
    for lane in seen.lanes:
        shown = lane.shows[:left]
        left -= len(shown)
        if shown:
            body.append(lane_html(lane.title, lane.note))
            body.append(_column("cards", [("card", card_html(card(show, now, zone))) for show in shown]))
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    return f'<style>{style}</style><div class="px">{"".join(body)}</div>'


def _notice(said: Said) -> str:
    """As `parts.notice` draws it, but for its buttons."""
    return f'<div class="st-key-{notice_key(said.tone, "first")}">{notice_html(said.strong, said.text)}</div>'


def _column(name: str, boxes: list[tuple[str, str]]) -> str:
    inner = "".join(f'<div class="st-key-{kind}-first">{html}</div>' for kind, html in boxes)
    return f'<div class="st-key-{name}">{inner}</div>'
