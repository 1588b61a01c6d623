"""``python -m bot ask``: questions on standard input, answers line by line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.commandline import main
from tests.conftest import ROOT


def ask(text: str, *options: str) -> list[str]:
    """The lines that it prints for a text on standard input."""
    result = CliRunner().invoke(main, ["ask", *options], input=text)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def ask_json(text: str) -> list[dict[str, Any]]:
    """The same as objects."""
    return [json.loads(line) for line in ask(text, "--json")]


def test_each_line_is_answered_by_one_object_in_order() -> None:
    answers = ask_json("i cant sleep\nhow do i boil rice\n")
    assert [answer["question"] for answer in answers] == ["i cant sleep", "how do i boil rice"]
    assert [answer["confident"] for answer in answers] == [True, False]


def test_an_answer_has_up_to_five_guides_best_first() -> None:
    (answer,) = ask_json("i cant sleep")
    scores = [found["score"] for found in answer["answers"]]
    assert answer["answers"][0]["id"] == "insomnia"
    assert [set(found) for found in answer["answers"]] == [{"id", "title", "score"}] * 5
    assert scores == sorted(scores, reverse=True)


def test_an_empty_line_has_its_own_answer_without_guides() -> None:
    (empty, _) = ask_json("\ni cant sleep\n")
    assert empty == {"question": "", "confident": False, "answers": []}


def test_letters_of_every_script_come_back_as_they_were() -> None:
    (answer,) = ask_json("ich kann nicht schlafen, müde 😭 眠れない\n")
    assert answer["question"] == "ich kann nicht schlafen, müde 😭 眠れない"
    assert answer["confident"] is False


def test_for_people_it_prints_id_and_title() -> None:
    sure, unsure, nothing = ask("i cant sleep\nhow do i boil rice\n???\n")
    assert sure == "insomnia (Insomnia: when you cannot fall or stay asleep)"
    assert unsure.startswith("not sure: ")
    assert nothing == "nothing found"


@pytest.mark.parametrize("line", [b"\xff\xfe broken\n", b"a\x00b\n"])
def test_bytes_that_are_no_text_are_answered_too(line: bytes) -> None:
    result = CliRunner().invoke(main, ["ask", "--json"], input=line)
    assert result.exit_code == 0
    assert "answers" in json.loads(result.stdout)


def test_an_answer_comes_before_the_next_question_is_asked(tmp_path: Path) -> None:
    environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--json"],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT), "CONTENT_DIR": str(ROOT / "data")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for question in ("i cant sleep", "panic attack"):
            process.stdin.write(f"{question}\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["question"] == question
        process.stdin.close()
        assert process.wait(timeout=60) == 0
