"""Starts the sandbox: prints its address, obeys the prompt, ends on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import signal
from typing import TYPE_CHECKING

import click

from bot.errors import RefusalError, SettingsError
from bot.sandbox.prompt import Prompt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.sandbox.serving import Serving
    from bot.settings import Settings


async def run_sandbox(
    settings: Settings,
    *,
    fresh: bool = False,
    commands: Sequence[str] = (),
    port: int | None = None,
) -> None:
    """Serve the sandbox until ``quit``, SIGTERM or Ctrl-C.

    ``commands`` are lines of the prompt and are carried out in order at the start. With standard
    input closed it goes on serving. ``port`` stands in for ``SANDBOX_PORT``. ``fresh`` forgets the
    settings, ledger and clock of earlier runs. Raises :class:`bot.errors.SettingsError` when the
    extra ``sandbox`` is not installed, the port is in use or a command is refused.
    """
    if importlib.util.find_spec("simcord") is None:
        message = (
            "The sandbox needs the extra 'sandbox'. Install it with: "
            "python -m pip install 'breather[sandbox]' (make run does it for you)."
        )
        raise SettingsError([message])
    # simcord tries a client without intents when it is imported, and discord.py warns of that.
    discord_state = logging.getLogger("discord.state")
    discord_state.setLevel(logging.ERROR)
    from bot.sandbox.serving import serve_sandbox  # noqa: PLC0415 (needs the extra)

    discord_state.setLevel(logging.NOTSET)
    stopping = asyncio.Event()
    with _stop_signals(stopping):
        async with serve_sandbox(settings, fresh=fresh, port=port, tell=click.echo) as serving:
            click.echo(serving.greeting)
            for line in commands:
                await _carry_out(serving, line, stopping)
            if not stopping.is_set():
                await _serve(serving, stopping)
        click.echo(
            "\nThe sandbox has stopped. Settings, ledger and clock are kept for the next time."
        )


async def _carry_out(serving: Serving, line: str, stopping: asyncio.Event) -> None:
    click.echo(f"> {line}")
    try:
        answer = await serving.obey(line)
    except RefusalError as error:
        message = f"--do {line!r}: {error}"
        raise SettingsError([message]) from error
    click.echo(answer.text)
    if answer.ends:
        stopping.set()


async def _serve(serving: Serving, stopping: asyncio.Event) -> None:
    tasks = [
        asyncio.create_task(Prompt(serving.obey, stopping).run()),
        asyncio.create_task(serving.run()),
    ]
    try:
        await stopping.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.contextmanager
def _stop_signals(stopping: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C still ends the loop
            loop.add_signal_handler(number, stopping.set)
    try:
        yield
    finally:
        for number in numbers:
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)
