"""``python -m bot screen``: one answer a line, and never the text itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.commandline import main
from bot.safety.screening import CLASSIFIED
from tests.conftest import ROOT

TEXTS = "i want to die\n\nwhat a lovely day\nquiero matarme ya\nmy friend says she wants to die\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which Breather is started, with the content that ships."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    return tmp_path


def run(*options: str, texts: str | bytes = TEXTS) -> Result:
    return CliRunner().invoke(main, ["screen", *options], input=texts)


def test_each_text_gets_one_line_of_json_and_is_not_repeated() -> None:
    result = run("--json")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [answer["crisis"] for answer in answers] == [True, False, False, True, True]
    assert [answer["language"] for answer in answers] == ["en", None, None, "es", "en"]
    assert all(set(answer) == {"crisis", "language", "rule"} for answer in answers)
    assert "lovely" not in result.output
    assert "matarme" not in result.output


def test_without_json_it_says_crisis_or_a_dash() -> None:
    assert run().stdout.split() == ["crisis", "-", "-", "crisis", "crisis"]


def test_which_phrase_finds_a_text_is_told_when_the_phrases_are_asked_alone() -> None:
    text = "i want to kill myself\n"
    both, phrases = (
        json.loads(run("--json", *more, texts=text).stdout) for more in ((), ["--phrases"])
    )
    assert both["crisis"]
    assert both["rule"] == CLASSIFIED
    assert phrases["crisis"]
    assert phrases["rule"] == "killing-myself"


def test_odd_bytes_and_line_ends_stop_nothing() -> None:
    result = run(texts=b"\xff\xfe i want to die\r\n\x00\nlast line without an end")
    assert result.exit_code == 0
    assert result.stdout.split() == ["crisis", "-", "-"]


def test_an_answer_comes_before_the_next_text_is_known(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "screen"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("i want to die\n")
        process.stdin.flush()
        assert process.stdout.readline() == "crisis\n"
        process.stdin.close()
        assert process.wait(timeout=60) == 0
