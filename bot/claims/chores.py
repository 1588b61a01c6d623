"""What claims do by themselves: each minute the news, each day the closing of what is over.

A person or a program that something fails for keeps nobody else waiting; only a database that is
away ends the minute, and the next one goes on. Logs name no person, no claim and no code.
"""

import logging
from collections.abc import Awaitable, Sequence
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.claims import notices, reminders, waitlist
from bot.claims.catalogue import Catalogue
from bot.claims.chain import close_days
from bot.claims.notices import Desk, Notice
from bot.claims.opening import ClaimServices
from bot.claims.programs import end_programs
from bot.claims.reminders import Reminder
from bot.claims.rules import OFFER_SECONDS
from bot.claims.waitlist import Offer
from bot.clock import DAY, Clock
from bot.content.programs import Program
from bot.errors import ContentError, StorageUnavailableError
from bot.storage import Database

log = logging.getLogger(__name__)
Result = TypeVar("Result")
Message = TypeVar("Message", Offer, Reminder)

MOST_MESSAGES = 25
"""Offers, and as many reminders, that one program tells in a minute. Discord asks bots not to open
many direct messages at a time; who is told later loses nothing, since the clock of an offer starts
when they are told."""

PATIENCE = 3
"""After so many messages in a row that Discord did not answer, the others wait for a minute."""

CLOSED_SECONDS = DAY
"""How long nobody knocks again at a person whose direct messages are closed."""


class Outcome(StrEnum):
    """What became of a message."""

    SENT = "sent"
    REFUSED = "refused"
    """Discord won't deliver it: their direct messages are closed, for instance."""
    UNSENT = "unsent"
    """It certainly did not reach Discord; trying later is harmless."""
    UNKNOWN = "unknown"
    """It may have arrived."""


class Messenger(Protocol):
    """Reaches people. Each message carries the nonce of what it is about, and never a code."""

    async def tell_offer(self, offer: Offer, program: Program, until: int) -> Outcome:
        """A direct message: a place is kept until an instant."""
        ...

    async def remind(self, reminder: Reminder, program: Program) -> Outcome:
        """A direct message: access ends soon."""
        ...

    async def tell_moderators(self, desk: Desk, notice: Notice, program: Program) -> None:
        """Where a community's moderators look at claims: the pool runs low."""
        ...


class Chores:
    """One process's chores. What they did stands in the database, so any process goes on."""

    def __init__(
        self, database: Database, clock: Clock, catalogue: Catalogue, messenger: Messenger
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalogue = catalogue
        self._messenger = messenger
        self._again_at: dict[str, int] = {}
        """By nonce, when a message that could not be given is tried again."""
        self._is_running = False

    async def run(self) -> None:
        """Do what is due. A minute that still runs when the next one begins is not joined by it.

        Raises :class:`bot.errors.StorageUnavailableError`.
        """
        if self._is_running:
            return
        self._is_running = True
        try:
            await self._run()
        finally:
            self._is_running = False

    async def _run(self) -> None:
        now = self._clock.now()
        self._again_at = {key: at for key, at in self._again_at.items() if at > now - DAY}
        await _attempt("reading the programs", self._catalogue.refresh())
        for program_id in await reminders.fetch_over(self._database, now):
            ending = reminders.end_access(self._database, program_id, now)
            await _attempt("ending access", ending)
        for program in tuple(self._catalogue.by_id.values()):
            await _attempt("moving a waitlist", self._move(program.id))
            await _attempt("telling offers", self._tell_offers(program))
            await _attempt("reminding", self._remind(program))
            await _attempt("a notice of the stock", self._notify(program))

    async def _move(self, program_id: str) -> None:
        moved = await waitlist.move_each(self._database, [program_id], self._clock.now())
        for offers in moved.values():
            log.info("a waitlist moved: %d places offered", len(offers))

    async def _tell_offers(self, program: Program) -> None:
        untold = await waitlist.fetch_untold(self._database, program.id)
        # Those that failed before go last, so that they hold up nobody.
        offers = sorted(
            (offer for offer in untold if offer.wants_dm),
            key=lambda offer: self._again_at.get(offer.nonce, 0),
        )
        silent = 0
        for offer in self._choose(offers):
            if not await waitlist.awaits_message(self._database, offer):
                continue  # they looked by themselves meanwhile, or left
            outcome = await _attempt("telling an offer", self._tell_offer(offer, program))
            silent = self._take_down(offer.nonce, outcome, silent)
            if silent == PATIENCE:
                break

    async def _tell_offer(self, offer: Offer, program: Program) -> Outcome:
        now = self._clock.now()
        outcome = await self._messenger.tell_offer(offer, program, now + OFFER_SECONDS)
        if outcome is Outcome.SENT:
            await self._database.run(lambda tx: waitlist.tell(tx, offer.claim_id, now))
        return outcome

    async def _remind(self, program: Program) -> None:
        now = self._clock.now()
        due = await reminders.fetch_due(self._database, program.id, now, MOST_MESSAGES)
        silent = 0
        for reminder in self._choose(due):
            if not await reminders.begin(self._database, reminder, self._clock.now()):
                continue  # another process has begun it, or it is not wanted any more
            outcome = await _attempt("a reminder", self._send_reminder(reminder, program))
            silent = self._take_down(reminder.nonce, outcome, silent)
            if silent == PATIENCE:
                break

    async def _send_reminder(self, reminder: Reminder, program: Program) -> Outcome:
        outcome = await self._messenger.remind(reminder, program)
        if outcome is Outcome.SENT:
            await reminders.mark_sent(self._database, reminder, self._clock.now())
        elif outcome is Outcome.UNSENT:
            await reminders.take_back(self._database, reminder)
        return outcome

    async def _notify(self, program: Program) -> None:
        notice = await notices.take_notice(self._database, program.id)
        if notice is None:
            return
        for desk in await notices.fetch_desks(self._database, program.id):
            telling = self._messenger.tell_moderators(desk, notice, program)
            await _attempt("telling moderators", telling)

    def _choose(self, messages: Sequence[Message]) -> list[Message]:
        """Those whose time has come, at most so many."""
        now = self._clock.now()
        due = [one for one in messages if self._again_at.get(one.nonce, 0) <= now]
        return due[:MOST_MESSAGES]

    def _take_down(self, nonce: str, outcome: Outcome | None, silent: int) -> int:
        """Remember when to try again; how many messages in a row have had no answer by now."""
        now = self._clock.now()
        if outcome is Outcome.SENT:
            self._again_at.pop(nonce, None)
            return 0
        if outcome is Outcome.REFUSED:
            self._again_at[nonce] = now + CLOSED_SECONDS
            return 0
        self._again_at[nonce] = now
        return silent + 1


async def keep_house(claims: ClaimServices | None, database: Database, now: int) -> None:
    """Once a day: write the roots of the days that are over, and end the programs that are.

    Raises :class:`bot.errors.StorageUnavailableError`.
    """
    if claims is None:
        return
    days = await _attempt("closing days of the hash chain", close_days(database, now))
    ended = await _attempt("ending programs", end_programs(database, now))
    if days or ended:
        log.info("claims: %d days closed, %d programs ended", days or 0, len(ended or ()))
    await _attempt("reading the programs", claims.catalogue.refresh())


async def _attempt(what: str, work: Awaitable[Result]) -> Result | None:
    """What it gives, or None when it failed: then the others have their turn."""
    try:
        return await work
    except StorageUnavailableError:
        raise
    except ContentError as error:
        log.error("claims: %s failed: %s", what, error)  # noqa: TRY400 (it says what to mend)
        return None
    except Exception as error:  # noqa: BLE001 (one person's or program's failure is theirs alone)
        # No traceback: what it quotes may name a claim.
        log.error("claims: %s failed (%s)", what, type(error).__name__)  # noqa: TRY400
        return None
