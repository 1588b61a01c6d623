"""``python -m tests.benchmarks [--full] [--only NAME] [--write]``: a table on standard output."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from tests.benchmarks import campaign_rush, claims, claims_wire, planning, posting, starting, wire
from tests.benchmarks.table import Line, heading, machine, markdown, plain, say
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
Measure = Callable[[], Awaitable[list[Line]]]


def main() -> None:
    """Measure, print, and perhaps write the page. A missed bar is no failure."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    measures = _measures(is_full=False)
    parser.add_argument("--full", action="store_true", help="10,000 posts instead of 2,000")
    parser.add_argument("--only", choices=measures, action="append", help="leave out the others")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md too")
    arguments = parser.parse_args()
    is_full: bool = arguments.full
    if arguments.write and arguments.only:
        parser.error("--write needs the whole table: leave --only out")
    if not Path("/proc/self/statm").exists():
        parser.exit(message="The benchmarks read /proc, so they need Linux.\n")
    chosen = {
        name: measure
        for name, measure in _measures(is_full=is_full).items()
        if arguments.only is None or name in arguments.only
    }
    lines = asyncio.run(_run(chosen))
    if arguments.write:
        chapters = (wire, planning, posting, campaign_rush, starting, claims, claims_wire)
        notes = [note for chapter in chapters for note in chapter.NOTES]
        command = f"python -m tests.benchmarks {'--full ' if is_full else ''}--write"
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(markdown(lines, notes, command), encoding="utf-8")


def _measures(*, is_full: bool) -> dict[str, Measure]:
    return {
        "commands": wire.measure_commands,
        "latency": wire.measure_latency,
        "planning": planning.measure_planning,
        "posts": partial(posting.measure_posting, is_full=is_full),
        "campaign-rush": campaign_rush.measure_campaign_rush,
        "start": starting.measure_starting,
        "claims": claims.measure_claims,
        "claims-wire": claims_wire.measure_claims_wire,
    }


async def _run(measures: dict[str, Measure]) -> list[Line]:
    lines: list[Line] = []
    started = time.monotonic()
    sys.stdout.write(f"{machine()}\n\n{heading()}\n")
    for name, measure in measures.items():
        say(f"{name} ...")
        for line in await measure():
            lines.append(line)
            sys.stdout.write(f"{plain(line)}\n")
        sys.stdout.flush()
    say(f"done in {time.monotonic() - started:.0f} s")
    return lines


if __name__ == "__main__":
    main()
