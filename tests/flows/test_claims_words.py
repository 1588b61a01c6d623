"""What people write into claims: it reaches nobody, has no effect, and fits on every card."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.content.programs import Program
from cogs.claims.queue_cards import mixes_alphabets
from tests.flows.claims import (
    FORM,
    a_second_moderator,
    claim,
    code_states,
    decide,
    import_lines,
    look_for,
    move_waitlist,
    open_claim,
    open_form,
    open_program,
    open_waiting,
    posts_in,
    set_up,
    set_up_queue,
    switch_on,
    the_claims,
    the_state,
)
from tests.flows.conftest import Community
from tests.flows.presence import count_rows
from tests.flows.reading import choose, labels, parts, press, words
from tests.store.pools import make_program

SQL = (
    "'; DROP TABLE claims; --",
    '" OR 1=1 --',
    "%_\\ :value ?1 $1 {0} %(x)s",
    "Robert'); DELETE FROM codes;--",
)
EFFECTS = (
    "@everyone @here",
    "<@{member}> <@&{role}> <#{channel}>",
    "[free codes](https://example.org/evil)",
    "```\nwipe\n``` `x` ||y|| **z** <t:0:R>",
)
FAMILY = "👩\u200d👩\u200d👧\u200d👦"
LISTED = [f"{chr(65 + i // 26)}{chr(65 + i % 26)}" for i in range(250)]
LONGEST = {
    "id": "a" * 40,
    "partner": "P" * 60,
    "title": "T" * 80,
    "about": "A" * 1000,
    "gives": "G" * 120,
    "redeem_steps": ["S" * 200] * 8,
    "redeem_url": "https://example.org/" + "u" * 492,
    "countries": LISTED,
    "renews_by_itself": True,
    "redeem_by": datetime(2028, 4, 1, tzinfo=UTC),
    "code_pattern": ".{4,200}",
    "eligibility": {"account_age_hours": 0, "days_in_community": 0},
}


def without_limits(form: Any) -> Any:
    """An open form in a client that lets one write as much as one likes."""
    for part in parts(form._interaction.modal["components"]):
        part.pop("max_length", None)
    return form


async def write_everywhere(community: Community, text: str) -> None:
    """The same words as handle, question, answer and refusal."""
    await claim(community, handle=text[:60])
    await decide(community, await open_waiting(community), "Ask for more", text)
    form = await press(community.member, await open_claim(community), "Answer")
    await community.member.submit_modal(form, {"note": text})
    assert "Their answer" in words(posts_in(community, community.desk)[-1])
    await decide(community, await open_waiting(community), "Reject", text)


def texts_of(community: Community) -> list[str]:
    """Every paragraph that anybody was shown."""
    return [
        part["content"]
        for messages in community.env.backend.messages.values()
        for message in messages.values()
        for part in parts(message.components)
        if "content" in part
    ]


def pinged(community: Community) -> list[Any]:
    """Messages that made Discord call somebody."""
    return [
        message
        for messages in community.env.backend.messages.values()
        for message in messages.values()
        if message.mention_everyone or message.ping_user_ids or message.ping_role_ids
    ]


@pytest.mark.parametrize("text", SQL)
async def test_attack_21_sql_in_every_field_is_words_and_nothing_else(
    community: Community, text: str
) -> None:
    await set_up_queue(community)
    tables = set(await count_rows(community))

    await write_everywhere(community, text)
    for command in ("settings", "post"):
        shown = await community.moderator.slash(community.desk, f"claims {command}", program=text)
        assert "There is no such program here any more." in words(shown)

    (kept,) = await the_claims(community)
    assert kept.handle == " ".join(text.split())
    assert kept.note == " ".join(text.split())
    assert set(await count_rows(community)) == tables
    assert await code_states(community) == ["free"] * 3


@pytest.mark.parametrize("text", SQL)
async def test_attack_21_sql_for_a_country_is_a_country_that_nobody_knows(
    community: Community, text: str
) -> None:
    await open_program(community, countries=["DE"])
    await switch_on(community)

    shown = await claim(community, country=text)

    assert "In one of these countries: DE (you: not known by that name)." in words(shown)
    assert not await the_claims(community)


@pytest.mark.parametrize("text", EFFECTS)
async def test_attack_22_free_text_calls_nobody_and_takes_no_effect(
    community: Community, text: str
) -> None:
    await set_up_queue(community)
    backend = community.env.backend
    # The bot may call everybody here: nothing but its own care keeps it from that.
    bot_role = next(role for role in community.guild.roles.values() if role.name == "TestBot")
    backend.get_guild(community.guild.id).roles[bot_role.id].permissions |= 1 << 17
    text = text.format(
        member=community.member.id, role=community.opt_in.id, channel=community.general.id
    )

    await write_everywhere(community, text)

    assert pinged(community) == []
    shown = "\n".join(texts_of(community))
    assert not re.search(rf"@everyone|@here|<@&{community.opt_in.id}>|(?<!\\)(\]\(|```)", shown)


async def test_attack_22_a_code_that_has_fences_in_it_is_readable(community: Community) -> None:
    await open_program(community, 0, code_pattern=".{4,64}")
    await switch_on(community)
    await import_lines(community, "AB``` `CD")

    shown = words(await claim(community))

    assert "AB\\`\\`\\` \\`CD" in shown


@pytest.mark.parametrize(
    "twin",
    [
        "exam\u200bple",
        "\u202eexample",
        "\u2066example\u2069",
        "\uff25\uff38ample",
        "@Ex am ple",
        "exa\u00admple",
    ],
)
async def test_attack_23_a_handle_that_only_looks_different_is_the_same_and_is_compared(
    community: Community, twin: str
) -> None:
    await set_up(community)
    await claim(community, handle="example")

    shown = await claim(community, community.other, handle=twin)

    assert "A moderator will look at your claim" in words(shown)
    opened = words(await open_waiting(community))
    assert "Look closely: this handle is in another claim, too." in opened
    assert not set(opened) & set("\u200b\u202e\u2066\u2069\u00ad")


async def test_attack_23_letters_of_another_alphabet_are_shown_to_the_moderators(
    community: Community,
) -> None:
    await set_up(community, is_reviewed=True)
    await claim(community, handle="ex\u0430mple")

    opened = await open_waiting(community)

    assert "Look closely: this handle mixes alphabets" in words(opened)


@pytest.mark.parametrize("handle", ["example", "пример", "παράδειγμα", "例え_1", "ünïcode", ""])
def test_attack_23_handles_of_one_alphabet_are_nothing_to_look_at(handle: str) -> None:
    assert not mixes_alphabets(handle)


@pytest.mark.parametrize("handle", ["\u200b\u200b", "@", " @ ", "\u2800", "\u202e"])
async def test_attack_23_a_handle_that_nobody_can_see_is_none(
    community: Community, handle: str
) -> None:
    await set_up(community)

    shown = await claim(community, handle=handle)

    assert "**Not yet** · A creator's handle." in words(shown)
    assert "you can send the form again" in words(shown)
    assert "Claim" in labels(shown)
    assert not await the_claims(community)


@pytest.mark.parametrize("letter", ["a", "*", "@", FAMILY, "\U0001f600", "\u0301", "\n"])
async def test_attack_24_four_thousand_characters_are_cut_and_fit_on_every_card(
    community: Community, letter: str
) -> None:
    await set_up_queue(community)
    long = ("x" + letter * 4000)[:4000]
    member, moderator = community.member, community.moderator

    form = without_limits(await open_form(community))
    await member.submit_modal(form, FORM | {"handle": long})
    assert await the_state(community) == "pending"
    opened = await open_waiting(community)
    form = without_limits(await press(moderator, opened, "Ask for more"))
    assert "waits for a moderator" in words(await moderator.submit_modal(form, {"reason": long}))
    form = without_limits(await press(member, await open_claim(community), "Answer"))
    assert "You answered" in words(await member.submit_modal(form, {"note": long}))
    await decide(community, await open_waiting(community), "Reject", f"x{letter * 299}"[:300])

    (kept,) = await the_claims(community)
    assert len(kept.handle or "") <= 60
    assert len(kept.note or "") <= 300
    assert "A moderator did not approve it" in words(await open_claim(community))


async def test_attack_24_the_longest_program_fits_on_every_card_of_its_members(
    community: Community,
) -> None:
    program_id = await set_up_longest(community)
    shown = await open_claim(community)
    assert "A" * 1000 in words(shown)
    shown = await claim(community, country="Zambia")
    assert f"In one of these countries: {', '.join(LISTED)}" in words(shown)
    await switch_on(community, program_id, is_reviewed=True)
    await claim(community, handle="*" * 60, country="AD")
    await decide(community, await open_waiting(community), "Ask for more", "*" * 300)
    form = await press(community.member, await open_claim(community), "Answer")
    await community.member.submit_modal(form, {"note": "*" * 300})
    await press(community.moderator, await open_waiting(community), "Approve")
    assert "in the waitlist" in words(await open_claim(community))

    await import_lines(community, "`" * 200, program_id=program_id)
    await move_waitlist(community)
    shown = await press(community.member, await open_claim(community), "Take it")

    assert "S" * 200 in words(shown)
    shown = await press(community.member, shown, "I redeemed it")
    assert "By my estimate" in words(shown)
    revoked = await look_for(community, community.member)
    await decide(community, revoked, "Revoke", "*" * 300)
    assert "Your code was revoked" in words(await open_claim(community))


async def test_attack_24_the_longest_program_fits_on_every_card_of_its_moderators(
    community: Community,
) -> None:
    program_id = await set_up_longest(community)
    roles = [community.guild.create_role(f"role-{number}") for number in range(10)]
    panel = await community.moderator.slash(community.desk, "claims settings", program=program_id)
    panel = await choose(community.moderator, panel, "claims-settings:roles", roles)
    assert f"<@&{roles[-1].id}>" in words(panel)
    form = await press(community.moderator, panel, "Share of the pool")
    assert form.modal is not None
    posted = await community.moderator.slash(community.general, "claims post", program=program_id)
    assert "Posted." in words(posted)
    assert f"<@&{roles[-1].id}>" in words(await open_claim(community))
    choices = await community.moderator.autocomplete(
        community.desk, "claims settings", "program", ""
    )

    assert [choice["value"] for choice in choices] == [program_id]


async def set_up_longest(community: Community) -> str:
    """A program whose every text is as long as it may be; its id."""
    await open_program(community, 0, **LONGEST)
    program_id = str(LONGEST["id"])
    await switch_on(community, program_id)
    return program_id


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("redeem_url", "https://example.org/" + "u" * 493),
        ("countries", ["DE"] * 251),
        ("redeem_steps", ["S" * 201]),
        ("redeem_steps", ["S"] * 9),
    ],
)
def test_attack_24_a_program_that_would_not_fit_is_refused(
    field: str, value: str | Sequence[str]
) -> None:
    with pytest.raises(ValueError, match=field):
        Program.model_validate(make_program().model_dump() | {field: value})


async def test_a_claim_waits_for_an_appeal_with_words_of_all(community: Community) -> None:
    await set_up_queue(community)
    await write_everywhere(community, "*" * 300)
    await press(community.member, await open_claim(community), "Ask somebody else")

    opened = await open_waiting(community, a_second_moderator(community))

    assert "This is an appeal" in words(opened)
    assert "\\*" * 300 in words(opened)
