"""Composes the services: what posts, what answers, and what is due each minute."""

from dataclasses import dataclass
from random import Random

from bot.announcements.announcer import AnnouncementAnnouncer
from bot.announcements.rules import CROSSPOST
from bot.announcements.rules import KIND as ANNOUNCEMENT
from bot.announcements.service import Announcements
from bot.calendars.feeds import Feeds
from bot.calendars.tokens import FILE_NAME as FEED_KEY
from bot.calendars.tokens import Tokens
from bot.campaigns.announcer import CampaignAnnouncer, SunAnnouncer
from bot.campaigns.boards import Boards
from bot.campaigns.entries import CampaignEntries
from bot.campaigns.following import FollowTheSun
from bot.campaigns.pictures import Pictures
from bot.campaigns.rules import KIND as CAMPAIGN
from bot.campaigns.rules import ends_of_day
from bot.campaigns.service import Campaigns
from bot.campaigns.sun import KIND as SUN
from bot.campaigns.sun import welcome_until as sun_welcome_until
from bot.check_ins.service import CheckIns
from bot.claims.opening import ClaimServices
from bot.client import BreatherClient
from bot.clock import Clock
from bot.content.collection import Content
from bot.crossposts import Crossposts
from bot.delivery.editor import Editor
from bot.delivery.engine import Engine
from bot.delivery.follow_ups import FollowUps
from bot.delivery.letters import LETTERS_PER_SECOND, LetterPace
from bot.delivery.pace import POSTS_PER_SECOND, Pace
from bot.delivery.ports import Announcers
from bot.delivery.schedules import Schedules
from bot.delivery.sender import Sender
from bot.events.announcer import EventAnnouncer
from bot.events.entries import EventEntries
from bot.events.posts import KINDS as EVENT_KINDS
from bot.events.renewing import Renewing
from bot.events.service import Events
from bot.guilds.audit import AuditLog
from bot.guilds.service import Guilds
from bot.myths.announcer import KIND as MYTHS
from bot.myths.announcer import MythAnnouncer
from bot.myths.service import Myths
from bot.publisher import DiscordModerators, DiscordPublisher
from bot.registry import make_hooks, make_privacy
from bot.reminders.announcer import ReminderAnnouncer
from bot.reminders.rules import KIND as REMINDER
from bot.reminders.service import Reminders
from bot.resources.curation import ResourceCuration
from bot.resources.service import Resources, Search
from bot.schedules.service import Scheduling
from bot.services import Services
from bot.settings import Settings
from bot.storage import Database
from bot.tips.announcer import KIND as TIPS
from bot.tips.announcer import TipAnnouncer
from bot.tips.curation import Curation
from bot.tips.service import Tips
from cogs.announcements.cards import render_post as render_announcement
from cogs.campaigns.cards import render_post as render_campaign
from cogs.campaigns.sun_cards import render_post as render_sun
from cogs.events.posts import make_renderer as make_event_renderer
from cogs.myths.cards import render_post as render_myth
from cogs.reminders.cards import render_post as render_reminder
from cogs.tips.cards import render_post as render_tip


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened, and what services stand on. ``bot.app`` closes it."""

    database: Database
    audit: AuditLog
    content: Content
    search: Search
    claims: ClaimServices | None


def compose(  # noqa: PLR0913, PLR0917 (the composition root names each)
    opened: Opened,
    client: BreatherClient,
    settings: Settings,
    clock: Clock,
    chance: Random,
    lease_seconds: int,
) -> Services:
    """Every service, on what was opened. Opens nothing itself."""

    def find_name(guild_id: int) -> str:
        guild = client.get_guild(guild_id)
        return "" if guild is None else guild.name

    def sees(guild_id: int) -> bool:
        return client.is_ready() and client.get_guild(guild_id) is not None

    database, audit, content = opened.database, opened.audit, opened.content
    schedules = Schedules(database, clock)
    tips = Tips(database, content.tips, clock, chance)
    myths = Myths(content.myths, chance)
    announcements = Announcements(database, schedules, audit, clock)
    events = Events(database, schedules, audit, clock)
    guilds = Guilds(
        database,
        audit,
        clock,
        make_hooks(schedules, announcements.forget, events.forget),
    )
    announcers = Announcers()
    announcers.register(TIPS, TipAnnouncer(tips, chance))
    announcers.register(MYTHS, MythAnnouncer(myths, chance))
    pictures = Pictures(guilds, client.languages, clock, find_name)
    campaigner = CampaignAnnouncer(content.campaigns, pictures)
    announcers.register(CAMPAIGN, campaigner, ends_of_day)
    reminder = ReminderAnnouncer(database, content.campaigns)
    announcers.register(REMINDER, reminder, ends_of_day, recipients=reminder.find_recipients)
    following = FollowTheSun(database, schedules, audit, clock, content.campaigns)
    announcers.register(SUN, SunAnnouncer(following), sun_welcome_until)
    announcer = AnnouncementAnnouncer(database)
    announcers.register(ANNOUNCEMENT, announcer, late_words=announcer.explain_late)
    EventAnnouncer(database).register(announcers)
    moderators = DiscordModerators(client, guilds)
    publisher = DiscordPublisher(
        client,
        guilds,
        client.languages,
        {
            TIPS: render_tip,
            MYTHS: render_myth,
            CAMPAIGN: render_campaign,
            SUN: render_sun,
            ANNOUNCEMENT: render_announcement,
            REMINDER: render_reminder,
            **dict.fromkeys(EVENT_KINDS, make_event_renderer(client)),
        },
    )
    shards = settings.shard_count or 1
    pace = Pace(POSTS_PER_SECOND / shards)
    sender = Sender(
        database=database,
        clock=clock,
        announcers=announcers,
        publisher=publisher,
        moderators=moderators,
        pace=pace,
        letter_pace=LetterPace(database, clock, announcers, LETTERS_PER_SECOND, shards),
        lease_seconds=lease_seconds,
    )
    steps = {CROSSPOST: Crossposts(client)}
    follow_ups = FollowUps(database, clock, steps, moderators, pace)
    engine = Engine(database, clock, sender, follow_ups)
    editor = Editor(publisher, pace)
    boards = Boards(database, clock, following, editor, engine)
    engine.each_minute.append(boards.keep_up)
    days = CampaignEntries(schedules, content.campaigns, clock)
    feeds = Feeds(
        clock,
        Tokens(settings.state_dir / FEED_KEY),
        base=settings.feed_url,
        everyone=days.of_everyone,
        providers=[days.of_community, EventEntries(database, clock).of_community],
        name_of=find_name,
    )
    return Services(
        clock=clock,
        settings=settings,
        database=database,
        languages=client.languages,
        guilds=guilds,
        audit=audit,
        privacy=make_privacy(database, clock, settings),
        schedules=schedules,
        tips=tips,
        curation=Curation(database, audit, clock),
        scheduling=Scheduling(database, schedules, audit),
        myths=myths,
        campaigns=Campaigns(database, schedules, audit, clock, content.campaigns),
        following=following,
        feeds=feeds,
        announcements=announcements,
        pictures=pictures,
        reminders=Reminders(database, schedules, clock, content.campaigns),
        events=events,
        renewing=Renewing(database, events, editor, sees, engine),
        resources=Resources(database, content.guides, opened.search),
        resource_curation=ResourceCuration(database, audit, clock),
        notices=content.notices,
        small_talk=content.small_talk,
        check_ins=CheckIns(database, clock),
        claims=opened.claims,
        engine=engine,
    )
