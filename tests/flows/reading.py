"""Reading what the bot answered, and pressing what is in it."""

from collections.abc import Iterator
from typing import Any


def parts(components: Any) -> Iterator[dict[str, Any]]:
    """Every component of a message, at any depth."""
    for component in components or ():
        yield component
        yield from parts(component.get("components"))
        for key in ("component", "accessory"):
            if component.get(key):
                yield from parts([component[key]])


def answer(result: Any) -> Any:
    """The last thing that an interaction answered with."""
    return (result.followups or [result.response])[-1]


def words(result: Any) -> str:
    """All text of an answer or a message."""
    message = answer(result) if hasattr(result, "followups") else result
    components = getattr(message, "components", None)
    if components and not isinstance(components[0], dict):
        components = [component.to_dict() for component in components]
    return "\n".join(str(part["content"]) for part in parts(components) if "content" in part)


def labels(result: Any) -> list[str]:
    """The labels of an answer's buttons."""
    return [part["label"] for part in parts(answer(result).components) if part.get("type") == 2]


def control(result: Any, route: str) -> str:
    """The custom id of the one control that leads to a route."""
    found = [
        str(part["custom_id"])
        for part in parts(answer(result).components)
        if str(part.get("custom_id", "")).startswith(route)
    ]
    assert len(found) == 1, f"{route}: {found}"
    return found[0]


async def press(actor: Any, result: Any, label: str) -> Any:
    """Press the button with a label in the last answer."""
    return await actor.click(answer(result).message, label=label)


async def choose(actor: Any, result: Any, route: str, values: list[Any]) -> Any:
    """Choose in the select that leads to a route, in the last answer."""
    return await actor.select(answer(result).message, values, custom_id=control(result, route))
