"""The routes of channels and their messages."""

from bisect import bisect_left, bisect_right
from typing import Any

from . import payloads
from .model import BOT_ID, HISTORY, NEWS, SEND, Message
from .routes import Call, Refusal, Routes, find_channel

_V2 = 1 << 15


def check_message(payload: dict[str, Any], *, has_files: bool) -> None:
    """The few rules of a message that change what the bot must do; others are judged elsewhere."""
    shown = [payload.get(key) for key in ("content", "embeds", "components", "poll", "sticker_ids")]
    if payload.get("flags", 0) & _V2 and (payload.get("content") or payload.get("embeds")):
        raise Refusal(400, 50035, "Invalid Form Body")
    if len(str(payload.get("nonce") or "")) > 25:
        raise Refusal(400, 50035, "Invalid Form Body")
    if not any(shown) and not has_files:
        raise Refusal(400, 50006, "Cannot send an empty message")


def _post_message(call: Call) -> tuple[int, Any]:
    channel = find_channel(call)
    if channel.refuses_bot:
        raise Refusal(403, 50007, "Cannot send messages to this user")
    if not call.world.permissions_in(channel) & SEND:
        raise Refusal(403, 50013, "Missing Permissions")
    check_message(call.payload, has_files=bool(call.files))
    message = call.world.post(channel.id, call.payload, call.now, call.files)
    return 200, payloads.message(message)


def _get_history(call: Call) -> tuple[int, Any]:
    """Newest first. Without the permission to read the history Discord shows nothing."""
    channel = find_channel(call)
    if not call.world.permissions_in(channel) & HISTORY:
        return 200, []
    messages = call.world.messages[channel.id]
    ids = [message.id for message in messages]
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise Refusal(400, 50035, "Invalid Form Body")
    if "after" in call.query:
        start = bisect_right(ids, int(call.query["after"]))
        end = start + limit
    elif "around" in call.query:
        start = max(0, bisect_left(ids, int(call.query["around"])) - limit // 2)
        end = start + limit
    else:
        end = bisect_left(ids, int(call.query["before"])) if "before" in call.query else len(ids)
        start = max(0, end - limit)
    return 200, [payloads.message(one) for one in reversed(messages[start:end])]


def _find_message(call: Call) -> Message:
    message = call.world.find_message(find_channel(call).id, int(call.ids[1]))
    if message is None:
        raise Refusal(404, 10008, "Unknown Message")
    return message


def _get_message(call: Call) -> tuple[int, Any]:
    return 200, payloads.message(_find_message(call))


def _patch_message(call: Call) -> tuple[int, Any]:
    message = _find_message(call)
    if message.author_id != BOT_ID:
        raise Refusal(403, 50005, "Cannot edit a message authored by another user")
    call.world.edit(message, call.payload, call.now, call.files)
    return 200, payloads.message(message)


def _delete_message(call: Call) -> tuple[int, Any]:
    message = _find_message(call)
    call.world.messages[message.channel_id].remove(message)
    return 204, None


def _publish_message(call: Call) -> tuple[int, Any]:
    channel, message = find_channel(call), _find_message(call)
    if channel.kind != NEWS:
        raise Refusal(400, 50024, "Cannot execute action on this channel type")
    if not call.world.permissions_in(channel) & SEND:
        raise Refusal(403, 50013, "Missing Permissions")
    if message.published_at is not None:
        raise Refusal(400, 40033, "This message has already been crossposted")
    message.published_at = call.now
    return 200, payloads.message(message)


def _get_channel(call: Call) -> tuple[int, Any]:
    return 200, payloads.channel(find_channel(call))


def _post_typing(call: Call) -> tuple[int, Any]:
    find_channel(call)
    return 204, None


ROUTES: Routes = {
    ("GET", "/channels/{}"): _get_channel,
    ("POST", "/channels/{}/typing"): _post_typing,
    ("POST", "/channels/{}/messages"): _post_message,
    ("GET", "/channels/{}/messages"): _get_history,
    ("GET", "/channels/{}/messages/{}"): _get_message,
    ("PATCH", "/channels/{}/messages/{}"): _patch_message,
    ("DELETE", "/channels/{}/messages/{}"): _delete_message,
    ("POST", "/channels/{}/messages/{}/crosspost"): _publish_message,
}
