"""`export`: every form, to standard output and to a file."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import icalendar
import pytest

from plexgap.views.export import CSV_COLUMNS
from tests.cli.running import Cli

Scanned = tuple[Cli, Any]


def missing(made: Any) -> int:
    shows = sum(len(show["missing"]) for show in made["shows"] if show["state"] == "gaps")
    return shows + sum(len(one["missing"]) for one in made["collections"] if one["state"] == "gaps")


def test_every_form_tells_every_gap_and_the_exit_code_is_0(scanned: Scanned) -> None:
    cli, made = scanned
    as_csv, as_json, as_rss, as_ics = (cli("export", form) for form in ("csv", "json", "rss", "ics"))
    assert [done.code for done in (as_csv, as_json, as_rss, as_ics)] == [0] * 4
    rows = list(csv.DictReader(io.StringIO(as_csv.out)))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == missing(made)
    assert json.loads(as_json.out)["shows"] == made["shows"]
    assert len(ElementTree.fromstring(as_rss.out.encode()).findall("channel/item")) == missing(made)
    listed = sum(
        len(show["upcoming"]) + len(show["just_aired"])
        for show in made["shows"]
        if show["state"] in ("gaps", "complete")
    )
    events = icalendar.Calendar.from_ical(as_ics.out).walk("VEVENT")
    assert sum("film" not in str(event["UID"]) for event in events) == listed > 0


def test_it_is_the_same_text_as_gaps_prints(scanned: Scanned) -> None:
    cli, _ = scanned
    assert cli("export", "csv").out == cli("gaps", "--format", "csv").out


@pytest.mark.parametrize("form", ["csv", "json", "ics", "rss"])
def test_a_file_is_replaced_as_a_whole_and_nothing_lies_beside_it(scanned: Scanned, tmp_path: Path, form: str) -> None:
    cli, _ = scanned
    moment = ("--as-of", "2026-11-21T10:00:00Z")
    file = tmp_path / "deep" / f"out.{form}"
    file.parent.mkdir()
    file.write_text("older and longer " * 100_000)
    done = cli("export", form, file, *moment)
    assert (done.code, done.out) == (0, f"Written to {file}.\n")
    assert list(file.parent.iterdir()) == [file]
    written, printed = file.read_bytes(), cli("export", form, *moment).out.encode()
    if form == "ics":
        assert written.count(b"\r\n") == written.count(b"\n") > 100
        assert written.replace(b"\r\n", b"\n") == printed, "click's own runner makes one character of a line end"
    elif form == "json":
        assert {**json.loads(written), "generated_at": ""} == {**json.loads(printed), "generated_at": ""}
    else:
        assert written == printed


def test_as_of_moves_what_is_ahead_to_what_is_missing(scanned: Scanned) -> None:
    cli, _ = scanned
    now, later = (cli("export", "csv", "--as-of", at).out.count("\n") for at in ("2026-11-21", "2029-11-21"))
    assert later > now
    assert "BEGIN:VEVENT" not in cli("export", "ics", "--as-of", "2039-11-21").out


def test_one_kind_or_one_library_can_be_exported_alone(scanned: Scanned) -> None:
    cli, _ = scanned
    kinds = {row["kind"] for row in csv.DictReader(io.StringIO(cli("export", "csv", "--only", "movies").out))}
    assert kinds == {"movie"}
    rows = list(csv.DictReader(io.StringIO(cli("export", "csv", "--only", "shows").out)))
    library = rows[0]["library"].split(", ")[0]
    alone = list(csv.DictReader(io.StringIO(cli("export", "csv", "--only", "shows", "--library", library).out)))
    assert alone
    assert all(library in row["library"] for row in alone)


def test_a_folder_and_a_form_that_is_none_are_wrong_usage(scanned: Scanned, tmp_path: Path) -> None:
    cli, _ = scanned
    folder = cli("export", "csv", tmp_path)
    assert (folder.code, folder.out) == (2, "")
    assert "is a folder" in folder.err
    assert cli("export", "xml").code == 2


def test_a_library_that_there_is_none_of_is_said(scanned: Scanned) -> None:
    cli, _ = scanned
    done = cli("export", "csv", "--library", "No such library")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert "No such library" in done.err


def test_before_any_check_it_says_so_and_writes_what_there_is(cli: Cli) -> None:
    done = cli("export", "ics")
    assert done.code == 0
    assert "No check has ended yet" in done.err
    assert done.out.startswith("BEGIN:VCALENDAR\n")


def test_a_calendar_on_standard_output_has_the_line_ends_of_one(cli: Cli) -> None:
    command = [sys.executable, "-m", "plexgap", "export", "ics", "-q"]
    root = Path(__file__).resolve().parent.parent.parent
    done = subprocess.run(command, env=cli.process_env, cwd=root, capture_output=True, check=True)
    assert done.stdout.startswith(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert done.stdout.count(b"\r\n") == done.stdout.count(b"\n")


def test_where_it_was_written_can_be_read_by_programs(scanned: Scanned, tmp_path: Path) -> None:
    cli, _ = scanned
    done = cli("export", "rss", tmp_path / "missing.rss", "--format", "json")
    assert json.loads(done.out) == {
        "version": 1,
        "done": "export",
        "form": "rss",
        "file": str(tmp_path / "missing.rss"),
    }
