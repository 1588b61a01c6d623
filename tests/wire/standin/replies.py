"""What the bot answers to an interaction, and the routes by which it answers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import payloads
from .channels import check_message
from .model import BOT_ID, Json, Message
from .pulse import Pulse
from .routes import Call, Refusal, Routes
from .world import World

FIRST_ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 900.0

_MESSAGE, _DEFER, _DEFER_UPDATE, _UPDATE, _CHOICES, _FORM = 4, 5, 6, 7, 8, 9
_LOADING = 1 << 7
_KEPT = 20_000  # a benchmark makes more than memory should hold


@dataclass(frozen=True, slots=True)
class Callback:
    """The first response. ``latency``: real seconds from the event to its arrival."""

    type: int
    data: Json
    latency: float

    @property
    def flags(self) -> int:
        """Message flags: 64 ephemeral, 32768 components V2."""
        return self.data.get("flags") or 0


@dataclass(slots=True, eq=False)
class Reply:
    """One interaction, seen by the person who made it. A test awaits what the bot does with it.

    ``original`` is the message that answers (for a press: the message that was pressed, if the
    bot changed that one). ``edits`` are the raw bodies of changes to it, ``followups`` further
    messages, and ``refusals`` what the bot did wrong, such as a second first response.
    """

    world: World
    pulse: Pulse
    id: int
    token: str
    event: Json
    pressed: Message | None
    created_at: float
    sent_at: float = 0.0
    callback: Callback | None = None
    original: Message | None = None
    edits: list[Json] = field(default_factory=list[Json])
    followups: list[Message] = field(default_factory=list[Message])
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    deleted: bool = False

    async def first(self, timeout: float = 3.0) -> Callback:
        """The first response; ``TimeoutError`` after ``timeout`` real seconds."""
        callback: Callback = await self._until(lambda: self.callback, timeout, "a first response")
        return callback

    async def shown(self, timeout: float = 3.0) -> Json:
        """The answering message once it says something: a deferral alone does not count."""

        def settled() -> Json | None:
            message = self.original
            is_loading = message is None or message.current.get("flags", 0) & _LOADING
            return None if message is None or is_loading else payloads.message(message)

        message: Json = await self._until(settled, timeout, "an answer")
        return message

    async def edited(self, count: int = 1, timeout: float = 3.0) -> Json:
        """The raw body of the ``count``-th edit of the answer."""
        await self._until(lambda: len(self.edits) >= count, timeout, f"edit {count}")
        return self.edits[count - 1]

    async def followed_up(self, count: int = 1, timeout: float = 3.0) -> Message:
        """The ``count``-th further message."""
        await self._until(lambda: len(self.followups) >= count, timeout, f"followup {count}")
        return self.followups[count - 1]

    async def _until(self, predicate: Callable[[], Any], timeout: float, what: str) -> Any:
        name = self.event["data"].get("name") or self.event["data"].get("custom_id")
        return await self.pulse.until(predicate, timeout, f"{what} to {name!r}")


class Desk:
    """Keeps the open interactions and answers the bot's requests about them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_id: dict[int, Reply] = {}
        self._by_token: dict[str, Reply] = {}

    def open(self, reply: Reply) -> None:
        """From now on the bot may answer."""
        self._by_id[reply.id] = reply
        self._by_token[reply.token] = reply
        if len(self._by_id) > _KEPT:
            oldest = self._by_id.pop(next(iter(self._by_id)))
            del self._by_token[oldest.token]

    def routes(self) -> Routes:
        """The interaction routes; Discord exempts them from the global limit."""
        hook = "/webhooks/{}/{}"
        return {
            ("POST", "/interactions/{}/{}/callback"): self._post_callback,
            ("POST", hook): self._post_followup,
            ("GET", f"{hook}/messages/@original"): self._get_message,
            ("PATCH", f"{hook}/messages/@original"): self._patch_message,
            ("DELETE", f"{hook}/messages/@original"): self._delete_message,
            ("GET", f"{hook}/messages/{{}}"): self._get_message,
            ("PATCH", f"{hook}/messages/{{}}"): self._patch_message,
            ("DELETE", f"{hook}/messages/{{}}"): self._delete_message,
        }

    def _post_callback(self, call: Call) -> tuple[int, Any]:
        reply = self._by_id.get(int(call.ids[0]))
        if reply is None or reply.token != call.ids[1]:
            raise Refusal(404, 10062, "Unknown interaction")
        if reply.callback is not None:
            reply.refusals.append(Refusal(400, 40060, "Interaction has already been acknowledged."))
            raise reply.refusals[-1]
        if call.now - reply.created_at > FIRST_ANSWER_SECONDS:
            reply.refusals.append(Refusal(404, 10062, "Unknown interaction"))
            raise reply.refusals[-1]
        kind: int = call.payload["type"]
        data: Json = call.payload.get("data") or {}
        if kind == _MESSAGE:
            check_message(data, has_files=bool(call.files))
            reply.original = self._write(reply, data, call)
        elif kind == _DEFER:
            flags = data.get("flags", 0) | _LOADING
            reply.original = self._write(reply, {**data, "flags": flags}, call)
        elif kind in (_DEFER_UPDATE, _UPDATE):
            reply.original = reply.pressed
            if kind == _UPDATE and reply.pressed is not None:
                self._world.edit(reply.pressed, data, call.now, call.files)
        reply.callback = Callback(kind, data, call.arrived - reply.sent_at)
        if call.query.get("with_response") not in ("1", "true"):
            return 204, None
        return 200, self._describe(reply, kind)

    def _describe(self, reply: Reply, kind: int) -> Json:
        about: Json = {"id": str(reply.id), "type": reply.event["type"]}
        resource: Json = {"type": kind}
        if kind in (_MESSAGE, _DEFER, _UPDATE) and reply.original is not None:
            about["response_message_id"] = str(reply.original.id)
            about["response_message_loading"] = kind == _DEFER
            about["response_message_ephemeral"] = reply.original.ephemeral
            resource["message"] = payloads.message(reply.original)
        return {"interaction": about, "resource": resource}

    def _write(self, reply: Reply, data: Json, call: Call) -> Message:
        command = reply.event["type"] == 2
        extra: Json = {
            "type": 20 if command else 0,
            "application_id": str(BOT_ID),
            "webhook_id": str(BOT_ID),
            "interaction_metadata": {
                "id": str(reply.id),
                "type": reply.event["type"],
                "user": reply.event.get("user") or reply.event["member"]["user"],
                "authorizing_integration_owners": reply.event["authorizing_integration_owners"],
            },
        }
        place = int(reply.event["channel_id"])
        return self._world.write(
            place, data, call.now, source="interaction", files=call.files, extra=extra
        )

    def _find(self, call: Call) -> Reply:
        reply = self._by_token.get(call.ids[1])
        if reply is None or call.now - reply.created_at > TOKEN_SECONDS:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        if reply.callback is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return reply

    def _find_message(self, call: Call, reply: Reply) -> Message:
        if len(call.ids) == 2:
            found = None if reply.deleted else reply.original
        else:
            known = [*reply.followups, *([reply.original] if reply.original else [])]
            found = next((one for one in known if one.id == int(call.ids[2])), None)
        if found is None:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    def _post_followup(self, call: Call) -> tuple[int, Any]:
        """A further message. The first one after a deferral takes the deferral's place."""
        reply = self._find(call)
        check_message(call.payload, has_files=bool(call.files))
        message = reply.original
        if message is not None and message.current.get("flags", 0) & _LOADING:
            self._change(message, call)
        else:
            message = self._write(reply, call.payload, call)
        reply.followups.append(message)
        return 200, payloads.message(message)

    def _get_message(self, call: Call) -> tuple[int, Any]:
        message = self._find_message(call, self._find(call))
        return 200, payloads.message(message)

    def _patch_message(self, call: Call) -> tuple[int, Any]:
        reply = self._find(call)
        message = self._find_message(call, reply)
        self._change(message, call)
        if message is reply.original:
            reply.edits.append(call.payload)
        return 200, payloads.message(message)

    def _change(self, message: Message, call: Call) -> None:
        message.current["flags"] = message.current.get("flags", 0) & ~_LOADING
        self._world.edit(message, call.payload, call.now, call.files)

    def _delete_message(self, call: Call) -> tuple[int, Any]:
        reply = self._find(call)
        message = self._find_message(call, reply)
        shown = self._world.messages[message.channel_id]
        if message in shown:
            shown.remove(message)
        reply.followups = [one for one in reply.followups if one is not message]
        reply.deleted = reply.deleted or message is reply.original
        return 204, None
