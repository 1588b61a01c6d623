"""Claims in the sandbox: keys of its own, the open programs that ship, and a few invented codes.

The pool is small on purpose, so that one can see it run dry.
"""

from __future__ import annotations

import json
import secrets
import string
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.claims.codes import fetch_stocks, import_codes
from bot.claims.programs import apply_program
from bot.content.programs import load_programs
from bot.errors import RefusalError
from bot.secret_keys import KEY_BYTES

if TYPE_CHECKING:
    from pathlib import Path

    from bot.app import App

KEYS = "claim-keys.json"
FIRST_CODES = 1
MOST_CODES = 50
LETTERS = string.ascii_uppercase + string.digits


def read_keys(folder: Path) -> dict[str, SecretStr]:
    """Settings with the sandbox's keys, which are made the first time."""
    path = folder / KEYS
    try:
        keys: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        keys = {
            "claim_code_keys": f"k1:{secrets.token_urlsafe(KEY_BYTES)}",
            "claim_hash_key": secrets.token_urlsafe(KEY_BYTES),
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(keys), encoding="utf-8")
    return {name: SecretStr(key) for name, key in keys.items()}


async def seed(app: App) -> None:
    """Apply the programs that are open, each with its first codes, unless they are there."""
    services = app.services
    if services is None or services.claims is None:
        return
    now = services.clock.now()
    for program in load_programs(services.settings.content_dir).values():
        if program.is_open(now) and program.id not in services.claims.catalogue.by_id:
            await apply_program(services.database, program, now)
            await services.claims.catalogue.refresh()
            if program.fits(_make_code()):
                await add_codes(app, FIRST_CODES, program.id)


async def add_codes(app: App, count: int, program_id: str | None = None) -> str:
    """Import so many invented codes, as an operator would; a sentence that says so.

    Raises :class:`bot.errors.RefusalError` when claims can't be had, or for too many.
    """
    services = app.services
    if services is None or services.claims is None or not services.claims.catalogue.by_id:
        message = "No program is open at this time, so there is no pool for codes."
        raise RefusalError(message)
    if not 1 <= count <= MOST_CODES:
        message = f"Choose between 1 and {MOST_CODES} codes, as in “codes 3”."
        raise RefusalError(message)
    chosen = program_id or next(iter(services.claims.catalogue.by_id))
    content = "".join(f"{_make_code()}\n" for _ in range(count)).encode()
    ring, fence = services.claims.keys, services.claims.fence
    now = services.clock.now()
    await import_codes(services.database, ring, chosen, content, now, fence=fence)
    stocks = {stock.program_id: stock for stock in await fetch_stocks(services.database)}
    added = f"{count} invented code{'' if count == 1 else 's'} added to {chosen}"
    return f"{added}: {stocks[chosen].left} can be given out."


def _make_code() -> str:
    parts = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(["CALM", *parts])
