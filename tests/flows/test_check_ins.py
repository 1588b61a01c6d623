"""A person asks that a moderator checks on them: moderators read who, and nothing of what."""

from tests.conftest import NOON
from tests.flows.checking_in import (
    ANSWER,
    ask_for_moderator,
    get_help,
    open_check_ins,
    request_at_desk,
    take,
    what_the_person_saw,
)
from tests.flows.conftest import Community
from tests.flows.presence import lose_sight
from tests.flows.reading import answer, labels, press, words
from tests.flows.safety import (
    ABOUT_OTHER,
    ANSWER_NEW,
    ANSWER_UPDATE,
    ASK,
    CHOICE,
    CORE,
    CRISIS,
    FORMS,
    HELP,
    MINUTE,
    ask,
    callbacks,
    forge_press,
    is_help,
    last_callback,
)
from tests.flows.tips import (
    DAY,
    choose_desk,
    demote,
    labels_of,
    posts,
    press_twice,
    sent,
    speak,
)


async def test_the_button_is_there_where_moderators_chose_a_channel(community: Community) -> None:
    assert ASK not in labels(await ask(community, CRISIS))

    assert ASK in labels(await get_help(community))


async def test_the_button_is_not_there_in_direct_messages(community: Community) -> None:
    await choose_desk(community)

    helped = await community.member.user.slash("ask", question=CRISIS)

    assert is_help(helped)
    assert ASK not in labels(helped)


async def test_the_button_is_not_there_for_a_text_about_somebody_else(
    community: Community,
) -> None:
    await choose_desk(community)

    assert ASK not in labels(await ask(community, ABOUT_OTHER))


async def test_the_button_is_not_there_where_the_bot_is_no_member_any_more(
    community: Community,
) -> None:
    await choose_desk(community)
    await lose_sight(community)

    helped = await ask(community, CRISIS)

    assert is_help(helped)
    assert ASK not in labels(helped)


async def test_a_forms_help_has_the_button_too(community: Community) -> None:
    await choose_desk(community)

    helped = await FORMS["own:form"].send(community, CRISIS)

    assert ASK in labels(helped)


async def test_before_the_press_the_person_reads_what_moderators_would_learn(
    community: Community,
) -> None:
    helped = await get_help(community)

    assert "They would read that you asked, and nothing of what you wrote" in words(helped)
    assert posts(community.desk) == []
    assert await open_check_ins(community) == []


async def test_moderators_read_who_asked_and_nobody_is_pinged(community: Community) -> None:
    asked = await ask_for_moderator(community)

    message = request_at_desk(community)
    assert f"<@{community.member.id}> pressed" in words(message)
    assert labels_of(message) == [ANSWER, "How to support someone"]
    assert CORE not in words(message)
    (body,) = sent(community, community.desk)
    assert body["allowed_mentions"] == {"parse": []}
    assert answer(asked).ephemeral


async def test_moderators_read_it_in_their_communitys_language(community: Community) -> None:
    await speak(community, "de", {"Someone asked for support": "Jemand bittet um Beistand"})

    await ask_for_moderator(community)

    assert "Jemand bittet um Beistand" in words(request_at_desk(community))


async def test_only_who_and_when_is_kept(community: Community) -> None:
    await ask_for_moderator(community)

    (row,) = await open_check_ins(community)
    assert row == {
        "id": row["id"],
        "guild_id": community.guild.id,
        "user_id": community.member.id,
        "asked_at": NOON,
    }


async def test_the_person_keeps_the_choice_about_their_text(community: Community) -> None:
    helped = await get_help(community)
    await press(community.member, helped, ASK)

    assert labels(helped)[2:5] == CHOICE
    assert "Deleted" in words(await press(community.member, helped, "Delete it"))


async def test_what_the_person_is_told_promises_nothing(community: Community) -> None:
    asked = words(await ask_for_moderator(community))

    assert "says that you asked, and nothing else" in asked
    assert "may be asleep" in asked
    assert not {"safe", "confidential", "promise", "guarantee"} & set(asked.casefold().split())


async def test_asking_twice_tells_moderators_once(community: Community) -> None:
    helped = await get_help(community)
    await press(community.member, helped, ASK)

    again = await press(community.member, helped, ASK)

    assert "You asked already" in words(again)
    assert labels(again) == HELP
    assert len(posts(community.desk)) == 1
    assert len(await open_check_ins(community)) == 1


async def test_a_double_press_tells_moderators_once(community: Community) -> None:
    await press_twice(community, community.member, await get_help(community), ASK)

    assert len(posts(community.desk)) == 1
    assert len(await open_check_ins(community)) == 1


async def test_a_moderator_answers_and_the_person_hears_of_it(community: Community) -> None:
    asked = await ask_for_moderator(community)

    await take(community, community.moderator)

    message = request_at_desk(community)
    names = f"<@{community.moderator.id}> is looking after <@{community.member.id}>"
    assert names in words(message)
    assert labels_of(message) == []
    assert last_callback(community)["allowed_mentions"] == {"parse": []}
    told = asked.followups[-1]
    assert told.ephemeral
    assert "A moderator has seen that you asked" in words(told)
    assert await open_check_ins(community) == []


async def test_whoever_was_answered_is_not_told_that_nobody_came(community: Community) -> None:
    await ask_for_moderator(community)
    await take(community, community.moderator)
    before = what_the_person_saw(community)

    await community.travel_to(NOON + 10 * MINUTE)

    assert what_the_person_saw(community) == before


async def test_a_member_who_is_no_moderator_cannot_answer(community: Community) -> None:
    await ask_for_moderator(community)

    refused = await take(community, community.other)

    assert "needs the permission Manage Server" in words(refused)
    assert labels_of(request_at_desk(community))[0] == ANSWER
    assert len(await open_check_ins(community)) == 1


async def test_nobody_answers_their_own_request(community: Community) -> None:
    await choose_desk(community)
    helped = await community.moderator.slash(community.general, "ask", question=CRISIS)
    await press(community.moderator, helped, ASK)

    refused = await take(community, community.moderator)

    assert "let another moderator look after you" in words(refused)
    assert answer(refused).ephemeral
    assert len(await open_check_ins(community)) == 1


async def test_of_two_moderators_one_is_named_and_the_other_is_told(community: Community) -> None:
    await ask_for_moderator(community)
    message = request_at_desk(community)
    before = len(callbacks(community))

    for _ in range(2):
        forge_press(community, community.moderator, community.desk.id, message.id, ANSWER)
    await community.env.settle()

    assert sorted(callbacks(community)[before:]) == [ANSWER_NEW, ANSWER_UPDATE]
    assert "is looking after" in words(request_at_desk(community))


async def test_a_moderator_answers_after_a_restart(community: Community) -> None:
    asked = await ask_for_moderator(community)
    await community.restart()

    await take(community, community.moderator)

    assert "is looking after" in words(request_at_desk(community))
    assert await open_check_ins(community) == []
    assert asked.followups == []


async def test_after_a_day_it_is_too_late_to_answer(community: Community) -> None:
    await ask_for_moderator(community)
    await community.travel_to(NOON + DAY)

    late = await take(community, community.moderator)

    assert "more than a day old" in words(late)
    assert answer(late).ephemeral
    assert await open_check_ins(community) == []


async def test_who_is_no_moderator_any_more_cannot_answer(community: Community) -> None:
    await ask_for_moderator(community)
    await demote(community)

    assert "Manage Server" in words(await take(community, community.moderator))
    assert len(await open_check_ins(community)) == 1
