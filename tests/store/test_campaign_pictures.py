"""Pictures of a community: its colour is kept, and a picture that fails keeps no post away."""

import asyncio
from dataclasses import replace

import pytest

from bot.campaigns import pictures as rooms
from bot.campaigns.pictures import Pictures
from bot.campaigns.rules import KIND, CampaignPost, compose, recur
from bot.clock import MovableClock
from bot.content.campaigns import load_campaigns
from bot.delivery.ports import Schedule, UnknownOutcomeError
from bot.guilds.audit import AuditLog
from bot.guilds.service import Guilds
from bot.i18n import Languages, Texts
from bot.pictures.scenes import Scene, Size
from bot.pictures.studio import Studio
from bot.storage import Database
from tests.conftest import NOON, ROOT

HOME, MODERATOR = 7, 900_001
CAMPAIGN = load_campaigns(ROOT / "data").by_id["world-mental-health-day"]
ON = Schedule(
    schedule_id=1,
    guild_id=HOME,
    kind=KIND,
    channel_id=5,
    recurrence=recur(CAMPAIGN, "UTC", 600, [-14]),
    role_id=None,
    is_silent=False,
    options={"campaign": CAMPAIGN.id, "picture": True},
    state="active",
    problem=None,
    next_run_at=None,
)


class Easel(Studio):
    """Draws nothing, and remembers what it was asked for; or fails, or never comes to an end."""

    def __init__(self, trouble: str = "") -> None:
        super().__init__()
        self.trouble = trouble
        self.scenes: list[Scene] = []

    async def paint(self, scene: Scene, size: Size) -> bytes:
        """Instead of the picture, its headline."""
        self.scenes.append(scene)
        if self.trouble == "broken":
            raise OSError("no font can be read")
        if self.trouble == "busy":
            await asyncio.Event().wait()
        return scene.headline.encode()


@pytest.fixture
def guilds(database: Database) -> Guilds:
    """Communities on the database."""
    clock = MovableClock(NOON)
    return Guilds(database, AuditLog(database, clock), clock, [])


def step() -> CampaignPost:
    """Two weeks before the day."""
    post = compose(CAMPAIGN, 2027, -14)
    assert post is not None
    return post


def make(guilds: Guilds, easel: Easel) -> Pictures:
    """Pictures of Example Creators."""
    languages = Languages({"de": Texts("de", {"{days} days to go": "Noch {days} Tage"})})
    return Pictures(guilds, languages, MovableClock(NOON), lambda _: "Example Creators", easel)


async def test_a_step_has_its_communitys_colour_name_and_language(guilds: Guilds) -> None:
    await guilds.change(HOME, MODERATOR, accent="#123abc", language="de")
    easel = Easel()

    post = await make(guilds, easel).dress(ON, step())

    (picture,) = post.files
    assert picture.content == b"Noch 14 Tage"
    assert "Noch 14 Tage" in picture.alt
    (scene,) = easel.scenes
    assert (scene.accent, scene.community) == (0x123ABC, "Example Creators")


async def test_without_the_choice_nothing_is_drawn(guilds: Guilds) -> None:
    easel = Easel()
    off = replace(ON, options={"campaign": CAMPAIGN.id})

    assert (await make(guilds, easel).dress(off, step())).files == ()
    assert easel.scenes == []


async def test_a_picture_that_cannot_be_drawn_is_left_out(
    guilds: Guilds, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await make(guilds, Easel("broken")).dress(ON, step())).files == ()
    assert "could not be drawn" in caplog.text


async def test_where_too_many_are_drawn_the_step_is_tried_again(
    guilds: Guilds, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "DRAWING_SECONDS", 0)
    with pytest.raises(UnknownOutcomeError):
        await make(guilds, Easel("busy")).dress(ON, step())
