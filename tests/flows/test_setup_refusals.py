"""Who may not use ``/setup``, and where it is not there."""

import pytest
from simcord.backend.errors import SetupError

from cogs.setup.cards import STEPS
from tests.flows.conftest import Community
from tests.flows.moderating import open_step, open_summary, settings_of
from tests.flows.presence import (
    controls,
    count_rows,
    demote,
    lose_sight,
    run_hidden,
    use_control,
)
from tests.flows.reading import choose, labels, press, words


async def test_a_refusal_names_the_staff_role(community: Community) -> None:
    shown = await open_step(community, 2)
    await choose(community.moderator, shown, "setup:role", [community.opt_in])

    refused = await run_hidden(community.member, community.general, "setup")

    assert f"Manage Server or the role <@&{community.opt_in.id}>" in words(refused)


async def test_members_do_not_see_setup(community: Community) -> None:
    with pytest.raises(SetupError, match="default-member-permissions"):
        await community.member.slash(community.general, "setup")


async def test_a_member_who_gets_at_setup_is_refused_with_what_it_needs(
    community: Community,
) -> None:
    refused = await run_hidden(community.member, community.general, "setup")

    assert refused.ephemeral
    assert "This is for moderators: it needs the permission Manage Server" in words(refused)
    assert labels(refused) == []


async def test_setup_is_not_there_in_a_direct_message(community: Community) -> None:
    assert "setup" not in community.moderator.user.available_commands()

    user = community.moderator.user
    refused = await run_hidden(user, user.dm_channel, "setup")

    assert "This works inside a community" in words(refused)


async def test_setup_refuses_where_the_bot_was_not_added(community: Community) -> None:
    before = await count_rows(community)
    await lose_sight(community)

    refused = await run_hidden(community.moderator, community.general, "setup")

    assert "This works inside a community that I was added to" in words(refused)
    assert await count_rows(community) == before


@pytest.mark.parametrize("step", range(STEPS + 1))
async def test_every_control_refuses_someone_who_lost_the_role(
    community: Community, step: int
) -> None:
    shown = await open_summary(community) if step == STEPS else await open_step(community, step)
    values = {6: community.opt_in, 8: community.general}
    before = await count_rows(community)
    kept = await settings_of(community)
    demote(community)

    for part in controls(shown):
        refused = await use_control(community.moderator, shown, part["custom_id"], values)
        assert "This is for moderators" in words(refused), part["custom_id"]

    assert await count_rows(community) == before
    assert await settings_of(community) == kept


async def test_a_form_refuses_someone_who_lost_the_role(community: Community) -> None:
    form = await press(community.moderator, await open_step(community, 0), "Change the time zone")
    demote(community)

    refused = await community.moderator.submit_modal(form, {"text": "Asia/Tokyo"})

    assert "This is for moderators" in words(refused)
    assert (await settings_of(community)).zone == "UTC"
