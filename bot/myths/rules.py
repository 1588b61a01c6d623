"""Pure decisions about myths and facts. Turns without repeats are those of :mod:`bot.rotation`."""

from collections.abc import Collection

from bot.content.myths import TOPICS, Myth

HELP_TOPICS = frozenset({"suicide"})
HELP_WORDS = ("suicid", "self-harm")
"""Whatever is on these topics, or has these words, names help every time it is shown."""


def is_right(myth: Myth, said: str) -> bool:
    """Whether a person said what the source says. Only the answer's first words depend on it."""
    return said == myth.answer


def names_help(myth: Myth) -> bool:
    """Whether its cards must name help: the subject comes near."""
    text = f"{myth.statement} {myth.explanation}".casefold()
    return myth.topic in HELP_TOPICS or any(word in text for word in HELP_WORDS)


def explain_empty(topics: Collection[str]) -> str:
    """Why nothing fits, and what moderators can do about it."""
    names = ", ".join(TOPICS.get(topic, topic) for topic in topics)
    narrow = f"on the topics chosen for it ({names})" if names else "in the library"
    return (
        f"There is no myth or fact {narrow}, so nothing is posted. "
        "Choose other topics in /myths schedule."
    )
