"""What can go wrong on purpose, for the next requests that match."""

import re
from dataclasses import dataclass

from .limits import TooMany


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer with this status. ``processed``: the request took effect all the same."""

    status: int
    processed: bool = False


@dataclass(frozen=True, slots=True)
class CloseBefore:
    """Close the connection; the request had no effect."""


@dataclass(frozen=True, slots=True)
class CloseAfter:
    """Close the connection without an answer; the request took effect (ambiguous to the bot)."""


@dataclass(frozen=True, slots=True)
class Delay:
    """Answer ``seconds`` of real time late. ``processed``: it takes effect before the wait."""

    seconds: float
    processed: bool = True


@dataclass(frozen=True, slots=True)
class Hang:
    """Never answer. ``processed``: it took effect, as when the bot dies before it hears back."""

    processed: bool = False


Fault = Answer | TooMany | CloseBefore | CloseAfter | Delay | Hang


@dataclass(slots=True)
class Rule:
    """One order for trouble. ``hits`` counts the requests it met; ``times`` ``None``: all."""

    method: str
    path: re.Pattern[str]
    fault: Fault
    times: int | None
    hits: int = 0

    def stop(self) -> None:
        """Let later requests pass."""
        self.times = self.hits


class Faults:
    """The rules in force; the oldest that matches is taken."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def add(self, method: str, path: str, fault: Fault, *, times: int | None = 1) -> Rule:
        r"""Meet the next ``times`` requests with ``fault``.

        ``method`` is "POST" or "*". ``path`` is a regular expression for the whole path after
        the API version, such as ``r"/channels/\d+/messages"``. A request that is over a rate
        limit is refused for that first, and does not use the rule up.
        """
        rule = Rule(method, re.compile(path), fault, times)
        self.rules.append(rule)
        return rule

    def take(self, method: str, path: str) -> Fault | None:
        """The fault for this request, used up by one."""
        for rule in self.rules:
            if rule.times is not None and rule.hits >= rule.times:
                continue
            if rule.method in ("*", method) and rule.path.fullmatch(path):
                rule.hits += 1
                return rule.fault
        return None
