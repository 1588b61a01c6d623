"""Help lives apart: what ``/help-now`` stands on can neither be reached nor be broken by others."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

HELP = ("cogs.help_now", "bot.safety.emergency", "bot.safety.helplines", "bot.safety.directory")
FILES = sorted((ROOT / "cogs" / "help_now").glob("*.py"))
ALLOWED_OUTSIDE = {"babel", "discord"}
FORBIDDEN = (
    "bot.storage",
    "bot.content",
    "bot.guilds",
    "bot.delivery",
    "bot.tips",
    "bot.privacy",
    "bot.publisher",
    "bot.services",
    "bot.settings",
    "bot.app",
    "cogs.tips",
    "cogs.setup",
)


def path_of(module: str) -> Path | None:
    """The file of one of our modules."""
    base = ROOT.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.is_file():
            return path
    return None


def imports_of(path: Path) -> Iterator[str]:
    """What a file imports when it is run, wherever the import stands in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                deeper = f"{node.module}.{alias.name}"
                yield deeper if path_of(deeper) else node.module


def reachable(modules: tuple[str, ...]) -> set[str]:
    """Our own modules that these stand on, and the outside ones, themselves included."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        path = path_of(module)
        if path is not None:
            waiting += imports_of(path)
    return found


@pytest.mark.parametrize("forbidden", FORBIDDEN)
def test_help_stands_on_nothing_that_can_break(forbidden: str) -> None:
    touched = {name for name in reachable(HELP) if f"{name}.".startswith(f"{forbidden}.")}

    assert touched == set()


def test_help_needs_few_packages_from_outside() -> None:
    tops = {name.partition(".")[0] for name in reachable(HELP) if path_of(name) is None}
    standard = {name for name in tops if name in sys.stdlib_module_names or name == "__future__"}

    assert tops - standard <= ALLOWED_OUTSIDE


def test_emergency_numbers_need_the_standard_library_alone() -> None:
    ours = {name for name in reachable(("bot.safety.emergency",)) if path_of(name)}

    assert ours == {"bot.safety.emergency"}


def test_help_lines_need_the_standard_library_and_their_own_rooms_alone() -> None:
    found = reachable(("bot.safety.directory",))
    rooms = {"directory", "emergency", "helpline_rows", "helplines", "regions"}

    assert {name for name in found if path_of(name)} == {f"bot.safety.{room}" for room in rooms}
    outside = {name.partition(".")[0] for name in found if path_of(name) is None}
    assert outside <= set(sys.stdlib_module_names)


def test_help_opens_no_connection_and_waits_for_nothing_but_discord() -> None:
    awaited = [
        ast.unparse(node.value.func)
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call)
    ]

    assert set(awaited) == {"show", "update", "interaction.response.send_modal"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_help_keeps_no_count_of_who_asks_and_asks_no_machine_for_the_time(file: Path) -> None:
    source = file.read_text(encoding="utf-8")

    for word in ("user.id", "cooldown", "log.", "logging", ".now(UTC", "datetime.now", "today()"):
        assert word not in source
