"""Finds what the features declare, so that a new feature is tested without being named here."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from sqlalchemy import ClauseElement, Delete, Insert, Select, Update

import bot

STATEMENTS = (Select, Insert, Update, Delete)


def store_modules() -> list[ModuleType]:
    """Every store below ``bot``, imported: their tables are then on the metadata."""
    names = [
        found.name
        for found in pkgutil.walk_packages(bot.__path__, "bot.")
        if found.name.endswith((".store", "_store"))
    ]
    return [importlib.import_module(name) for name in names]


def statements() -> Iterator[tuple[str, ClauseElement]]:
    """Every statement that a store keeps at module level, alone or in a tuple, with its name."""
    for module in store_modules():
        room = module.__name__.split(".")[1]
        for name, value in vars(module).items():
            for number, item in enumerate(value if isinstance(value, tuple) else (value,)):
                if isinstance(item, STATEMENTS):
                    yield f"{room}.{name}{f'[{number}]' if value is not item else ''}", item
