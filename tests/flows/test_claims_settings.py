"""``/claims settings`` and ``/claims post``: every control, and everything that they refuse."""

from typing import Any

import pytest

from bot.claims.programs import end_programs
from bot.claims.settings import CommunitySettings
from bot.settings import Settings
from cogs.claims.panel import CHANGES
from tests.flows.claims import (
    a_second_moderator,
    another_community,
    claim,
    claims_of,
    is_private,
    open_claim,
    open_form,
    open_program,
    open_settings,
    open_waiting,
    posts_in,
    run_hidden_subcommand,
    set_up,
    switch_on,
)
from tests.flows.conftest import Community
from tests.flows.presence import controls, count_rows, demote, forbid, use_control
from tests.flows.reading import choose, control, labels, press, words
from tests.flows.safety import fields_of
from tests.store.pools import PROGRAM

NO_KEYS = {"claim_code_keys": None, "claim_hash_key": None}
PROGRAMS: dict[str, dict[str, str]] = {
    "settings": {"program": PROGRAM},
    "post": {"program": PROGRAM},
    "stats": {"program": PROGRAM},
    "queue": {},
}
DAY = 86_400


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """What the operator set; a test may change it."""
    return settings.model_copy(update=getattr(request, "param", {}))


async def chosen(community: Community) -> CommunitySettings:
    """What the community chose."""
    return await claims_of(community).settings.of(PROGRAM, community.guild.id)


def word_in(card: str) -> str:
    """The word that a member's card asks to put into a bio."""
    return card.partition("is yours: `")[2].partition("`")[0]


async def change_share(community: Community, typed: str) -> Any:
    """Type a share into its form."""
    form = await press(community.moderator, await open_settings(community), "Share of the pool")
    return await community.moderator.submit_modal(form, {"share": typed})


async def test_the_panel_says_how_it_stands_before_anything_is_chosen(
    community: Community,
) -> None:
    await open_program(community)
    before = await count_rows(community)

    shown = await open_settings(community)

    assert is_private(shown)
    assert "**Off**" in words(shown)
    assert "Approved: a moderator looks at each claim" in words(shown)
    assert "Share: no limit of its own (0 taken)" in words(shown)
    assert await count_rows(community) == before


async def test_switching_on_and_off_decides_whether_members_find_it(community: Community) -> None:
    await open_program(community)

    shown = await press(community.moderator, await open_settings(community), "Switch on")
    assert "**On**" in words(shown)
    assert "You can claim now" in words(await open_claim(community))
    await press(community.moderator, shown, "Switch off")

    assert "There is nothing to claim" in words(await open_claim(community))


@pytest.mark.parametrize(
    ("label", "name", "wanted"),
    [
        ("Switch off", "is_on", False),
        ("Look at each claim", "is_reviewed", True),
        ("Ask for a word in the bio", "needs_word", True),
    ],
)
async def test_a_button_does_what_it_says_though_somebody_else_was_faster(
    community: Community, label: str, name: str, wanted: object
) -> None:
    await set_up(community)
    second = a_second_moderator(community)
    first = await open_settings(community)
    later = await second.slash(community.desk, "claims settings", program=PROGRAM)

    await press(community.moderator, first, label)
    await press(second, later, label)

    assert getattr(await chosen(community), name) is wanted


@pytest.mark.parametrize("action", ["switch", "review", "word"])
def test_a_button_of_an_older_version_says_nothing_and_changes_nothing(action: str) -> None:
    for is_so in (False, True):
        now = CommunitySettings(PROGRAM, 1, is_on=is_so, is_reviewed=is_so, needs_word=is_so)
        assert CHANGES[action](now, ()) == now


async def test_each_claim_is_looked_at_or_none(community: Community) -> None:
    codes = await open_program(community)
    shown = await press(community.moderator, await open_settings(community), "Switch on")

    shown = await press(community.moderator, shown, "Approve at once")
    assert "Approved: at once" in words(shown)
    assert codes[0] in words(await claim(community))
    shown = await press(community.moderator, shown, "Look at each claim")

    waiting = await claim(community, community.other, handle="somebody_else")
    assert "A moderator will look at your claim" in words(waiting)


async def test_the_word_in_the_bio_is_the_same_for_the_member_and_the_moderators(
    community: Community,
) -> None:
    codes = await set_up(community)
    shown = await press(
        community.moderator, await open_settings(community), "Ask for a word in the bio"
    )
    assert "Handle: a moderator looks for a word in the creator's bio" in words(shown)

    mine = words(await claim(community))
    word = word_in(mine)

    assert word
    opened = await open_waiting(community)
    assert f"Look for `{word}` in the bio of that page" in words(opened)
    assert "A moderator will look at your claim" in mine
    await press(community.moderator, opened, "Approve")
    assert codes[0] in words(await open_claim(community))


async def test_two_members_have_different_words(community: Community) -> None:
    await set_up(community, needs_word=True)

    first = words(await claim(community))
    other = words(await claim(community, community.other, handle="somebody_else"))

    assert word_in(first) != word_in(other)


async def test_a_word_in_a_bio_needs_a_handle_although_the_program_asks_for_none(
    community: Community,
) -> None:
    await open_program(community, eligibility={"account_age_hours": 0, "handle": False})
    await switch_on(community, needs_word=True)

    form = await open_form(community)

    assert "handle" in fields_of(form)
    shown = await community.member.submit_modal(
        form, {"handle": "@me", "of_age": ["yes"], "consent": ["yes"], "wants_dm": ["no"]}
    )
    assert "A moderator will look at your claim" in words(shown)


async def test_without_a_word_such_a_program_asks_for_no_handle(community: Community) -> None:
    await open_program(community, eligibility={"account_age_hours": 0, "handle": False})
    await switch_on(community)

    assert "handle" not in fields_of(await open_form(community))


async def test_the_channel_of_the_queue_is_chosen_and_taken_away(community: Community) -> None:
    await set_up(community, is_reviewed=True)

    route = "claims-settings:channel"
    shown = await choose(
        community.moderator, await open_settings(community), route, [community.desk]
    )
    await claim(community)
    assert len(posts_in(community, community.desk)) == 1
    await choose(community.moderator, shown, route, [])
    await claim(community, community.other, handle="somebody_else")

    assert len(posts_in(community, community.desk)) == 1
    assert (await chosen(community)).queue_channel_id is None


async def test_a_role_that_is_needed_is_named_to_whoever_has_it_not(community: Community) -> None:
    await set_up(community)
    panel = await open_settings(community)

    await choose(community.moderator, panel, "claims-settings:roles", [community.opt_in])
    shown = await open_claim(community)

    assert f"**Not yet** · One of these roles: <@&{community.opt_in.id}>" in words(shown)
    assert "Claim" not in labels(shown)
    backend = community.env.backend
    backend.add_member_role(community.guild.id, community.member.id, community.opt_in.id)
    await community.env.settle()
    assert "Claim" in labels(await open_claim(community))


async def test_days_in_the_community_can_be_raised(community: Community) -> None:
    await set_up(community)

    panel = await open_settings(community)
    await choose(community.moderator, panel, "claims-settings:days", ["3"])

    assert "In this community for 3 days (you: 0)." in words(await open_claim(community))


async def test_the_age_of_accounts_can_be_raised_and_says_what_it_saw(
    community: Community,
) -> None:
    await set_up(community)

    panel = await open_settings(community)
    await choose(community.moderator, panel, "claims-settings:age", ["72"])

    shown = words(await open_claim(community))
    assert "A Discord account that is at least 3 days old (yours: 0)." in shown
    assert "Try again <t:" in shown


async def test_less_than_the_program_asks_for_is_not_offered(community: Community) -> None:
    await open_program(community, eligibility={"account_age_hours": 72, "days_in_community": 7})

    panel = await open_settings(community)

    for route, least in (("claims-settings:days", 7), ("claims-settings:age", 72)):
        (found,) = [part for part in controls(panel) if part["custom_id"] == control(panel, route)]
        assert min(int(option["value"]) for option in found["options"]) == least


async def test_a_share_is_kept_shown_and_freed_again(community: Community) -> None:
    await set_up(community)

    shown = await change_share(community, "2")
    assert "Share: 2 codes at most (0 taken)" in words(shown)
    await change_share(community, "")

    assert (await claims_of(community).settings.share(PROGRAM, community.guild.id)).cap is None


async def test_a_share_that_is_used_up_gives_places_in_the_waitlist(community: Community) -> None:
    await set_up(community)
    await change_share(community, "1")

    await claim(community)
    shown = await claim(community, community.other, handle="somebody_else")

    assert "You are number 1 in the waitlist" in words(shown)


async def test_attack_9_a_share_below_what_was_given_is_refused_and_nothing_changes(
    community: Community,
) -> None:
    await set_up(community)
    await claim(community)

    shown = await change_share(community, "0")

    assert "1 codes are given out or offered here already" in words(shown)
    assert (await claims_of(community).settings.share(PROGRAM, community.guild.id)).cap is None


@pytest.mark.parametrize("typed", ["many", "-1", "1.5", "²", "1_000", "9" * 40, "1; DROP TABLE"])
async def test_a_share_that_is_no_number_is_refused(community: Community, typed: str) -> None:
    await set_up(community)

    shown = await change_share(community, typed)

    assert "is not a whole number of codes, so nothing was changed" in words(shown)
    assert (await claims_of(community).settings.share(PROGRAM, community.guild.id)).cap is None


async def test_each_change_is_in_the_log_with_its_moderator(community: Community) -> None:
    await open_program(community)

    await press(community.moderator, await open_settings(community), "Switch on")

    entry = (await community.services.audit.latest(community.guild.id))[0]
    assert entry.actor_id == community.moderator.id
    assert (entry.change.action, entry.change.old, entry.change.new) == (
        "claims.is_on",
        "False",
        "True",
    )


@pytest.mark.parametrize("command", ["settings", "post", "stats"])
async def test_a_program_that_is_not_there_is_refused(community: Community, command: str) -> None:
    await set_up(community)

    shown = await community.moderator.slash(community.desk, f"claims {command}", program="nothing")

    assert is_private(shown)
    assert "There is no such program here any more." in words(shown)


@pytest.mark.parametrize("command", list(PROGRAMS))
async def test_a_member_is_told_that_it_is_for_moderators(
    community: Community, command: str
) -> None:
    await set_up(community)
    before = await chosen(community)

    shown = await run_hidden_subcommand(
        community.member, community.general, "claims", command, **PROGRAMS[command]
    )

    assert is_private(shown)
    assert "it needs the permission Manage Server" in words(shown)
    assert posts_in(community, community.general) == []
    assert await chosen(community) == before


async def test_a_member_is_not_offered_the_commands(community: Community) -> None:
    offered = community.member.available_commands(community.general)

    assert "claim" in offered
    assert not [name for name in offered if name.startswith("claims")]


async def test_attack_16_every_control_refuses_someone_who_lost_the_role(
    community: Community,
) -> None:
    await set_up(community)
    panel = await open_settings(community)
    form = await press(community.moderator, panel, "Share of the pool")
    before = await chosen(community)
    demote(community)

    for part in controls(panel):
        values = {6: community.opt_in, 8: community.general}
        refused = await use_control(community.moderator, panel, part["custom_id"], values)
        assert "it needs the permission Manage Server" in words(refused), part["custom_id"]
    refused = await community.moderator.submit_modal(form, {"share": "1"})
    assert "it needs the permission Manage Server" in words(refused)
    assert await chosen(community) == before


async def test_attack_14_the_panel_from_before_a_restart_still_works(
    community: Community,
) -> None:
    await open_program(community)
    panel = await open_settings(community)

    await community.restart()
    await press(community.moderator, panel, "Switch on")

    assert (await chosen(community)).is_on


async def test_what_one_community_chose_is_nothing_to_another(community: Community) -> None:
    await set_up(community)
    desk, moderator = await another_community(community)

    panel = await moderator.slash(desk, "claims settings", program=PROGRAM)

    assert "**Off**" in words(panel)
    assert "There is nothing to claim" in words(await moderator.slash(desk, "claim"))


async def test_the_invitation_is_posted_for_everyone_and_answers_each_alone(
    community: Community,
) -> None:
    codes = await set_up(community)

    shown = await community.moderator.slash(community.general, "claims post", program=PROGRAM)

    assert is_private(shown)
    assert "Posted." in words(shown)
    (message,) = posts_in(community, community.general)
    assert "Six months of Example Calm" in words(message)
    assert not any(code in words(message) for code in codes)


async def test_an_invitation_waits_until_it_is_switched_on(community: Community) -> None:
    await open_program(community)

    shown = await community.moderator.slash(community.general, "claims post", program=PROGRAM)

    assert "Switch it on first, with /claims settings; then post it." in words(shown)
    assert posts_in(community, community.general) == []


async def test_an_invitation_in_a_channel_that_is_closed_to_the_bot_says_what_is_missing(
    community: Community,
) -> None:
    await set_up(community)
    forbid(community, community.general, "send_messages")
    await community.env.settle()

    shown = await community.moderator.slash(community.general, "claims post", program=PROGRAM)

    assert "Send Messages" in words(shown)
    assert posts_in(community, community.general) == []


async def test_programs_are_offered_by_words_of_their_title(community: Community) -> None:
    await set_up(community)

    for command in ("claims settings", "claims post", "claims stats"):
        for typed, expected in (("CALM", [PROGRAM]), ("something else", [])):
            choices = await community.moderator.autocomplete(
                community.desk, command, "program", typed
            )
            assert [choice["value"] for choice in choices] == expected


@pytest.mark.parametrize("settings", [NO_KEYS], indirect=True)
@pytest.mark.parametrize("command", ["claim", *(f"claims {name}" for name in (*PROGRAMS, "find"))])
async def test_without_keys_one_kind_sentence_says_who_can_mend_it(
    community: Community, command: str
) -> None:
    options: dict[str, Any] = {**PROGRAMS, "find": {"member": community.member}}
    chosen = options.get(command.removeprefix("claims "), {})
    shown = await community.moderator.slash(community.desk, command, **chosen)

    assert is_private(shown)
    assert "Claims are not set up here: whoever runs this bot has to give it keys first." in words(
        shown
    )
    choices = await community.moderator.autocomplete(
        community.desk, "claims settings", "program", ""
    )
    assert choices == []


async def test_the_panel_of_a_program_that_has_ended_changes_nothing(
    community: Community,
) -> None:
    await set_up(community)
    panel = await open_settings(community)
    await end_programs(community.services.database, community.clock.now() + 400 * DAY)
    await claims_of(community).catalogue.refresh()

    shown = await press(community.moderator, panel, "Switch off")

    assert is_private(shown)
    assert "There is no such program here any more." in words(shown)
