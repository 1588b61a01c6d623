"""``/resources export`` and ``import``: out, changed, looked at, in again; all or nothing."""

from typing import Any

import pytest

from bot.resources.exchange import EMPTY, MOST_BYTES
from tests.flows.conftest import Community
from tests.flows.reading import answer, labels, parts, press, words
from tests.flows.resources import FORM, ask, heading, keep, own_titles, run, settle_elsewhere
from tests.flows.tips import demote, press_twice, size

NEW = """
[[resource]]
title = "A walk"
summary = "Every Sunday at noon."
body = "We meet at the old fountain."
"""


async def export(community: Community) -> str:
    """The file that ``/resources export`` gives."""
    (file,) = answer(await run(community, "export")).attachments
    assert file.filename == "resources.toml"
    content: bytes = await file.read()
    return content.decode()


async def bring(community: Community, text: str | bytes, name: str = "resources.toml") -> Any:
    """The answer to ``/resources import`` with a file."""
    content = text.encode() if isinstance(text, str) else text
    return await run(community, "import", file=(name, content))


async def test_an_export_is_private_and_holds_what_was_added(community: Community) -> None:
    await keep(community)

    shown = await run(community, "export")

    assert shown.ephemeral
    assert "Your community's own resources: 1." in answer(shown).content
    text = await export(community)
    assert 'title = "Our quiet room"' in text
    assert "\n\nNobody speaks there" in text
    assert str(community.moderator.id) not in text


async def test_without_resources_an_export_shows_how_one_is_written(community: Community) -> None:
    shown = await run(community, "export")

    assert "no resources of its own yet. The file shows how to begin" in answer(shown).content
    assert await export(community) == EMPTY


async def test_an_import_is_shown_first_and_changes_nothing_until_it_is_pressed(
    community: Community,
) -> None:
    await keep(community)
    text = (await export(community)).replace("without talk", "without music") + NEW

    preview = await bring(community, text)

    assert preview.ephemeral
    assert "1 new, 1 changed, 0 as they are." in words(preview)
    assert "**New:** A walk" in words(preview)
    assert "**Changed:** Our quiet room" in words(preview)
    assert labels(preview) == ["Import", "Cancel"]
    assert await own_titles(community) == [FORM["title"]]

    done = await press(community.moderator, preview, "Import")
    assert "Imported: 1 new, 1 changed." in words(done)
    assert await own_titles(community) == [FORM["title"], "A walk"]
    own = await community.services.resources.own(community.guild.id)
    assert own[0].summary == "A voice channel without music."
    listed = await press(community.moderator, done, "Own resources")
    assert "Your community's own resources (2)" in words(listed)


async def test_titles_whose_words_safe_messaging_warns_of_are_named(community: Community) -> None:
    warned = NEW.replace("A walk", "Remembering").replace("fountain", "tree. He committed suicide")

    preview = await bring(community, NEW + warned)

    assert "**Safe messaging suggests another look at:** Remembering" in words(preview)
    assert "Safe messaging" not in words(await bring(community, NEW))
    assert "Imported: 2 new" in words(await press(community.moderator, preview, "Import"))


async def test_what_was_imported_is_found(community: Community) -> None:
    text = NEW + 'asked = ["where do we walk on sundays"]\n'
    await press(community.moderator, await bring(community, text), "Import")

    assert heading(await ask(community, "where do we walk on sundays")) == "A walk"


async def test_an_export_brought_back_changes_nothing(community: Community) -> None:
    await keep(community)

    preview = await bring(community, await export(community))

    assert "0 new, 0 changed, 1 as they are." in words(preview)
    assert "Import" in labels(preview)
    (button,) = [
        part for part in parts(answer(preview).components) if part.get("label") == "Import"
    ]
    assert button["disabled"]


async def test_another_community_can_take_it_over(community: Community) -> None:
    await keep(community)
    text = await export(community)
    guild, channel, admin = await settle_elsewhere(community)

    preview = await admin.slash(channel, "resources import", file=("resources.toml", text.encode()))
    await press(admin, preview, "Import")

    (there,) = await community.services.resources.own(guild.id)
    (here,) = await community.services.resources.own(community.guild.id)
    assert (there.title, there.body, there.link) == (here.title, here.body, here.link)
    assert there.row_id != here.row_id


async def test_a_cancelled_import_changes_nothing(community: Community) -> None:
    cancelled = await press(community.moderator, await bring(community, NEW), "Cancel")

    assert "Nothing was changed" in words(cancelled)
    assert await own_titles(community) == []


async def test_a_double_press_imports_once(community: Community) -> None:
    preview = await bring(community, NEW)

    await press_twice(community, community.moderator, preview, "Import")

    assert await own_titles(community) == ["A walk"]
    history = community.desk.history()
    assert not [post for post in history if "form is closed" in words(post)]


async def test_every_fault_is_named_with_its_place_and_nothing_is_imported(
    community: Community,
) -> None:
    bad = '[[resource]]\ntitle = "x"\nlink = "http://*example*.org"\nmood = 1\n'

    refused = await bring(community, NEW + bad + NEW)

    assert refused.ephemeral
    assert "Nothing was imported yet" in words(refused)
    assert words(refused).count("Resource 2: ") == 5
    assert "Resource 3: title: is the same as that of resource 1." in words(refused)
    assert labels(refused) == []
    assert await own_titles(community) == []


async def test_the_longest_list_of_faults_stays_within_discords_limits(
    community: Community,
) -> None:
    bad = "".join(f'[[resource]]\n"{"*_[" * 80}{number}" = 1\n' for number in range(100))

    refused = await bring(community, bad)

    assert "and 385 more." in words(refused)
    assert size(refused)[1] <= 4000


async def test_the_longest_import_stays_within_discords_limits(community: Community) -> None:
    many = "".join(NEW.replace("A walk", f"{number:03}" + "[" * 77) for number in range(300))

    preview = await bring(community, many)

    assert "300 new, 0 changed" in words(preview)
    assert size(preview)[1] <= 4000
    done = await press(community.moderator, preview, "Import")
    assert "Imported: 300 new" in words(done)
    assert len(await own_titles(community)) == 300


async def test_more_than_there_is_room_for_is_refused_before_it_is_pressed(
    community: Community,
) -> None:
    await keep(community)
    many = "".join(NEW.replace("A walk", f"Walk {number}") for number in range(300))

    refused = await bring(community, many)

    assert "this would make 301, so nothing was changed" in words(refused)
    assert labels(refused) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (
            b"\x89PNG\r\n\x1a\n\xff",
            "Save the file as UTF-8 in your text editor: under “Save as” there",
        ),
        (b"", "/resources export gives a file that shows how one begins."),
        (b"title = 'x'", "Only [[resource]] belongs into the file, not 'title'"),
        (
            b"a." * (MOST_BYTES // 2 - 10) + b"a = 1",
            "In line 1 there are many dots outside of a text",
        ),
    ],
)
async def test_a_file_that_is_something_else_is_refused_with_the_reason(
    community: Community, content: bytes, fault: str
) -> None:
    refused = await bring(community, content, "cat.png")

    assert fault in words(refused).replace("\\", "")
    assert "import it again" in words(refused)


async def test_a_file_that_is_too_large_is_not_even_read(community: Community) -> None:
    refused = await bring(community, b"#" * (MOST_BYTES + 1))

    assert "larger than 512 KB, so I did not read it" in words(refused)
    assert "has no resource" in words(await bring(community, b"#" * MOST_BYTES))


async def test_a_file_that_discord_no_longer_has_is_said(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(community.env.backend.cdn, "get", lambda _url: None)

    refused = await bring(community, NEW)

    assert "could not fetch the file from Discord" in words(refused)


async def test_an_import_from_before_a_restart_says_how_to_begin_again(
    community: Community,
) -> None:
    preview = await bring(community, NEW)
    await community.restart()

    told = await press(community.moderator, preview, "Import")

    assert "Run /resources import for a fresh one" in words(told)
    assert await own_titles(community) == []


async def test_what_changed_between_the_look_and_the_press_is_counted_again(
    community: Community,
) -> None:
    preview = await bring(community, NEW)
    await keep(community, title="A WALK")

    done = await press(community.moderator, preview, "Import")

    assert "Imported: 0 new, 1 changed." in words(done)
    assert await own_titles(community) == ["A walk"]


async def test_who_is_no_moderator_any_more_imports_nothing(community: Community) -> None:
    preview = await bring(community, NEW)
    await demote(community)

    assert "Manage Server" in words(await press(community.moderator, preview, "Import"))
    assert "Manage Server" in words(await bring(community, NEW))
    assert await own_titles(community) == []


async def test_in_direct_messages_an_import_says_where_it_works(community: Community) -> None:
    refused = await community.moderator.user.slash(
        "resources import", file=("resources.toml", NEW.encode())
    )

    assert "inside a community that I was added to" in words(refused)


async def test_texts_from_a_file_have_no_effect_on_the_preview(community: Community) -> None:
    preview = await bring(community, NEW.replace("A walk", "# @everyone <@1> **x**"))

    assert "<@1>" not in words(preview)
    assert "@everyone" not in words(preview).replace("@\u200b", "")
