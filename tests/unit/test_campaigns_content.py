"""Campaigns as content: every fault by file and id, and the campaigns that ship are right."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise, product
from pathlib import Path

import pytest

from bot.campaigns import rules
from bot.campaigns.service import Planned
from bot.content import guides
from bot.content.campaigns import Campaign, CampaignLibrary, load_campaigns
from bot.content.collection import load_content
from bot.delivery.ports import Post, Schedule
from bot.delivery.times import next_run, runs_between
from bot.errors import ContentError
from bot.i18n import Texts
from bot.pictures.scenes import Picture
from bot.safety.messaging import advise, find_faults
from cogs.campaigns import cards
from cogs.campaigns.day_cards import render_day, render_pack
from tests.conftest import ROOT
from tests.unit.test_help_now_cards import assert_fits, parts

BODY = "Nobody has to do anything today, and that is a way of keeping it, too."
STEP = f"""
[[steps]]
offset = OFFSET
name = "Some step"
guides = ["sleep"]
[[steps.texts]]
title = "One"
body = "{BODY}"
[[steps.texts]]
title = "Two, and {{theme}}"
body = "{BODY}"
[[steps.texts]]
title = "Three in {{year}}"
body = "{BODY}"
"""
SOURCE = (
    '{ publisher = "A clinic", title = "A quiet day", url = "https://example.org/quiet", '
    "seen_on = 2026-11-22 }"
)
GOOD = f"""
id = "good"
title = "Quiet Day"
about = "{BODY}"
month = 10
day = 10
has_themes = true
hashtags = ["#QuietDay"]
how_to_take_part = ["Be quiet.", "Or not."]
guides = ["sleep"]
sources = [{SOURCE}]
themes = [{{ year = 2026, text = "Quiet voices", source = {SOURCE} }}]

[pack]
captions = ["Quiet one", "Quiet two", "Quiet three"]
alt_text = "A plain card."
sharing_safely = ["Slowly.", "In parts.", "Or never."]
{STEP.replace("OFFSET", "-7")}
{STEP.replace("OFFSET", "0")}
"""
YEARS = range(2024, 2041)
NOW = datetime(2027, 3, 14, 12, tzinfo=UTC)
T = Texts()
LARGE = 2**63 - 1
"""Longer than any id that Discord gives out."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A content folder without any campaign."""
    (tmp_path / "campaigns").mkdir()
    return tmp_path


def write(folder: Path, text: str | bytes, name: str = "some.toml") -> None:
    path = folder / "campaigns" / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)


def faults_of(folder: Path, guide_ids: set[str] | None = None) -> tuple[str, ...]:
    with pytest.raises(ContentError) as caught:
        load_campaigns(folder, guide_ids)
    return caught.value.faults


def test_a_good_one_is_read_as_it_stands(folder: Path) -> None:
    write(folder, GOOD)
    (good,) = load_campaigns(folder, {"sleep"}).by_id.values()
    assert (good.id, good.minute_of_day, good.has_help) == ("good", 600, False)
    assert [step.offset for step in good.steps] == [-7, 0]
    assert good.theme_in(2026) == good.themes[0]
    assert good.theme_in(2027) is None
    assert good.day_in(2028) == date(2028, 10, 10)


def test_campaigns_stand_in_the_order_of_their_files_and_templates_are_left_out(
    folder: Path,
) -> None:
    write(folder, GOOD, "b.toml")
    write(folder, GOOD.replace('"good"', '"other"', 1), "a.toml")
    write(folder, "no campaign", "_template.toml")
    assert list(load_campaigns(folder).by_id) == ["other", "good"]


def test_a_folder_without_campaigns_has_none(tmp_path: Path) -> None:
    assert not load_campaigns(tmp_path).by_id


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "good"', 'id = "Not An Id"', "Not An Id: id: "),
        ('id = "good"', f'id = "{"a" * 41}"', "a{41}: id: "),
        ('id = "good"\n', "", r"\(no id\): id: "),
        ('title = "Quiet Day"', f'title = "{"Quiet " * 11}"', "good: title: "),
        (f'about = "{BODY}"', 'about = "Short."', "good: about: "),
        (f'about = "{BODY}"', f'about = "{BODY * 14}"', "good: about: "),
        ("month = 10", "month = 13", "good: month: "),
        ("day = 10", "day = 32", "good: day: "),
        ("month = 10\nday = 10", "month = 4\nday = 31", r"good: : .*day"),
        ("month = 10\nday = 10", "month = 2\nday = 29", "good: : .*29 February is not in every"),
        ("month = 10", "month = 10\nminute_of_day = 1440", "good: minute_of_day: "),
        ("month = 10", "month = 10\nscore = 1", "good: score: "),
        ('["#QuietDay"]', '["QuietDay"]', r"good: hashtags\.0: "),
        ('["#QuietDay"]', '["#Quiet Day"]', r"good: hashtags\.0: "),
        ('["#QuietDay"]', "[]", "good: hashtags: "),
        (', "Or not."]', "]", "good: how_to_take_part: "),
        (', "Quiet three"]', "]", r"good: pack\.captions: "),
        ('"Quiet one"', f'"{"Quiet " * 70}"', r"good: pack\.captions\.0: "),
        ('alt_text = "A plain card."\n', "", r"good: pack\.alt_text: "),
        (', "Or never."]', "]", r"good: pack\.sharing_safely: "),
        (f"sources = [{SOURCE}]", "sources = []", "good: sources: "),
        (f"sources = [{SOURCE}]\n", "", "good: sources: "),
        ('sources = [{ publisher = "A clinic",', "sources = [{", r"good: sources\.0\.publisher: "),
        ("year = 2026", "year = 1989", r"good: themes\.0\.year: "),
        ("year = 2026", "year = 26", r"good: themes\.0\.year: "),
        ("offset = 0", "offset = 61", r"good: steps\.1\.offset: "),
        ("offset = 0", "offset = -7", "good: : .*each offset once"),
        ("offset = 0", "offset = -8", "good: : .*in the order of their offsets"),
        ('"Some step"', f'"{"Some " * 9}"', r"good: steps\.0\.name: "),
        ('title = "One"', f'title = "{"One " * 21}"', r"good: steps\.0\.texts\.0\.title: "),
        ('title = "One"', 'title = "In {town}"', r"good: steps\.0\.texts\.0: .*\{town\} is not"),
        ('title = "One"', 'title = "One {}"', r"good: steps\.0\.texts\.0: .*\{\} is not"),
        ('title = "One"', 'title = "{theme}"', r"good: steps\.0: .*at least two texts"),
        (
            f'title = "One"\nbody = "{BODY}"',
            'title = "One"\nbody = "Short."',
            r"good: steps\.0\.texts\.0\.body: ",
        ),
        (f'[[steps.texts]]\ntitle = "One"\nbody = "{BODY}"\n', "", r"good: steps\.0\.texts: "),
        ('["sleep"]\nsources', '["naps"]\nsources', "good: there is no guide 'naps'"),
        ('["sleep"]\n[[steps', '["naps"]\n[[steps', "good: there is no guide 'naps'"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_id_and_field(
    folder: Path, old: str, new: str, words: str
) -> None:
    assert old in GOOD
    write(folder, GOOD.replace(old, new, 1))

    # What is wrong with one of a list is told first; the list may then be too short without it.
    fault, *others = faults_of(folder, {"sleep"})

    assert re.match(rf"some\.toml, {words}", fault), fault
    assert all("after validation" in other for other in others), others


def test_a_year_has_one_theme(folder: Path) -> None:
    theme = f'{{ year = 2026, text = "Quiet voices", source = {SOURCE} }}'
    write(folder, GOOD.replace(theme, f"{theme}, {theme}"))
    (fault,) = faults_of(folder)
    assert "a year has one theme" in fault


@pytest.mark.parametrize("text", ["id = ", b"\xff\xfe", "[pack"])
def test_a_file_that_cannot_be_read_is_named(folder: Path, text: str | bytes) -> None:
    write(folder, text, "bad.toml")
    (fault,) = faults_of(folder)
    assert fault.startswith("bad.toml: not readable as TOML (")


def test_every_fault_of_every_file_is_told_at_once(folder: Path) -> None:
    write(folder, GOOD.replace("month = 10", "month = 13").replace("day = 10", "day = 0"), "a.toml")
    write(folder, "[[steps", "b.toml")
    write(folder, GOOD, "c.toml")
    write(folder, GOOD, "d.toml")
    begins = [fault.partition(":")[0] for fault in faults_of(folder)]
    assert begins == ["a.toml, good", "a.toml, good", "b.toml", "c.toml, good", "d.toml, good"]


def test_guides_are_not_looked_up_where_none_are_given(folder: Path) -> None:
    write(folder, GOOD.replace("sleep", "naps"))
    assert load_campaigns(folder).by_id["good"].guides == ("naps",)


def test_a_broken_campaign_is_told_with_the_faults_of_all_content(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data/campaigns/ours.toml").write_text(GOOD.replace("month = 10", "month = 0"))
    with pytest.raises(ContentError) as caught:
        load_content(tmp_path / "data")
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [
        "ours.toml, good",
    ]


@pytest.fixture(scope="module")
def library() -> CampaignLibrary:
    """The campaigns that ship."""
    return load_campaigns(ROOT / "data", guides.load_guides(ROOT / "data").by_id)


def every_post(library: CampaignLibrary) -> Iterator[rules.CampaignPost]:
    """Each step of each campaign in each year."""
    for campaign, year in product(library.by_id.values(), YEARS):
        for step in campaign.steps:
            post = rules.compose(campaign, year, step.offset)
            assert post is not None
            yield post


def test_the_campaigns_of_the_year_are_there_with_their_days(library: CampaignLibrary) -> None:
    days = {key: (one.month, one.day) for key, one in library.by_id.items()}
    assert days == {
        "mental-health-awareness-month": (5, 1),
        "world-mental-health-day": (10, 10),
        "world-suicide-prevention-day": (9, 10),
    }
    day = library.by_id["world-mental-health-day"]
    assert [step.offset for step in day.steps] == [-14, -7, -1, 0, 1]
    assert day.minute_of_day == 600


def test_a_file_bears_the_name_of_its_campaign(library: CampaignLibrary) -> None:
    names = {path.stem for path in (ROOT / "data/campaigns").glob("[!_]*.toml")}
    assert names == set(library.by_id)


def test_a_copy_of_the_template_is_a_campaign(folder: Path) -> None:
    text = (ROOT / "data/campaigns/_template.toml").read_text(encoding="utf-8")
    write(folder, text, "quiet-week.toml")
    load_campaigns(folder, guides.load_guides(ROOT / "data").by_id)


def test_the_templates_theme_can_be_used_as_it_says(folder: Path) -> None:
    text = (ROOT / "data/campaigns/_template.toml").read_text(encoding="utf-8")
    theme = re.sub(r"^# ?", "", text[text.index("# [[themes]]") :], flags=re.MULTILINE)
    write(folder, text.replace("has_themes = false", "has_themes = true") + theme, "ours.toml")
    (ours,) = load_campaigns(folder).by_id.values()
    assert ours.theme_in(2027) is not None


def test_every_step_of_every_year_has_words_without_a_gap(library: CampaignLibrary) -> None:
    for post in every_post(library):
        words = f"{post.title}\n{post.body}"
        assert not re.search(r"[{}]|  | [,.!?]|“”", words), words
        assert len(post.title) <= rules.TITLE_LENGTH, post.title
        assert len(post.body) <= rules.BODY_LENGTH, post.body
        assert post.local_date.year in {post.year - 1, post.year, post.year + 1}


def test_no_step_reads_alike_two_years_in_a_row(library: CampaignLibrary) -> None:
    for campaign in library.by_id.values():
        for step in campaign.steps:
            assert len(set(step.texts)) == len({text.body for text in step.texts})
            assert len({text.title for text in step.texts}) == len(step.texts)
            found = [rules.compose(campaign, year, step.offset) for year in YEARS]
            alike = [
                (post.year, post.title)
                for post, following in pairwise(post for post in found if post)
                if post.title == following.title or post.body == following.body
            ]
            assert alike == []


def test_the_announced_themes_are_there_with_their_sources_and_none_was_made_up(
    library: CampaignLibrary,
) -> None:
    day = library.by_id["world-mental-health-day"]
    themes = {theme.year: theme for theme in day.themes}
    assert themes[2024].text == "It is time to prioritise mental health in the workplace"
    assert themes[2025].text == "Access to services: mental health in catastrophes and emergencies"
    assert themes[2026].text == "Lived experiences heard: real voices, real change"
    assert 1995 not in themes
    assert max(themes) == 2026
    assert list(themes) == sorted(themes)
    for campaign in library.by_id.values():
        assert campaign.has_themes or not campaign.themes
        assert all(theme.source.url.host for theme in campaign.themes)
        assert campaign.theme_in(2027) is None


def test_a_theme_is_said_in_every_year_that_has_one(library: CampaignLibrary) -> None:
    for campaign, year in product(library.by_id.values(), YEARS):
        theme = campaign.theme_in(year)
        if theme is not None:
            posts = [rules.compose(campaign, year, step.offset) for step in campaign.steps]
            assert any(theme.text in post.title + post.body for post in posts if post is not None)


def said_by(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Every text of a campaign that somebody may read, with its place."""
    yield campaign.id, f"{campaign.title}\n{campaign.about}\n" + "\n".join(campaign.hashtags)
    for kind in ("captions", "sharing_safely"):
        for line in getattr(campaign.pack, kind):
            yield f"{campaign.id}, {kind}", line
    yield f"{campaign.id}, alt text", campaign.pack.alt_text
    for line in campaign.how_to_take_part:
        yield f"{campaign.id}, how to take part", line
    for step in campaign.steps:
        for text in step.texts:
            yield f"{campaign.id}, {step.offset}", f"{step.name}\n{text.title}\n{text.body}"


def test_they_follow_safe_messaging_and_name_help(library: CampaignLibrary) -> None:
    for campaign in library.by_id.values():
        assert list(find_faults(said_by(campaign))) == []
        assert [advice for theme in campaign.themes for advice in advise(theme.text)] == []
    for post in every_post(library):
        where = f"{post.campaign.id}, {post.year}, {post.step.offset}"
        assert list(find_faults([(where, f"{post.title}\n{post.body}")])) == []


def test_they_speak_plainly(library: CampaignLibrary) -> None:
    for campaign in library.by_id.values():
        for where, text in said_by(campaign):
            assert not re.search(r"[\uff01-\uff5e\u2014]", text), where  # full-width, long dashes
            assert not re.search(r"https?://|@|\*\*|[\U0001f000-\U0001faff]", text), where
            assert where == campaign.id or not re.search(r"#\w", text), where


def test_hashtags_are_written_so_that_screen_readers_can_read_them(
    library: CampaignLibrary,
) -> None:
    for campaign in library.by_id.values():
        assert all(re.fullmatch(r"#[A-Za-z]*[A-Z][A-Za-z0-9]*", tag) for tag in campaign.hashtags)
        assert len(set(map(str.lower, campaign.hashtags))) == len(campaign.hashtags)


def schedule_of(campaign: Campaign, options: dict[str, object]) -> Schedule:
    """A schedule of every step in the longest zone's name."""
    offsets = rules.offsets_of(campaign)
    zone = "America/Argentina/ComodRivadavia"
    recurrence = rules.recur(campaign, zone, campaign.minute_of_day, offsets)
    run = next_run(recurrence, int(NOW.timestamp()))
    return Schedule(
        schedule_id=1,
        guild_id=LARGE,
        kind=rules.KIND,
        channel_id=LARGE,
        recurrence=recurrence,
        role_id=LARGE,
        is_silent=True,
        options={"campaign": campaign.id, "steps": offsets} | options,
        state="active",
        problem=None,
        next_run_at=None if run is None else run.at,
    )


def test_every_post_fits_discord_with_its_buttons(library: CampaignLibrary) -> None:
    for post in every_post(library):
        message = Post(LARGE, LARGE, rules.KIND, "f" * 16, post, role_id=LARGE)
        view = cards.render_post(message, T)
        assert_fits(view)
        labels = [part["label"] for part in parts(view) if "label" in part]
        assert "Take part" in labels
        has_help = post.step.has_help or post.campaign.has_help
        assert ("Show help lines" in labels) == has_help


def test_posts_near_suicide_offer_help_first(library: CampaignLibrary) -> None:
    day = library.by_id["world-suicide-prevention-day"]
    for step in day.steps:
        post = rules.compose(day, 2027, step.offset)
        view = cards.render_post(Post(1, 1, rules.KIND, "f" * 16, post), T)
        labels = [part["label"] for part in parts(view) if "label" in part]
        assert labels[0] == "Show help lines"


def test_the_longest_words_of_a_moderator_fit_too(library: CampaignLibrary) -> None:
    worst = rules.Words("*" * rules.TITLE_LENGTH, "_" * rules.BODY_LENGTH)
    for post in every_post(library):
        edited = replace(post, title=worst.title, body=worst.body, is_edited=True)
        pictured = replace(edited, files=(Picture("a.png", "*" * 900, b""),))
        assert_fits(cards.render_post(Post(1, 1, rules.KIND, "f" * 16, pictured, LARGE), T))


def test_every_card_of_moderators_fits_discord(library: CampaignLibrary) -> None:
    assert_fits(cards.render_list(list(library.by_id.values()), {}, T))
    for campaign in library.by_id.values():
        schedule = schedule_of(campaign, {})
        zone = schedule.recurrence.zone
        first = int(NOW.timestamp())
        runs = runs_between(schedule.recurrence, first, first + 730 * 86_400, 25)
        planned = []
        for run in runs:
            found = campaign.step_on(date.fromisoformat(run.slot))
            assert found is not None
            post = rules.compose(campaign, found[1], found[0].offset)
            assert post is not None
            planned.append(Planned(run, replace(post, is_edited=True), is_skipped=True))
        assert_fits(cards.render_panel(campaign, schedule, zone, T))
        assert_fits(cards.render_panel(campaign, None, zone, T))
        stopped = replace(schedule, state="broken", problem="Breather may not post. " * 9)
        assert_fits(cards.render_panel(campaign, stopped, zone, T))
        assert_fits(cards.render_calendar(campaign, planned, zone, T))
        for item in planned:
            assert_fits(cards.render_step(campaign, item, T))
        for view in (cards.render_dry(item.post, T) for item in planned):
            assert_fits(view)


def test_every_card_of_members_fits_discord_and_tells_of_the_theme(
    library: CampaignLibrary,
) -> None:
    for campaign in library.by_id.values():
        assert_fits(render_pack(campaign, T))
        for year in YEARS:
            coming = rules.coming_day(campaign, "Asia/Kathmandu", datetime(year, 1, 1, tzinfo=UTC))
            view = render_day(campaign, coming, "Asia/Kathmandu", T)
            assert_fits(view)
            words = "\n".join(part["content"] for part in parts(view) if "content" in part)
            theme = campaign.theme_in(year)
            assert (theme is not None and theme.text in words) == (theme is not None)
            is_open = f"The theme of {year} is not announced yet." in words
            assert is_open == (campaign.has_themes and theme is None)
