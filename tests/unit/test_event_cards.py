"""Cards of live events: at their longest they fit, and they say what is true at that moment."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bot.clock import DAY, HOUR, MINUTE
from bot.content.guides import load_guides
from bot.delivery.plans import Plan, Repeat
from bot.delivery.ports import Post
from bot.events.announcer import MOST_MENTIONED, EventPost
from bot.events.posts import LETTERS, POSTS, Part
from bot.events.rsvps import Way
from bot.events.rules import (
    BODY_LENGTH,
    LINK_LENGTH,
    MOST,
    MOST_SLOTS,
    NAME_LENGTH,
    NOTE,
    TITLE_LENGTH,
    Event,
    Fault,
    Place,
    Slot,
    State,
    write_line_up,
)
from bot.events.stage import RECAP_LENGTH
from bot.i18n import Texts
from cogs.events import forms, host_cards, member_cards, panel_cards, posts, words
from tests.conftest import NOON, ROOT
from tests.unit.test_resources_cards import ensure_it_fits, texts_of

T = Texts()
ID = 10**18 - 1
BEGINS = NOON + 2 * DAY
ONCE = Plan(Repeat.ONCE, "UTC", 720, start=date(2027, 3, 16))
EVENT = Event(
    event_id=1,
    guild_id=2,
    author_id=3,
    title="Take A Moment",
    body="A quiet hour.",
    place=Place.STAGE,
    place_channel_id=4,
    channel_id=5,
    plan=ONCE,
    starts_at=BEGINS,
    line_up=(Slot("Ana", 20), Slot("Bo and Cy", 25)),
    state=State.PLANNED,
    discord_event_id=6,
)
WIDE = replace(
    EVENT,
    event_id=ID,
    guild_id=ID,
    title="*_" * (TITLE_LENGTH // 2),
    body="a" * (BODY_LENGTH - 20) + " committed suicide. ",
    place=Place.LINK,
    place_channel_id=None,
    link="https://" + "a" * 60 + ".org/" + "a" * (LINK_LENGTH - 73),
    channel_id=ID,
    role_id=ID,
    host_id=ID,
    signal_id=ID,
    thread_id=ID,
    has_therapist=True,
    plan=Plan(
        Repeat.DATE,
        "America/Argentina/ComodRivadavia",
        1_170,
        start=date(2027, 3, 14),
        until=date(2030, 3, 14),
        day=31,
        is_clamped=True,
    ),
    line_up=tuple(Slot("[" * NAME_LENGTH, 720) for _ in range(MOST_SLOTS)),
    recap="a" * RECAP_LENGTH,
    attendance=1_000_000,
)
TURNS = {State.LIVE: {"turn": 3, "turn_at": BEGINS}, State.OVER: {"finished_at": BEGINS}}
TURNS[State.CANCELLED] = TURNS[State.OVER]


def standing(event: Event, state: State, **changes: Any) -> Event:
    """The same event in another state."""
    return replace(event, state=state, **TURNS.get(state, {}) | changes)


def post(event: Event, part: Part, *, is_letter: bool, **changes: Any) -> list[str]:
    """What a post or a letter says."""
    made = Post(
        guild_id=event.guild_id,
        channel_id=0 if is_letter else 9,
        kind=LETTERS if is_letter else POSTS,
        key="a" * 20,
        body=EventPost(part, event, 12_345, **changes),
        role_id=None if is_letter else event.role_id,
        recipient_id=8 if is_letter else None,
    )
    view = posts.render_post(made, T, "*" * 100 if event is WIDE else "Example Creators")
    ensure_it_fits(view)
    assert any("a" * 20 in str(part.get("custom_id")) for part in _parts(view))
    return texts_of(view)


def _parts(view: Any) -> list[dict[str, Any]]:
    found = [view.to_components()]
    for components in found:
        found += [one["components"] for one in components if "components" in one]
    return [one for components in found for one in components]


@pytest.mark.parametrize("state", State)
def test_at_its_longest_every_card_is_within_discords_limits(state: State) -> None:
    event = standing(WIDE, state)
    problem = "p" * 400 if state in {State.PLANNED, State.LIVE} else None
    faults = list(Fault) if state is State.DRAFT else []
    ensure_it_fits(posts.render_card(event, 12_345, "a" * 20, T))
    ensure_it_fits(panel_cards.render_panel(event, 12_345, faults, problem, T))
    ensure_it_fits(panel_cards.render_cancel(event, 12_345, T))
    ensure_it_fits(host_cards.render_host(event, 12_345, T))
    ensure_it_fits(member_cards.render_left(event, T))
    for way in (None, *Way):
        ensure_it_fits(member_cards.render_answer(event, way, 12_345, NOON, "*" * 100, T))
    many = [replace(event, event_id=ID - number) for number in range(MOST)]
    ensure_it_fits(panel_cards.render_list(many[:15], many[15:], T))
    page = many[: member_cards.PAGE]
    ways = {event.event_id: None for event in page}
    ensure_it_fits(member_cards.render_list(page, ways, 1, 7, ID, ID, T, has_feed=True))


@pytest.mark.parametrize("part", Part)
def test_at_its_longest_every_post_and_letter_is_within_discords_limits(part: Part) -> None:
    event = replace(WIDE, turn=0, turn_at=BEGINS)
    before = {"title": "]" * TITLE_LENGTH, "starts_at": 1, "place": "stage", "place_channel_id": 7}
    post(event, part, is_letter=True, before=before)
    in_thread = part in {Part.DAY, Part.SOON, Part.CHANGED}
    mentions = (ID,) * MOST_MENTIONED if in_thread else ()
    post(event, part, is_letter=False, before=before, mentions=mentions)


def test_every_form_begins_with_the_longest_that_is_kept() -> None:
    values = forms.details_values(WIDE)
    assert values["line_up"] == write_line_up(WIDE.line_up)
    for form in (
        forms.make_words_form(ID, forms.words_values(WIDE), T),
        forms.make_details_form(ID, values, T),
        forms.make_recap_form(ID, ID, {"recap": WIDE.recap, "attendance": "1000000"}, T),
    ):
        sent = form.to_dict()
        assert len(sent["title"]) <= 45
        assert len(sent["custom_id"]) <= 100
        for label in sent["components"]:
            assert len(label["label"]) <= 45
            assert len(label.get("description") or "") <= 100
            field = label["component"]
            assert len(field.get("value") or "") <= field.get("max_length", 0)


def test_whatever_a_card_is_about_it_says_what_it_is_not_and_where_help_is() -> None:
    for state in State:
        view = posts.render_card(standing(EVENT, state), 0, "key", T)
        assert f"-# {NOTE}" in texts_of(view)
        assert "help-now:open:key" in {part.get("custom_id") for part in _parts(view)}


def test_names_and_titles_reach_nobody_and_format_nothing() -> None:
    event = replace(EVENT, title="@everyone **x**", line_up=(Slot("<@123456789> [a](b)", 5),))
    text = "\n".join(texts_of(posts.render_card(event, 0, "key", T)))
    assert "@everyone" not in text
    assert "**x**" not in text
    assert "<@123456789>" not in text
    assert "[a](b)" not in text


def test_the_button_to_the_next_turn_shows_a_name_as_it_was_typed() -> None:
    event = standing(EVENT, State.LIVE, turn=0, line_up=(Slot("A", 5), Slot("B_C *", 5)))
    labels = {part.get("label") for part in _parts(host_cards.render_host(event, 0, T))}
    assert "Next: B_C *" in labels


def test_the_guides_on_the_closing_card_are_there() -> None:
    assert set(posts.GUIDES) <= set(load_guides(ROOT / "data").by_id)


def test_a_letter_says_which_community_it_is_from_and_a_post_does_not() -> None:
    for part in (Part.DAY, Part.SOON, Part.CHANGED, Part.SIGNAL):
        last = post(replace(EVENT, turn=0, turn_at=BEGINS), part, is_letter=True)[-1]
        assert last.startswith("-# From Example Creators. You asked ")
        assert "Example Creators" not in "".join(post(EVENT, part, is_letter=False))


def test_on_the_day_the_line_up_follows_the_turns_as_they_really_go() -> None:
    late = BEGINS + HOUR
    event = replace(
        EVENT,
        state=State.LIVE,
        turn=1,
        turn_at=late,
        line_up=(Slot("Ana", 20), Slot("Bo", 25), Slot("Cy", 5)),
    )
    assert words.line_up_of(event, T) == (
        "**Line-up**\n- Ana, done\n"
        f"- <t:{late}:t> · **Bo**, 25 min\n"
        f"- <t:{late + 25 * MINUTE}:t> · Cy, 5 min"
    )


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (BEGINS - DAY - 1, "a day and 15 minutes before"),
        (BEGINS - DAY, "15 minutes before"),
        (BEGINS - 15 * MINUTE, "too soon for a reminder"),
    ],
)
def test_who_comes_is_promised_only_reminders_that_are_still_ahead(now: int, said: str) -> None:
    view = member_cards.render_answer(EVENT, Way.DIRECT, 1, now, None, T)
    assert said in "\n".join(texts_of(view))


def test_lengths_are_said_as_people_say_them() -> None:
    assert [words.length_of(minutes, T) for minutes in (5, 60, 90, 120)] == [
        "5 minutes",
        "60 minutes",
        "90 minutes",
        "2 hours",
    ]
