"""Reads content files and gathers every fault, each with its file and id."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.errors import ContentError

Model = TypeVar("Model", bound=BaseModel)
Document = TypeVar("Document")


def read_tables(folder: Path, table: str, faults: list[str]) -> Iterator[tuple[str, Any]]:
    """Every ``[[table]]`` of every TOML file in a folder, with the file's name, in order."""
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        faults.append(f"{folder}: no .toml file is there. Restore the folder from the repository.")
    for path in paths:
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(f"{path.name}: not readable as TOML ({error}).")
            continue
        faults += [
            f"{path.name}: unknown table {name!r}; only [[{table}]] belongs here."
            for name in document
            if name != table
        ]
        entries = document.get(table, [])
        if not isinstance(entries, list):
            faults.append(f"{path.name}: write [[{table}]] with two brackets.")
            continue
        for entry in entries:
            yield path.name, entry


def read_document(path: Path, adapter: TypeAdapter[Document]) -> Document:
    """A whole TOML file as what an adapter takes. Raises :class:`ContentError` with every fault."""
    try:
        return adapter.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        faults = [
            f"{path.name}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}."
            for fault in error.errors()
        ]
        raise ContentError(faults) from error
    except (OSError, ValueError) as error:
        raise ContentError([f"{path.name}: not readable as TOML ({error})."]) from error


def validate(model: type[Model], file: str, entry: Any, faults: list[str]) -> Model | None:  # noqa: ANN401 (raw TOML)
    """The entry as a model, or None after its faults were added to the list."""
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        entry_id = entry.get("id", "(no id)") if isinstance(entry, dict) else "(not a table)"
        for fault in error.errors():
            where = ".".join(str(part) for part in fault["loc"])
            faults.append(f"{file}, {entry_id}: {where}: {fault['msg']}.")
        return None


def find_repeated_ids(entries: Sequence[tuple[str, str]]) -> list[str]:
    """A fault for each ``(file, id)`` whose id stands there more than once."""
    counts = Counter(entry_id for _, entry_id in entries)
    return [
        f"{file}, {entry_id}: the id is used {counts[entry_id]} times; an id is never reused."
        for file, entry_id in entries
        if counts[entry_id] > 1
    ]


def stamp_of(folder: Path) -> int:
    """A number that changes when a file below a folder is added, removed or written."""
    facts = ((path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    return hash(tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in facts))
