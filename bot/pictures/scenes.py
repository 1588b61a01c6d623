"""What a picture shows, and in which sizes. Importing this loads nothing heavy."""

from dataclasses import dataclass
from enum import Enum

WHITE = 0xFFFFFF
HOUSE_ACCENT = 0x4D8C7D
"""The colour of a community that chose none."""


class Size(Enum):
    """Width and height in pixels, as social platforms like them."""

    SQUARE = (1080, 1080)
    STORY = (1080, 1920)
    """Upright; words keep clear of the top and bottom, where apps lay their buttons."""
    LANDSCAPE = (1200, 675)
    """16:9, for previews, banners and Discord itself."""

    @property
    def width(self) -> int:
        """In pixels."""
        return self.value[0]

    @property
    def height(self) -> int:
        """In pixels."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is sent: a PNG file with its alt text."""

    name: str
    alt: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Scene:
    """The words of a picture, all of them the caller's. An empty one leaves its place free.

    Words may be in any script that the fonts have, and in several at once. Line breaks in them
    count as spaces.
    """

    headline: str
    """What is seen first, in a few words: "12 days to go", "Today"."""
    title: str
    """The name of the day."""
    line: str = ""
    """The date or the year's theme."""
    community: str = ""
    """Whose picture it is."""
    hashtags: str = ""
    """With spaces between them; none is divided while there's room."""
    accent: int = HOUSE_ACCENT
    """The community's colour, as Discord counts them: 0xRRGGBB."""
    language: str = "en"
    """A tag such as "ja" or "zh-TW". Chinese and Japanese write some letters differently."""

    def __post_init__(self) -> None:
        """Raise ValueError if the accent is no colour."""
        if not 0 <= self.accent <= WHITE:
            message = f"{self.accent:#x} is no colour: it is one between 0x000000 and 0xffffff."
            raise ValueError(message)

    @property
    def words(self) -> tuple[str, ...]:
        """All words in the order in which they are read, for the picture's alt text."""
        parts = (self.community, self.title, self.headline, self.line, self.hashtags)
        return tuple(" ".join(part.split()) for part in parts if part.strip())
