"""The documents say what the code does: tables are fresh, names and links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import discord
import pytest

from bot.client import PERMISSIONS
from bot.commandline import main
from bot.permissions import PERMISSION_NAMES
from bot.settings import Settings, load_settings
from tests.generate_docs import ROOT, find_stale, generate

NOT_OURS = frozenset({"var", "build", "dist", "node_modules"})
IMAGES = ROOT / "docs" / "images"
"""Made by ``make screenshots``. Once the folder is there, each picture must be."""

FENCE = re.compile(r"^(```|~~~).*?^\1\s*?$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
CODE_LINE = re.compile(r"`([^`\n]+)`|^ *(?:\$ )?((?:[A-Z_]+=\S+ )*make\b.*)$", re.MULTILINE)
MAKE = re.compile(r"(?:[A-Z_]+=\S+ +)*make +([a-z][a-z-]*)")
SUBCOMMAND = re.compile(r"-m bot ([a-z][a-z-]*)")
TARGET = re.compile(r"^([a-z][a-z-]*):.*?## ", re.MULTILINE)


def documents() -> list[Path]:
    """Every Markdown file of the repository."""
    return sorted(
        path
        for path in ROOT.rglob("*.md")
        if not any(
            part.startswith(".") or part in NOT_OURS for part in path.relative_to(ROOT).parts
        )
    )


def name_of(path: Path) -> str:
    """A file's name from the repository's root, for a test's name."""
    return str(path.relative_to(ROOT))


def read(path: Path) -> str:
    """A file's text."""
    return path.read_text(encoding="utf-8")


def anchors_of(text: str) -> set[str]:
    """The anchors that GitHub gives to a document's headings."""
    anchors: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        words = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        number = 0
        while (anchor := f"{words}-{number}" if number else words) in anchors:
            number += 1
        anchors.add(anchor)
    return anchors


def broken_links(path: Path) -> list[str]:
    """The relative links of a document that lead nowhere."""
    text = INLINE_CODE.sub("", FENCE.sub("", read(path)))
    return [link for link in map("".join, LINK.findall(text)) if not leads_somewhere(path, link)]


def leads_somewhere(path: Path, link: str) -> bool:
    """Whether a link's file is there, and its heading in it; true for other sites."""
    if ELSEWHERE.match(link):
        return True
    file, _, anchor = link.partition("#")
    target = (path.parent / file).resolve() if file else path
    if IMAGES in target.parents and not IMAGES.is_dir():
        return True
    if not target.exists():
        return False
    return not anchor or target.suffix != ".md" or anchor in anchors_of(read(target))


def make_targets() -> set[str]:
    """The targets that ``make help`` lists."""
    return set(TARGET.findall(read(ROOT / "Makefile")))


def named_make_targets(path: Path) -> set[str]:
    """The targets that a document names in code."""
    codes = ("".join(found) for found in CODE_LINE.findall(read(path)))
    return {match[1] for code in codes if (match := MAKE.match(code))}


def subcommands() -> set[str]:
    """The subcommands of ``python -m bot``."""
    assert isinstance(main, click.Group)
    return set(main.commands)


def named_subcommands() -> Iterator[tuple[str, str]]:
    """Each document with each subcommand that it names."""
    for path in documents():
        for name in SUBCOMMAND.findall(read(path)):
            yield name_of(path), name


@pytest.fixture(scope="module")
def fresh() -> dict[str, str]:
    """The generated documents as the code makes them now."""
    return generate()


def test_the_generated_documents_are_fresh(fresh: dict[str, str]) -> None:
    assert find_stale(fresh) == [], "Run: make docs"


def test_a_changed_document_is_found_stale(tmp_path: Path) -> None:
    (tmp_path / "same.md").write_text("one", encoding="utf-8")
    (tmp_path / "changed.md").write_text("one", encoding="utf-8")

    texts = {"same.md": "one", "changed.md": "two", "missing.md": "three"}

    assert find_stale(texts, tmp_path) == ["changed.md", "missing.md"]


def test_the_example_of_settings_is_read_as_the_defaults() -> None:
    assert load_settings(ROOT / ".env.example") == load_settings(None)


def test_every_setting_is_in_the_example(fresh: dict[str, str]) -> None:
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", fresh[".env.example"], re.MULTILINE))

    assert named == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    assert broken_links(path) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# A heading, here\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[good](there.md#a-heading-here) [gone](gone.md) [wrong](there.md#other) [own](#none)\n"
        "[![picture](gone.png)](https://example.org) `[code](code.md)`\n"
        "```\n[fenced](fenced.md)\n```\n",
        encoding="utf-8",
    )

    assert broken_links(page) == ["gone.md", "there.md#other", "#none", "gone.png"]


def test_every_make_target_is_documented() -> None:
    named = set().union(*map(named_make_targets, documents()))

    assert make_targets() - named == set()


@pytest.mark.parametrize("path", documents(), ids=name_of)
def test_every_make_target_that_is_named_exists(path: Path) -> None:
    assert named_make_targets(path) - make_targets() == set()


def test_make_targets_are_found_in_code_and_not_in_prose(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "We make sure. Run `make test`:\n```\n$ make lint\nPYTHON=python3 make run\n```\n",
        encoding="utf-8",
    )

    assert named_make_targets(page) == {"test", "lint", "run"}


def test_the_readme_names_the_command_that_runs_the_tests() -> None:
    assert "test" in named_make_targets(ROOT / "README.md")


def test_every_subcommand_is_documented() -> None:
    assert subcommands() - {name for _, name in named_subcommands()} == set()


def test_every_subcommand_that_is_named_exists() -> None:
    assert [(path, name) for path, name in named_subcommands() if name not in subcommands()] == []


def test_the_readme_names_the_permissions_that_the_invite_link_asks_for() -> None:
    assert f"permissions={PERMISSIONS.value}" in read(ROOT / "README.md")


def test_every_permission_that_the_invite_link_asks_for_is_explained() -> None:
    page = read(ROOT / "docs" / "permissions.md")
    explained = [name for name, words in PERMISSION_NAMES.items() if f"| {words} |" in page]

    assert discord.Permissions(**dict.fromkeys(explained, True)) == PERMISSIONS
