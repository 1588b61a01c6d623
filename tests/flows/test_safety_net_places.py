"""Help comes wherever the bot is, also as a guest, and whatever of it is broken."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.content.notices import load_notices
from bot.settings import Settings
from cogs.safety.net import OFFER_SECONDS
from tests.conftest import ROOT
from tests.flows.conftest import Community
from tests.flows.presence import lose_sight
from tests.flows.reading import labels, press, words
from tests.flows.safety import (
    ASK,
    CHOICE,
    CRISIS,
    ask,
    fields_of,
    is_help,
    shown,
    unnoticed,
)
from tests.flows.test_help_now_alone import break_tips, open_app, running
from tests.flows.tips import choose_desk

HELP_WORDS = load_notices(ROOT / "data").by_language
OTHER_LANGUAGES = {
    "es": "quiero matarme ya",
    "pt": "quero me matar",
    "fr": "je veux me tuer",
    "de": "ich will mich umbringen",
    "id": "aku pengen bunuh diri",
    "hi": "main marna chahta hu",
}


async def test_it_works_in_direct_messages(community: Community) -> None:
    person = community.member.user
    with unnoticed(community):
        expected = shown(await person.slash("ask", question=CRISIS))
    helped = await person.slash("ask", question=CRISIS)
    form = await press(person, helped, "Edit it")

    assert is_help(helped)
    assert ASK not in labels(helped)
    assert fields_of(form)["question"]["value"] == CRISIS
    assert shown(await press(person, helped, "Send it as it is")) == expected


async def test_help_comes_although_the_database_is_away(community: Community) -> None:
    await choose_desk(community)
    await community.services.database.close()

    helped = await ask(community, CRISIS)

    assert is_help(helped)
    assert ASK not in labels(helped)


async def test_help_does_not_wait_for_a_database_that_is_stuck(
    community: Community,
) -> None:
    net: Any = community.app.client.net

    async def never(_guild_id: int) -> bool:
        reason = "a database that does not answer"
        await community.env.external_wait(asyncio.Event().wait(), reason=reason)
        return True

    net.check_in_offer = never

    helped = await ask(community, CRISIS)
    await community.env.advance_time(OFFER_SECONDS)

    assert is_help(helped)
    assert ASK not in labels(helped)


async def test_help_comes_where_the_person_brought_the_bot_along(community: Community) -> None:
    await choose_desk(community)
    await lose_sight(community)
    with unnoticed(community):
        expected = shown(await ask(community, CRISIS))

    helped = await ask(community, CRISIS)

    assert is_help(helped)
    assert ASK not in labels(helped)
    assert shown(await press(community.member, helped, "Send it as it is")) == expected


@pytest.mark.parametrize(("language", "text"), OTHER_LANGUAGES.items())
async def test_where_help_is_comes_first_in_the_language_of_the_text(
    community: Community, language: str, text: str
) -> None:
    helped = await ask(community, text)

    assert is_help(helped, own_language=HELP_WORDS[language]["help"])


@pytest.mark.parametrize("are_readable", [True, False])
async def test_in_help_only_mode_too_if_the_sentences_can_be_read(
    settings: Settings, tmp_path: Path, *, are_readable: bool
) -> None:
    first = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/first.db"})
    whole = await open_app(first, remembers_commands=True)
    rests = break_tips(settings, tmp_path)
    if not are_readable:
        (rests.content_dir / "notices.toml").write_text("[es\n")
    async with running(whole) as (env, member, channel):
        broken = await open_app(rests, remembers_commands=True)
        await env.restart_bot(broken.client)

        helped = await member.slash(channel, "ask", question=OTHER_LANGUAGES["es"])

    assert is_help(helped, own_language=HELP_WORDS["es"]["help"] if are_readable else None)


async def test_in_help_only_mode_a_resting_command_shows_help_first(
    settings: Settings, tmp_path: Path
) -> None:
    first = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/first.db"})
    whole = await open_app(first, remembers_commands=True)
    async with running(whole) as (env, member, channel):
        broken = await open_app(break_tips(settings, tmp_path), remembers_commands=True)
        await env.restart_bot(broken.client)

        helped = await member.slash(channel, "ask", question=CRISIS)
        assert is_help(helped)
        for label in CHOICE[:2]:
            assert "This part of me is resting" in words(await press(member, helped, label))
        assert "Deleted" in words(await press(member, helped, "Delete it"))


async def test_in_help_only_mode_a_form_of_before_shows_help_first(
    settings: Settings, tmp_path: Path
) -> None:
    first = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/first.db"})
    whole = await open_app(first, remembers_commands=True)
    async with running(whole) as (env, member, channel):
        helped = await member.slash(channel, "ask", question=CRISIS)
        form = await press(member, helped, "Edit it")
        form._interaction.modal["custom_id"] = "own:form"
        broken = await open_app(break_tips(settings, tmp_path), remembers_commands=True)
        await env.restart_bot(broken.client)

        helped = await member.submit_modal(form, {"question": CRISIS})
        assert is_help(helped)
        for label in CHOICE[:2]:
            assert "I can't answer this right now" in words(await press(member, helped, label))
