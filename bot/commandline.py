"""The command line. Faults of settings, content or database end with exit code 2."""

import asyncio
import io
import json
import sys
from dataclasses import asdict

import click

from bot import __version__
from bot.backup_commandline import backup, restore
from bot.calendar_commandline import show_calendar
from bot.claims_commandline import codes, programs
from bot.claims_review_commandline import claims
from bot.clock import SystemClock
from bot.errors import EXIT_FAULT, SettingsError
from bot.operating import tell_faults
from bot.settings import Settings, load_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="Breather")
def main() -> None:
    """Breather: daily self-care tips, help lines and more, for a creator community."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack letters: never a crash
        sys.stdout.reconfigure(errors="replace")


main.add_command(programs)
main.add_command(codes)
main.add_command(claims)
main.add_command(show_calendar)
main.add_command(backup)
main.add_command(restore)


@main.command()
@tell_faults()
def start() -> None:
    """Connect to Discord if a token is set, else start the sandbox."""
    settings = load_settings()
    if settings.discord_token is None:
        click.echo(
            "No DISCORD_TOKEN is set, so this is the sandbox: a local Discord to try everything in."
        )
        _run_sandbox(settings, fresh=False, commands=(), port=None)
    else:
        _run_bot(settings)


@main.command()
@tell_faults()
def run() -> None:
    """Connect to Discord. Refuses to start without a token."""
    settings = load_settings()
    if settings.discord_token is None:
        message = (
            "DISCORD_TOKEN: not set. Put the bot's token into .env (see .env.example), "
            "or try everything without one: python -m bot sandbox."
        )
        raise SettingsError([message])
    _run_bot(settings)


@main.command()
@click.option("--fresh", is_flag=True, help="Forget settings, ledger and clock of earlier runs.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Port on 127.0.0.1 instead of SANDBOX_PORT."
)
@click.option(
    "--do",
    "commands",
    multiple=True,
    metavar="COMMAND",
    help="A line of the prompt to run at start, such as 'as moderator' or '+1d'. Repeatable.",
)
@tell_faults()
def sandbox(*, fresh: bool, port: int | None, commands: tuple[str, ...]) -> None:
    """Start a local Discord in the browser; needs no token and no network."""
    _run_sandbox(load_settings(), fresh=fresh, commands=commands, port=port)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@tell_faults()
def check(*, as_json: bool) -> None:
    """Check settings, content and database; print every fault at once."""
    from bot.check import check as check_all

    report = check_all()
    if as_json:
        click.echo(json.dumps({"ok": not report.faults, **asdict(report)}))
    else:
        for name, count in report.counts.items():
            click.echo(f"{count:>6} {name}")
        for name, fact in report.facts.items():
            click.echo(f"{name}: {fact}")
        for fault in report.faults:
            click.echo(f"fault: {fault}", err=True)
        for warning in report.warnings:
            click.echo(f"warning: {warning}", err=True)
        number = len(report.faults)
        word = "fault" if number == 1 else "faults"
        click.echo(f"{number} {word}." if number else "Everything is in order.")
    if report.faults:
        sys.exit(EXIT_FAULT)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each question.")
@tell_faults()
def ask(*, as_json: bool) -> None:
    """Answer questions from standard input, one a line, with the best guides."""
    from bot.content.guides import load_guides
    from bot.resources.search import load_search

    folder = load_settings().content_dir
    search = load_search(load_guides(folder), folder)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for line in sys.stdin:
        question = line.rstrip("\r\n")
        found = search.find(question)
        if as_json:
            answers = [{"id": hit.id, "title": hit.title, "score": hit.score} for hit in found.hits]
            answer = {"question": question, "confident": found.is_confident, "answers": answers}
            words = json.dumps(answer)
        elif found.hits:
            sure = "" if found.is_confident else "not sure: "
            words = f"{sure}{found.hits[0].id} ({found.hits[0].title})"
        else:
            words = "nothing found"
        click.echo(words)  # click flushes every line


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each text.")
@click.option("--phrases", is_flag=True, help="Hear the phrases alone, without the classifier.")
@tell_faults()
def screen(*, as_json: bool, phrases: bool) -> None:
    """Say of texts from standard input, one a line, which sound like a crisis.

    The texts themselves are never printed.
    """
    from bot.safety.screening import Screen

    safety_net = Screen.load(load_settings().content_dir, with_classifier=not phrases)
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    for line in sys.stdin:
        finding = safety_net.screen(line.rstrip("\r\n"))
        if as_json:
            language = finding and finding.language
            rule = finding and finding.rule
            words = json.dumps({"crisis": finding is not None, "language": language, "rule": rule})
        else:
            words = "crisis" if finding else "-"
        click.echo(words)  # click flushes every line


@main.command()
@click.option("--force", is_flag=True, help="Send the commands even if nothing changed.")
@tell_faults()
def sync(*, force: bool) -> None:
    """Send the slash commands to Discord, only when they changed."""
    from bot.sync import sync_commands

    _set_up(settings := load_settings())
    sent = asyncio.run(sync_commands(settings, is_forced=force))
    click.echo(
        "The commands were sent to Discord." if sent else "Nothing changed, so nothing was sent."
    )


def _set_up(settings: Settings) -> None:
    from bot.logs import set_up_logs

    set_up_logs(settings.log_format, settings.log_level)


def _run_bot(settings: Settings) -> None:
    from bot.app import App
    from bot.serve import serve

    async def go() -> None:
        await serve(App(settings, SystemClock()))

    _set_up(settings)
    asyncio.run(go())


def _run_sandbox(
    settings: Settings, *, fresh: bool, commands: tuple[str, ...], port: int | None
) -> None:
    from bot.sandbox import run_sandbox

    _set_up(settings)
    asyncio.run(run_sandbox(settings, fresh=fresh, commands=commands, port=port))
