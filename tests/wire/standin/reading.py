"""Reading a message or a form as a person would: its words and its controls."""

# pyright: reportUnknownVariableType=false

from collections.abc import Iterator
from typing import Any

from .model import Json


def nodes(payload: Any) -> Iterator[Json]:
    """Every JSON object in a payload, outermost first, in reading order."""
    if isinstance(payload, list):
        several: list[Any] = payload
        for one in several:
            yield from nodes(one)
    elif isinstance(payload, dict):
        whole: Json = payload
        yield whole
        for one in whole.values():
            yield from nodes(one)


def words(payload: Json) -> str:
    """The words a message or a form shows, a line for each piece."""
    found = [payload.get("title"), payload.get("content")]
    for node in nodes([payload.get("embeds"), payload.get("components")]):
        found += [node.get(key) for key in ("title", "label", "description", "name", "content")]
        found.append(node.get("value") if "name" in node else None)
    return "\n".join(piece for piece in found if isinstance(piece, str) and piece)


def controls(payload: Any) -> dict[str, Json]:
    """Everything with a custom id (buttons, selects, fields), by that id."""
    return {
        node["custom_id"]: node
        for node in nodes(payload)
        if isinstance(node.get("type"), int) and "custom_id" in node
    }
