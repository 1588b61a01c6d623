"""``/setup``: a moderator's first two minutes, left and taken up, changed and undone."""

import shutil
from pathlib import Path

import pytest
from discord import ui

from bot.guilds.service import FEATURES, GuildSettings
from bot.i18n import Languages, Texts
from bot.settings import Settings, load_settings
from bot.zone_names import load_zone_names
from cogs.setup.cards import STEPS, render_step
from tests.conftest import ROOT
from tests.flows.conftest import Community
from tests.flows.moderating import (
    choose_zone,
    open_step,
    open_summary,
    save_schedule,
    settings_of,
    the_schedule,
)
from tests.flows.presence import (
    controls,
    count_rows,
    forbid,
)
from tests.flows.reading import choose, control, labels, press, words

CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content in two languages, so that there is something to choose. Nobody changes it."""
    content = tmp_path_factory.mktemp("two-languages") / "data"
    shutil.copytree(ROOT / "data", content)
    (content / "locales" / "de").mkdir(parents=True, exist_ok=True)
    (content / "locales" / "de" / "breather.po").write_text(CATALOGUE, encoding="utf-8")
    return content


@pytest.fixture
def settings(tmp_path: Path, content: Path) -> Settings:
    """Settings with that content."""
    return load_settings(
        None,
        database_url=f"sqlite:///{tmp_path}/breather.db",
        state_dir=tmp_path / "var",
        content_dir=content,
    )


def said(view: ui.LayoutView) -> str:
    """The texts of a card that was rendered."""
    return "\n".join(
        item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay)
    )


async def test_setup_opens_privately_at_its_first_step(community: Community) -> None:
    shown = await community.moderator.slash(community.desk, "setup")

    assert shown.ephemeral
    assert "step 1 of 4" in words(shown)


async def test_looking_at_setup_creates_no_row(community: Community) -> None:
    before = await count_rows(community)

    await community.moderator.slash(community.desk, "setup")

    assert await count_rows(community) == before


def test_with_one_language_the_first_step_promises_no_other() -> None:
    text = said(render_step(0, GuildSettings(1), Languages(), Texts()))

    assert "Posts in your channels and private answers are in **English**, the only" in text
    assert "language of their Discord" not in text


def test_with_several_languages_the_first_step_says_which_is_used_where() -> None:
    languages = Languages({"de": Texts("de")})

    text = said(render_step(0, GuildSettings(1), languages, Texts()))

    assert "private answers in the language of their Discord where I know it" in text
    assert "the only language" not in text


async def test_the_last_page_says_what_is_on_without_a_schedule(community: Community) -> None:
    none = "(none is scheduled yet: /{} schedule)".format
    before = words(await open_summary(community))
    assert f"Daily tips {none('tips')}, Weekly myth {none('myths')}" in before

    await save_schedule(community)

    after = words(await community.moderator.slash(community.desk, "setup"))
    assert f"Switched on: Daily tips, Weekly myth {none('myths')}" in after


async def test_every_step_can_be_skipped(community: Community) -> None:
    summary = await open_summary(community)

    assert "Breather is ready" in words(summary)
    assert "not chosen" in words(summary)
    assert await community.services.audit.latest(community.guild.id) == []


async def test_back_leads_to_the_step_before(community: Community) -> None:
    shown = await press(community.moderator, await open_step(community, 2), "Back")

    assert "step 2 of 4" in words(shown)


async def test_setup_goes_on_where_it_was_left_after_a_restart(community: Community) -> None:
    await open_step(community, 2)

    await community.restart()
    shown = await community.moderator.slash(community.desk, "setup")

    assert "step 3 of 4" in words(shown)


async def test_the_language_of_posts_is_kept_and_can_be_undone(community: Community) -> None:
    shown = await open_step(community, 0)

    chosen = await choose(community.moderator, shown, "setup:language", ["de"])
    assert (await settings_of(community)).language == "de"

    await press(community.moderator, chosen, "Undo")
    assert (await settings_of(community)).language == "en"


async def test_a_zone_that_is_typed_exactly_is_kept_at_once(community: Community) -> None:
    shown = await choose_zone(community, "europe/berlin")

    assert "Europe/Berlin" in words(shown)
    assert (await settings_of(community)).zone == "Europe/Berlin"


async def test_a_city_leads_to_a_list_of_zones_to_choose_from(community: Community) -> None:
    listed = await choose_zone(community, "são paulo")
    shown = await choose(community.moderator, listed, "setup:pick", ["America/Sao_Paulo"])

    assert "America/Sao_Paulo" in words(shown)
    assert "Undo" in labels(shown)


async def test_an_unknown_zone_is_refused_kindly_and_can_be_typed_again(
    community: Community,
) -> None:
    refused = await choose_zone(community, "**Xyzzyq**")
    assert "I know no time zone like" in words(refused)
    assert "**Xyzzyq**" not in words(refused)

    form = await press(community.moderator, refused, "Type again")
    shown = await community.moderator.submit_modal(form, {"text": "Asia/Tokyo"})
    assert "Asia/Tokyo" in words(shown)


async def test_the_zone_before_comes_back_with_undo(community: Community) -> None:
    await choose_zone(community, "Asia/Tokyo")
    shown = await choose_zone(community, "America/Argentina/Buenos_Aires")

    await press(community.moderator, shown, "Undo")

    assert (await settings_of(community)).zone == "Asia/Tokyo"


async def test_a_zone_form_that_was_open_over_a_restart_still_counts(community: Community) -> None:
    form = await press(community.moderator, await open_step(community, 0), "Change the time zone")

    await community.restart()
    shown = await community.moderator.submit_modal(form, {"text": "Asia/Tokyo"})

    assert "Asia/Tokyo" in words(shown)


@pytest.mark.parametrize(
    ("route", "field"),
    [("setup:community", "community_channel_id"), ("setup:staff", "staff_channel_id")],
)
async def test_a_channel_is_kept_undone_and_taken_out(
    community: Community, route: str, field: str
) -> None:
    shown = await open_step(community, 1)

    chosen = await choose(community.moderator, shown, route, [community.desk])
    assert getattr(await settings_of(community), field) == community.desk.id

    undone = await press(community.moderator, chosen, "Undo")
    assert getattr(await settings_of(community), field) is None

    await choose(community.moderator, undone, route, [community.general])
    again = await community.moderator.slash(community.desk, "setup")
    await choose(community.moderator, again, route, [])
    assert getattr(await settings_of(community), field) is None


async def test_a_channel_without_permissions_is_named_with_what_is_missing(
    community: Community,
) -> None:
    forbid(community, community.general, "send_messages", "read_message_history")

    shown = await choose(
        community.moderator, await open_step(community, 1), "setup:community", [community.general]
    )

    assert f"Send Messages and Read Message History in <#{community.general.id}>" in words(shown)


async def test_a_desk_that_everyone_can_see_is_kept_with_a_warning(community: Community) -> None:
    shown = await choose(
        community.moderator, await open_step(community, 1), "setup:staff", [community.desk]
    )

    assert f"Everyone can see <#{community.desk.id}>" in words(shown)
    assert (await settings_of(community)).staff_channel_id == community.desk.id


async def test_a_chosen_channel_that_is_gone_is_said_to_be_gone(community: Community) -> None:
    shown = await open_step(community, 1)
    await choose(community.moderator, shown, "setup:community", [community.general])

    community.env.backend.delete_channel(community.general.id)
    again = await community.moderator.slash(community.desk, "setup")

    assert "is gone" in words(again)
    assert str(community.general.id) not in str(controls(again))


async def test_a_staff_role_lets_its_members_configure(community: Community) -> None:
    shown = await open_step(community, 2)
    await choose(community.moderator, shown, "setup:role", [community.opt_in])
    backend = community.env.backend
    backend.add_member_role(community.guild.id, community.member.id, community.opt_in.id)
    command = backend.find_command("setup", None, type=1)
    assert command is not None
    community.guild.set_command_permissions(int(command["id"]), {community.opt_in: True})

    opened = await community.member.slash(community.general, "setup")

    assert "step 3 of 4" in words(opened)


async def test_the_staff_role_can_be_undone(community: Community) -> None:
    shown = await open_step(community, 2)
    chosen = await choose(community.moderator, shown, "setup:role", [community.opt_in])

    await press(community.moderator, chosen, "Undo")

    assert (await settings_of(community)).staff_role_id is None


async def test_the_role_that_everyone_has_is_not_taken(community: Community) -> None:
    shown = await open_step(community, 2)

    refused = await choose(community.moderator, shown, "setup:role", [community.guild.default_role])

    assert "Everyone has that role" in words(refused)
    assert (await settings_of(community)).staff_role_id is None


async def test_a_feature_that_is_switched_off_stands_still_until_it_is_on_again(
    community: Community,
) -> None:
    await save_schedule(community)

    off = await press(community.moderator, await open_step(community, 3), "Daily tips: on")
    assert "Daily tips: off" in labels(off)
    assert (await the_schedule(community)).state == "away"

    await press(community.moderator, off, "Daily tips: off")
    assert (await the_schedule(community)).state == "active"


async def test_switching_a_feature_off_can_be_undone(community: Community) -> None:
    await save_schedule(community)
    off = await press(community.moderator, await open_step(community, 3), "Daily tips: on")

    on = await press(community.moderator, off, "Undo")

    assert "Daily tips: on" in labels(on)
    assert (await the_schedule(community)).state == "active"


async def test_two_moderators_pressing_the_same_switch_switch_it_once(
    community: Community,
) -> None:
    first, second = await open_step(community, 3), await open_step(community, 0)
    assert control(first, "setup:feature:tips") == control(second, "setup:feature:tips")

    await press(community.moderator, first, "Daily tips: on")
    shown = await press(community.moderator, second, "Daily tips: on")

    assert "Daily tips: off" in labels(shown)
    assert "Undo" not in labels(shown)
    assert len(await community.services.audit.latest(community.guild.id)) == 1


async def test_buttons_and_selects_answer_after_a_restart(community: Community) -> None:
    shown = await open_step(community, 1)

    await community.restart()
    chosen = await choose(community.moderator, shown, "setup:community", [community.general])
    undone = await press(community.moderator, chosen, "Undo")

    assert "step 2 of 4" in words(undone)
    assert (await settings_of(community)).community_channel_id is None


async def test_every_change_is_in_the_log(community: Community) -> None:
    await choose_zone(community, "Asia/Tokyo")

    (entry,) = await community.services.audit.latest(community.guild.id)

    assert entry.actor_id == community.moderator.id
    assert (entry.change.old, entry.change.new) == ("UTC", "Asia/Tokyo")


@pytest.mark.parametrize("field", ["community_channel_id", "staff_channel_id", "staff_role_id"])
def test_undo_of_any_id_fits_into_its_button(field: str) -> None:
    assert_step_renders((field, 2**63 - 1))


def test_undo_of_any_zone_and_feature_fits_into_its_button() -> None:
    for zone in load_zone_names().titles:
        assert_step_renders(("zone", zone))
    for feature in FEATURES:
        assert_step_renders(("feature", feature, "off"))


def assert_step_renders(undo: tuple[object, ...]) -> None:
    """Custom ids above 100 characters raise."""
    for step in range(STEPS):
        assert render_step(step, GuildSettings(1), Languages(), Texts(), undo=undo)
