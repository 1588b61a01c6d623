"""Pictures of a campaign: for creators in their size, and with each step where that is wanted."""

from io import BytesIO
from typing import Any

from PIL import Image

from tests.flows.conftest import Community
from tests.flows.reading import answer, choose, parts, press, words
from tests.flows.test_campaign import WMHD, at, open_panel, turn_on
from tests.flows.tips import allow, forbid, posts

PACK = "For creators: texts to copy"


def alts(result: Any) -> list[str]:
    """The alt texts of the pictures that stand in a card."""
    message = answer(result) if hasattr(result, "followups") else result
    components = [one if isinstance(one, dict) else one.to_dict() for one in message.components]
    return [
        str(item.get("description")) for part in parts(components) for item in part.get("items", ())
    ]


async def test_each_size_comes_privately_with_its_alt_text_to_copy(community: Community) -> None:
    day = await community.member.slash(community.general, "wmhd")
    shown = await press(community.member, day, PACK)
    for label, size in (
        ("Square picture (1:1)", (1080, 1080)),
        ("Story (9:16)", (1080, 1920)),
        ("Landscape (16:9)", (1200, 675)),
    ):
        sent = answer(await press(community.member, shown, label))
        (file,) = sent.attachments
        assert Image.open(BytesIO(await file.read())).size == size
        assert "Example Creators. World Mental Health Day. 210 days to go" in file.description
        assert file.description in sent.content
        assert sent.ephemeral


async def test_in_a_direct_message_it_has_no_communitys_name(community: Community) -> None:
    user = community.member.user
    shown = await press(user, await user.slash("wmhd"), PACK)

    (file,) = answer(await press(user, shown, "Landscape (16:9)")).attachments

    assert file.description.startswith("A sun over soft hills. On it is written: World Mental")


async def test_a_colour_is_chosen_typed_refused_and_written_to_the_log(
    community: Community,
) -> None:
    panel = await press(community.moderator, await open_panel(community), "Pictures")
    assert "Quiet green" in words(panel)
    (alt,) = alts(panel)
    assert "Example Creators" in alt

    chosen = await choose(community.moderator, panel, "campaign:colour", ["#3f7cac"])
    assert "Clear blue" in words(chosen)
    form = await press(community.moderator, chosen, "Another colour")
    refused = await community.moderator.submit_modal(form, {"colour": "blueish"})
    assert "so nothing was changed" in words(refused)
    form = await press(community.moderator, chosen, "Another colour")
    own = await community.moderator.submit_modal(form, {"colour": "#123ABC"})
    assert "#123abc" in words(own)
    house = await choose(community.moderator, own, "campaign:colour", ["#4d8c7d"])
    assert "Quiet green" in words(house)

    settings = await community.services.guilds.settings(community.guild.id)
    assert settings.accent is None
    log = await community.moderator.slash(community.desk, "audit")
    assert "**Colour of pictures:** #3f7cac → #123abc" in words(log).replace("\\", "")


async def test_with_each_step_the_picture_is_previewed_and_posted(community: Community) -> None:
    on = await turn_on(community)
    panel = await press(community.moderator, on, "Pictures")
    await forbid(community, community.general, "attach_files")
    refused = await press(community.moderator, panel, "Post a picture with each step")
    assert "I can't Attach Files" in words(refused)
    await allow(community, community.general)

    switched = await press(community.moderator, panel, "Post a picture with each step")
    assert "Each step is posted with its picture." in words(switched)
    back = await press(community.moderator, switched, "Back")
    assert "one with each step" in words(back)
    assert answer(back).attachments == []
    calendar = await press(community.moderator, back, "Calendar")
    step = await choose(community.moderator, calendar, "campaign:look", ["2027-10-09"])
    (previewed,) = alts(step)
    assert "Tomorrow" in previewed
    calendar = await press(community.moderator, step, "Calendar")
    assert answer(calendar).attachments == []

    await community.travel_to(at(2027, 10, 9, 11))

    *_, posted = posts(community.general)
    assert alts(posted) == [previewed]
    (file,) = posted.attachments
    assert file.description == previewed


async def test_without_the_choice_nothing_has_a_picture_and_off_is_off_again(
    community: Community,
) -> None:
    panel = await press(community.moderator, await turn_on(community), "Pictures")
    on = await press(community.moderator, panel, "Post a picture with each step")
    await press(community.moderator, on, "Post steps without pictures")

    await community.travel_to(at(2027, 9, 27, 0))

    (posted,) = posts(community.general)
    assert posted.attachments == []
    schedule = (await community.services.campaigns.in_guild(community.guild.id))[WMHD]
    assert not schedule.options["picture"]
