"""The order of the house, read from its imports: which part may know which (style.md 3). Nothing here runs the code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A part may import what stands before it, and itself.
ORDER = (
    *("domain", "config", "gaps", "sources", "store", "jobs", "views", "demo"),
    *("wiring", "cli", "ui", "pages", "app"),
)
SOURCES = ("plex_tv", "plex", "tmdb", "tvdb", "trakt")  # longer names first: plex_tv is not a part of plex
FILES = sorted([*(ROOT / "plexgap").rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])
CLOCKS = {"now", "today", "utcnow", "monotonic", "perf_counter", "time_ns"}
OUTER_WORLD = {"time", "os", "io", "socket", "sqlite3", "urllib.request", "http", "subprocess", "random", "threading"}
FILE_ACCESS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "iterdir"}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module that the file imports anywhere in it, in full: `plexgap.domain.ids`, `requests.adapters`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            module = node.module or ""
            yield from (f"{module}.{alias.name}" for alias in node.names)


def outside(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"plexgap"}


def part(path: Path) -> str:
    """The part a file belongs to; `""` for the package's own first file."""
    words = path.relative_to(ROOT).with_suffix("").parts
    if words[0] != "plexgap":
        return words[0]
    if words[1] == "__main__":
        return "cli"
    return "" if words[1] == "__init__" else words[1]


def parts_known(path: Path) -> set[str]:
    return {
        name.split(".")[1] for name in imports(path) if name.startswith("plexgap.") and name != "plexgap.__version__"
    }


def service(name: str) -> str:
    """Which service a module of sources/ speaks to: `plex_rows` to plex; "" for what all share."""
    return next((known for known in SOURCES if name == known or name.startswith(f"{known}_")), "")


def files(*parts: str) -> list[Path]:
    chosen = [path for path in FILES if not parts or part(path) in parts]
    assert chosen, f"no file in {parts}"
    return chosen


def offenders(wrong: dict[Path, object]) -> dict[str, object]:
    """Each file with what is wrong in it, as a person looks for it; empty when all is well."""
    return {path.relative_to(ROOT).as_posix(): what for path, what in wrong.items() if what}


def test_a_file_imports_only_what_stands_before_it() -> None:
    def behind(path: Path) -> set[str]:
        mine = part(path)
        return parts_known(path) - set(ORDER[: ORDER.index(mine) + 1] if mine else ())

    assert offenders({path: behind(path) for path in files()}) == {}


def test_every_part_has_its_place_in_the_order() -> None:
    assert {part(path) for path in FILES} - {""} <= set(ORDER)


def test_no_file_has_more_than_400_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    assert offenders({path: length if length > 400 else None for path, length in lengths.items()}) == {}


def test_only_ui_pages_and_app_know_streamlit() -> None:
    others = [path for path in files() if part(path) not in ("ui", "pages", "app")]
    assert offenders({path: outside(path) & {"streamlit"} for path in others}) == {}


def test_only_the_sources_plex_and_plex_tv_know_plexapi() -> None:
    homes = {ROOT / "plexgap" / "sources" / "plex.py", ROOT / "plexgap" / "sources" / "plex_tv.py"}
    assert offenders({path: outside(path) & {"plexapi"} for path in set(files()) - homes}) == {}


def test_the_core_knows_no_library_no_clock_no_file_and_no_network() -> None:
    def reached(path: Path) -> set[str]:
        modules = set(imports(path)) | {name.rpartition(".")[0] for name in imports(path)}
        called = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
        names = {func.id for func in called if isinstance(func, ast.Name)} & {"open", "print", "input"}
        attributes = {func.attr for func in called if isinstance(func, ast.Attribute)} & (CLOCKS | FILE_ACCESS)
        return outside(path) | (modules & OUTER_WORLD) | names | attributes

    assert offenders({path: reached(path) for path in files("domain", "gaps")}) == {}


def test_sources_do_not_know_each_other() -> None:
    def strangers(path: Path) -> set[str]:
        siblings = {name.split(".")[2] for name in imports(path) if name.startswith("plexgap.sources.")}
        return {service(name) for name in siblings} - {service(path.stem), ""}

    assert offenders({path: strangers(path) for path in files("sources")}) == {}


def test_what_all_sources_share_knows_none_of_them() -> None:
    shared = [path for path in files("sources") if not service(path.stem) and path.stem != "__init__"]
    known = {
        path: {name.split(".")[2] for name in imports(path) if name.startswith("plexgap.sources.")} for path in shared
    }
    assert offenders({path: {name for name in names if service(name)} for path, names in known.items()}) == {}


def test_pages_know_drawing_and_views_only() -> None:
    def more(path: Path) -> set[str]:
        return parts_known(path) - {"ui", "views", "domain"} | outside(path) - {"streamlit"}

    assert offenders({path: more(path) for path in files("pages")}) == {}


def test_the_launcher_is_standard_library_until_its_last_lines() -> None:
    *launcher, faces = tree(ROOT / "app.py").body
    assert isinstance(faces, ast.If)
    early = {
        alias.name if isinstance(node, ast.Import) else node.module or ""
        for statement in launcher
        for node in ast.walk(statement)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.partition(".")[0] for name in early} <= set(sys.stdlib_module_names)
    assert "subprocess" in early
