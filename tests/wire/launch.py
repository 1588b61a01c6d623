"""Starts the real bot with its sockets led to the stand-in and its clock read from a file.

Settings come from the environment, as for everyone; what only tests need comes as arguments.
``--variant`` swaps in a part that is deliberately wrong, to show that the crash test sees it.
"""

import argparse
import asyncio
import sys

from bot import app as app_module
from bot import composition
from bot.app import App
from bot.errors import BreatherError
from bot.logs import set_up_logs
from bot.serve import serve
from bot.settings import Settings, load_settings
from tests.phrases import load_screen_from_file
from tests.wire.standin.clock import MovableClock
from tests.wire.standin.connector import make_connector
from tests.wire.variants import FOLLOW_UP_VARIANTS, VARIANTS

READY_SECONDS = 0.2


class SharedClock:
    """The stand-in's clock, in whole seconds."""

    def __init__(self, path: str) -> None:
        self._clock = MovableClock(path)

    def now(self) -> int:
        """The present instant in UTC epoch seconds."""
        return int(self._clock.now())


def main() -> None:
    """Run until a signal or a fault, like ``python -m bot run``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ca", required=True)
    parser.add_argument("--clock", required=True)
    parser.add_argument("--lease", type=int, default=30)
    parser.add_argument("--tick", type=float, default=0.2)
    parser.add_argument("--letters", type=float, default=1000, help="a second, at the least")
    parser.add_argument("--retry", type=float, default=0.3)
    parser.add_argument("--variant", choices=[*VARIANTS, *FOLLOW_UP_VARIANTS])
    arguments = parser.parse_args()
    app_module._load_screen = load_screen_from_file  # type: ignore[assignment]
    composition.LETTERS_PER_SECOND = arguments.letters  # type: ignore[attr-defined]
    if arguments.variant in FOLLOW_UP_VARIANTS:
        composition.FollowUps = FOLLOW_UP_VARIANTS[arguments.variant]  # type: ignore[attr-defined]
    elif arguments.variant:
        composition.Sender = VARIANTS[arguments.variant]  # type: ignore[attr-defined]
    try:
        settings = load_settings(None)
        set_up_logs(settings.log_format, settings.log_level)
        asyncio.run(run(arguments, settings))
    except BreatherError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)


async def run(arguments: argparse.Namespace, settings: Settings) -> None:
    """Make the app inside the loop, as its connector needs one."""
    app = App(
        settings,
        SharedClock(arguments.clock),
        connector=make_connector(arguments.port, arguments.ca),
        lease_seconds=arguments.lease,
        ready_seconds=READY_SECONDS,
    )
    await serve(app, retry_seconds=arguments.retry, tick_seconds=arguments.tick)


if __name__ == "__main__":
    main()
