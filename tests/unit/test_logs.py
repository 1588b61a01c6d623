"""Logs: a line for people, or one JSON object a line."""

import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.logs import NOISY, TYPED, JsonFormatter, set_up_logs


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in (*NOISY, *TYPED)}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_for_people_there_is_a_line_with_level_and_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs("console", "INFO")
    logging.getLogger("bot.delivery").warning("late by %d s", 5)
    assert capsys.readouterr().err.endswith(" WARNING bot.delivery: late by 5 s\n")


def test_for_a_collector_every_line_is_an_object(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("json", "INFO")
    log = logging.getLogger("bot.delivery")
    log.info("two\nlines, %s", "ünïcode")
    log.debug("not shown")
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        log.exception("a fault")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first | {"at": ""} == {
        "at": "",
        "level": "INFO",
        "logger": "bot.delivery",
        "message": "two\nlines, ünïcode",
    }
    assert first["at"].endswith("+00:00")
    assert second["message"] == "a fault"
    assert "ZeroDivisionError" in second["error"]


@pytest.mark.parametrize("style", ["console", "json"])
def test_setting_up_twice_writes_every_line_once(
    capsys: pytest.CaptureFixture[str], style: Literal["console", "json"]
) -> None:
    for _ in range(2):
        set_up_logs(style, "INFO")
    logging.getLogger("bot").info("once")
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(("level", "lines"), [("INFO", 0), ("DEBUG", 1)])
def test_libraries_that_talk_much_are_heard_only_when_debugging(
    capsys: pytest.CaptureFixture[str], level: str, lines: int
) -> None:
    set_up_logs("console", level)
    logging.getLogger("discord.gateway").info("a heartbeat")
    assert len(capsys.readouterr().err.splitlines()) == lines


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_message_is_one_line_of_json(message: str) -> None:
    record = logging.LogRecord("a", logging.INFO, "", 0, message, (), None)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == message


@pytest.mark.parametrize("name", TYPED)
def test_what_people_type_is_not_logged_even_when_faults_are_looked_into(name: str) -> None:
    set_up_logs("json", "DEBUG")
    assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
