"""Writes the documents that are made from the code: ``python -m tests.generate_docs``.

``docs/commands.md`` comes from the real command tree, ``docs/settings.md`` and ``.env.example``
from the fields of :class:`bot.settings.Settings`, ``docs/sources.md`` from the content. With
``--check`` nothing is written, and the exit code is 1 when one of them is stale. Needs no network
and no token.
"""

import argparse
import asyncio
import sys
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le, MaxLen
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.app import App
from bot.clock import MovableClock
from bot.settings import Settings, load_settings
from tests.generate_sources import render_sources

ROOT = Path(__file__).parent.parent
NOTICE = "<!-- Made by `make docs`. Change the code, not this file. -->"
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
GUILD, BOT_DM, PRIVATE_CHANNEL = 0, 1, 2
USER_INSTALL = 1
MESSAGE_MENU = 3
MODERATORS_PREFIX = "For moderators: "
WIDTH = 96
OBVIOUS = ("a text", "a secret text", "a folder")
ABOUT_COMMANDS = """\
Every slash command of this version. [For moderators](moderators.md) explains when to use which.
Answers are private: only the person who asked sees them, unless they press Share here."""
ABOUT_MODERATORS = """\
These need the permission Manage Server, or the staff role that was chosen in `/setup`. Discord
shows the `/tips`, `/resources` and `/myths` ones to everyone, as it can hide whole commands only;
each checks for itself who asks."""
ABOUT_SETTINGS = """\
Breather reads its settings from the environment and from a file `.env` in the folder that it is
started in; the environment wins. An empty value counts as not set. Copy
[.env.example](../.env.example) to `.env` to begin. Every fault is reported at once, by name, and
nothing starts until all are mended; `python -m bot check` reports them and starts nothing."""


def generate() -> dict[str, str]:
    """Every generated document by its path from the repository's root."""
    return {
        "docs/commands.md": render_commands(asyncio.run(read_commands())),
        "docs/settings.md": render_settings(Settings.model_fields),
        "docs/sources.md": render_sources(ROOT / "data", NOTICE),
        ".env.example": render_env_example(Settings.model_fields),
    }


def find_stale(texts: Mapping[str, str], root: Path = ROOT) -> list[str]:
    """Which of the documents are missing under ``root`` or differ from what they should say."""
    return [
        name
        for name, text in texts.items()
        if not (root / name).is_file() or (root / name).read_text(encoding="utf-8") != text
    ]


async def read_commands() -> list[dict[str, Any]]:
    """The command tree as Discord would get it, from the real bot on an empty database."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            None,
            discord_token=None,
            database_url=f"sqlite:///{folder}/breather.db",
            state_dir=Path(folder),
            content_dir=ROOT / "data",
        )
        app = App(settings, MovableClock(0), remembers_commands=False)
        await app.open()
        try:
            app.client.is_syncing_at_start = False
            await app.client.setup_hook()
            if app.problem is not None or app.client.broken_cogs:
                message = f"the bot is not whole: {app.problem or app.client.broken_cogs}"
                raise RuntimeError(message)
            return [command.to_dict(app.client.tree) for command in app.client.tree.get_commands()]
        finally:
            await app.close()


def render_commands(commands: Sequence[Mapping[str, Any]]) -> str:
    """The reference of every slash command, members' first."""
    everyone: list[str] = []
    moderators: list[str] = []
    for command in sorted(commands, key=lambda item: str(item["name"])):
        for name, leaf in _leaves(command):
            is_moderators = _is_for_moderators(command, leaf)
            text = _render_command(name, command, leaf, is_moderators=is_moderators)
            (moderators if is_moderators else everyone).append(text)
    lines = [
        "# Commands",
        "",
        NOTICE,
        "",
        ABOUT_COMMANDS,
        "",
        "## For everyone",
        "",
        *everyone,
        "## For moderators",
        "",
        ABOUT_MODERATORS,
        "",
        *moderators,
    ]
    return "\n".join(lines).rstrip() + "\n"


def render_settings(fields: Mapping[str, FieldInfo]) -> str:
    """The table of every setting."""
    lines = [
        "# Settings",
        "",
        NOTICE,
        "",
        ABOUT_SETTINGS,
        "",
        "| Setting | Default | Values | What it does |",
        "|---|---|---|---|",
    ]
    for name, field in fields.items():
        default = f"`{_default(field)}`" if _default(field) else "not set"
        cells = (f"`{name.upper()}`", default, _values(field), field.description or "")
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def render_env_example(fields: Mapping[str, FieldInfo]) -> str:
    """A ``.env`` to begin with: the token to fill in, everything else at its default."""
    lines = [
        "# Copy this file to .env and fill in what you need. Made by `make docs`.",
        "# Keep .env to yourself: whoever has the token is the bot.",
    ]
    for name, field in fields.items():
        values = _values(field, mark="")
        description = field.description or ""
        description += "" if values in OBVIOUS else f" Values: {values}."
        lines += ["", *(f"# {line}" for line in textwrap.wrap(description, WIDTH))]
        mark = "" if field.annotation == SecretStr | None else "# "
        lines.append(f"{mark}{name.upper()}={_default(field)}")
    return "\n".join(lines) + "\n"


def _leaves(command: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """A command's callable parts by full name: itself, or its subcommands."""
    subcommands = [
        option
        for option in command.get("options", ())
        if option["type"] in {SUBCOMMAND, SUBCOMMAND_GROUP}
    ]
    if not subcommands:
        return [(str(command["name"]), command)]
    return [
        (f"{command['name']} {name}", leaf)
        for subcommand in subcommands
        for name, leaf in _leaves(subcommand)
    ]


def _is_for_moderators(command: Mapping[str, Any], leaf: Mapping[str, Any]) -> bool:
    is_hidden = command["default_member_permissions"] is not None
    return is_hidden or str(leaf.get("description", "")).startswith(MODERATORS_PREFIX)


def _render_command(
    name: str, command: Mapping[str, Any], leaf: Mapping[str, Any], *, is_moderators: bool
) -> str:
    if command.get("type") == MESSAGE_MENU:
        place = "Where: in the menu of a message (Apps)"
        return "\n".join(
            [f"### {name}", "", f"{place}, {_places(command, is_moderators=False)}.", ""]
        )
    description = str(leaf["description"]).removeprefix(MODERATORS_PREFIX)
    lines = [f"### /{name}", "", f"{description[:1].upper()}{description[1:]}.", ""]
    lines.append(f"Where: {_places(command, is_moderators=is_moderators)}.")
    options = leaf.get("options", ())
    if options:
        lines += ["", "| Option | Needed | What it is |", "|---|---|---|"]
        lines += [f"| {' | '.join(_option(option))} |" for option in options]
    return "\n".join([*lines, ""])


def _places(command: Mapping[str, Any], *, is_moderators: bool) -> str:
    if is_moderators:
        return "in a community that Breather was added to"
    contexts = command["contexts"] or (GUILD, BOT_DM)
    names = {
        GUILD: "in communities",
        BOT_DM: "in direct messages with Breather",
        PRIVATE_CHANNEL: "in other private conversations",
    }
    places = ", ".join(names[context] for context in contexts)
    if USER_INSTALL in (command["integration_types"] or ()):
        places += "; also for people who added Breather to their own account"
    return places


def _option(option: Mapping[str, Any]) -> tuple[str, str, str]:
    what = str(option["description"])
    if option.get("autocomplete"):
        what += " (suggested while you type)"
    if option.get("choices"):
        what += ": " + ", ".join(str(choice["name"]) for choice in option["choices"])
    return f"`{option['name']}`", "yes" if option.get("required") else "no", what


def _default(field: FieldInfo) -> str:
    return "" if field.default is None else str(field.default)


def _values(field: FieldInfo, mark: str = "`") -> str:
    """What a setting may be, in words."""
    kinds = [kind for kind in get_args(field.annotation) if kind is not NoneType]
    kind = kinds[0] if NoneType in get_args(field.annotation) else field.annotation
    if get_origin(kind) is Literal:
        *others, last = (f"{mark}{value}{mark}" for value in get_args(kind))
        return f"{', '.join(others)} or {last}"
    if kind is int:
        least = next((item.ge for item in field.metadata if isinstance(item, Ge)), None)
        most = next((item.le for item in field.metadata if isinstance(item, Le)), None)
        return f"a whole number, {least} to {most}" if most else f"a whole number, {least} or more"
    if kind is SecretStr:
        return "a secret text"
    if kind is Path:
        return "a folder"
    longest = next((item.max_length for item in field.metadata if isinstance(item, MaxLen)), None)
    return f"a text of at most {longest} characters" if longest else "a text"


def main() -> None:
    """Write what is stale, or with ``--check`` only name it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when stale")
    is_check = bool(parser.parse_args().check)
    texts = generate()
    stale = find_stale(texts)
    if is_check:
        for name in stale:
            sys.stderr.write(f"{name} is stale. Run: make docs\n")
        sys.exit(1 if stale else 0)
    for name in stale:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(texts[name], encoding="utf-8")
    sys.stdout.write(f"Written: {', '.join(stale)}.\n" if stale else "Everything is fresh.\n")


if __name__ == "__main__":
    main()
