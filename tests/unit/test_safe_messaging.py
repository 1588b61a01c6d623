"""The linter for safe messaging over everything that the bot says: content, cards, notices."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content.guides import load_guides
from bot.content.tips import load_tips
from bot.safety.messaging import advise, find_faults
from tests.conftest import ROOT

DATA = ROOT / "data"


def content() -> Iterator[tuple[str, str]]:
    """Every text that is shown, with its place. How people ask for a guide is not shown."""
    for guide in load_guides(DATA).by_id.values():
        yield guide.id, f"{guide.title}\n{guide.summary}\n{guide.content_note}\n{guide.body}"
    for tip in load_tips(DATA).by_id.values():
        yield tip.id, f"{tip.title}\n{tip.body}\n{tip.try_this}"
    for path in sorted((DATA / "myths").glob("*.toml")):
        for myth in tomllib.loads(path.read_text(encoding="utf-8"))["myth"]:
            yield myth["id"], f"{myth['statement']}\n{myth['explanation']}"


def sentences(path: Path) -> Iterator[str]:
    """Every text in a module's code."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_all_content_follows_safe_messaging_and_names_help() -> None:
    assert list(find_faults(content())) == []


@pytest.mark.parametrize(
    "path", sorted((ROOT / "cogs").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_no_card_says_what_safe_messaging_advises_against(path: Path) -> None:
    assert [item for text in sentences(path) for item in advise(text)] == []


def test_notices_and_catalogues_follow_it_too() -> None:
    paths = [
        DATA / "notices.toml",
        DATA / "small_talk.toml",
        *sorted((DATA / "locales").rglob("*.po")),
    ]
    assert [item for path in paths for item in advise(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("She committed suicide", "committed"),
        ("a failed attempt", "attempt"),
        ("Successful suicide", "attempt"),
        ("rates are skyrocketing", "contagion"),
        ("It was the only way out", "way-out"),
        ("he died by suicide because of a break-up", "one-cause"),
    ],
)
def test_it_finds_what_it_looks_for(text: str, rule: str) -> None:
    assert [item.rule for item in advise(text)] == [rule]


def test_a_phrase_that_is_quoted_in_order_to_advise_against_it_passes() -> None:
    assert advise('Say "died by suicide", not "committed suicide".') == []
    assert advise('They said "committed suicide".') != []


def test_a_text_on_the_subject_that_names_no_help_is_a_fault() -> None:
    assert len(list(find_faults([("x", "Thoughts of suicide are common.")]))) == 1
    assert list(find_faults([("x", "Thoughts of suicide are common. /help-now helps.")])) == []
