"""``/my-data``: see, download, erase; by the person alone, and looking creates nothing."""

import json
from typing import Any

import pytest

from tests.flows.conftest import Community
from tests.flows.presence import controls, count_rows, lose_sight
from tests.flows.reading import answer, parts, press, words
from tests.flows.safety import callbacks


async def keep_something(community: Community, user_id: int) -> None:
    """A saved tip and a rating."""
    tip_id = next(iter(community.services.tips.library.by_id))
    await community.services.tips.save(user_id, tip_id)
    await community.services.tips.vote(user_id, tip_id, is_helpful=True)


async def open_my_data(community: Community) -> Any:
    """``/my-data`` as a member sees it."""
    return await community.member.slash(community.general, "my-data")


async def read_download(result: Any) -> Any:
    """The JSON file of an answer."""
    (attachment,) = answer(result).attachments
    assert attachment.filename == "my-data.json"
    return json.loads(await attachment.read())


async def test_looking_says_nothing_is_kept_and_creates_no_row(community: Community) -> None:
    before = await count_rows(community)

    shown = await open_my_data(community)
    await press(community.member, shown, "Download (JSON)")

    assert shown.ephemeral
    assert "Nothing, and looking here did not change that" in words(shown)
    assert await count_rows(community) == before


async def test_nothing_cannot_be_erased(community: Community) -> None:
    shown = await open_my_data(community)

    (erase,) = [part for part in parts(answer(shown).components) if part.get("style") == 4]

    assert erase["disabled"]


async def test_what_is_kept_is_counted(community: Community) -> None:
    await keep_something(community, community.member.id)

    shown = words(await open_my_data(community))

    assert "Tips you saved (which tip, and when): **1**" in shown
    assert "Tips you rated (which tip, and whether it helped): **1**" in shown


async def test_another_person_s_data_is_not_shown(community: Community) -> None:
    await keep_something(community, community.other.id)

    shown = await open_my_data(community)
    exported = await read_download(await press(community.member, shown, "Download (JSON)"))

    assert "Nothing" in words(shown)
    assert not any(rows for tables in exported.values() for rows in tables.values())


async def test_the_download_has_everything_and_is_private(community: Community) -> None:
    await keep_something(community, community.member.id)
    tip_id = next(iter(community.services.tips.library.by_id))

    file = await press(community.member, await open_my_data(community), "Download (JSON)")

    assert file.ephemeral
    exported = await read_download(file)
    assert exported["tips"]["saved_tips"][0]["tip_id"] == tip_id
    assert exported["tips"]["tip_votes"] == [{"tip_id": tip_id, "helpful": True}]


async def test_erasing_asks_first_and_can_be_called_off(community: Community) -> None:
    await keep_something(community, community.member.id)
    before = await count_rows(community)

    asked = await press(community.member, await open_my_data(community), "Erase everything")
    assert "can't be undone" in words(asked)
    assert "Tips you saved (which tip, and when): **1**" in words(asked)

    kept = await press(community.member, asked, "Keep it")
    assert "What I keep about you" in words(kept)
    assert await count_rows(community) == before


async def test_erasing_gives_a_receipt_and_leaves_others_alone(community: Community) -> None:
    await keep_something(community, community.member.id)
    await keep_something(community, community.other.id)
    asked = await press(community.member, await open_my_data(community), "Erase everything")

    erased = await press(community.member, asked, "Erase")

    assert "Tips you saved (which tip, and when): **1**" in words(erased)
    assert "Nothing stays" in words(erased)
    assert not any((await community.services.privacy.count(community.member.id)).values())
    assert await community.services.tips.saved(community.other.id) != []


async def test_erasing_twice_is_harmless(community: Community) -> None:
    await keep_something(community, community.member.id)
    first = await press(community.member, await open_my_data(community), "Erase everything")
    second = await press(community.member, await open_my_data(community), "Erase everything")
    await press(community.member, first, "Erase")

    erased = await press(community.member, second, "Erase")

    assert "nothing left to erase" in words(erased)


async def test_asking_to_erase_from_an_old_card_finds_nothing_left(community: Community) -> None:
    await keep_something(community, community.member.id)
    shown = await open_my_data(community)
    await community.services.privacy.erase(community.member.id)

    asked = await press(community.member, shown, "Erase everything")

    assert "Nothing, and looking here did not change that" in words(asked)


async def test_a_moderator_is_told_what_stays_and_why_before_and_after(
    community: Community,
) -> None:
    await community.services.guilds.change(
        community.guild.id, community.moderator.id, zone="Asia/Tokyo"
    )
    shown = await community.moderator.slash(community.desk, "my-data")
    assert "Settings you changed as a moderator (what, where, when): **1**" in words(shown)

    asked = await press(community.moderator, shown, "Erase everything")
    assert "your id is taken out" in words(asked)

    erased = await press(community.moderator, asked, "Erase")
    assert "stay in the log for 90 days, without your id" in words(erased)
    (entry,) = await community.services.audit.latest(community.guild.id)
    assert entry.actor_id is None


async def test_the_buttons_answer_after_a_restart(community: Community) -> None:
    await keep_something(community, community.member.id)
    shown = await open_my_data(community)

    await community.restart()
    asked = await press(community.member, shown, "Erase everything")
    await press(community.member, asked, "Erase")

    assert not any((await community.services.privacy.count(community.member.id)).values())


async def test_it_works_in_a_direct_message(community: Community) -> None:
    await keep_something(community, community.member.id)

    shown = await community.member.user.slash("my-data")
    asked = await press(community.member.user, shown, "Erase everything")
    erased = await press(community.member.user, asked, "Erase")

    assert "Erased" in words(erased)


async def test_it_works_where_the_bot_was_not_added(community: Community) -> None:
    await keep_something(community, community.member.id)
    await lose_sight(community)

    shown = await open_my_data(community)

    assert "Tips you saved (which tip, and when): **1**" in words(shown)


async def test_no_button_carries_a_person_s_id(community: Community) -> None:
    await keep_something(community, community.member.id)

    shown = await open_my_data(community)

    assert str(community.member.id) not in str(controls(shown))


@pytest.mark.parametrize(("label", "work"), [("Erase", "erase"), ("Download (JSON)", "export")])
async def test_discord_is_answered_before_the_work_begins_however_long_it_takes(
    community: Community, monkeypatch: pytest.MonkeyPatch, label: str, work: str
) -> None:
    await keep_something(community, community.member.id)
    shown = await open_my_data(community)
    if label == "Erase":
        shown = await press(community.member, shown, "Erase everything")
    privacy, answered = community.services.privacy, []
    do = getattr(privacy, work)

    async def watched(user_id: int) -> object:
        answered.append(len(callbacks(community)) - before)
        return await do(user_id)

    monkeypatch.setattr(privacy, work, watched)
    before = len(callbacks(community))
    await press(community.member, shown, label)

    assert answered == [1]
