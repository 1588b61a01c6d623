"""Keeps the boards that follow the sun up to date: a chore of each minute, behind the posts.

A board changes when the day reaches another offset, 38 times a year at most; opt-ins meanwhile are
counted at the next change, so that a busy hour costs no edits. What a board shows is marked after
its edit. Of several processes the one that leased a board edits it; where a lease runs out over a
process that died, the same edit is made again, which is harmless.
"""

import asyncio
import logging

from sqlalchemy import ClauseElement

from bot.campaigns import store, sun
from bot.campaigns.following import FollowTheSun, SunPost, name_board
from bot.clock import MINUTE, Clock
from bot.content.campaigns import Campaign
from bot.delivery.editor import Editor
from bot.delivery.engine import Engine
from bot.delivery.ports import Post, RefusedError, RejectedError, UnknownOutcomeError
from bot.delivery.rules import retry_delay
from bot.errors import StorageError
from bot.storage import Database, Row

log = logging.getLogger(__name__)

AT_ONCE = 50
LEASE_SECONDS = MINUTE


class Boards:
    """Edits what shows less than there is; one that was away catches up with one edit each."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        following: FollowTheSun,
        editor: Editor,
        engine: Engine,
    ) -> None:
        self._database = database
        self._clock = clock
        self._following = following
        self._editor = editor
        self._engine = engine
        self._is_busy = False

    async def keep_up(self) -> None:
        """Bring every board up to date. While a call does so, another returns at once."""
        if self._is_busy:
            return
        self._is_busy = True
        try:
            for campaign in self._following.library.by_id.values():
                if campaign.follows_sun:
                    while not self._engine.is_closing and await self._edit_some(campaign):
                        pass
        finally:
            self._is_busy = False

    async def _edit_some(self, campaign: Campaign) -> bool:
        """Edit the next boards; False when none is behind, or no day is on its way."""
        day, now = self._following.day_now(campaign), self._clock.now()
        if now < sun.starts_at(day):
            return False
        content_id, reached = name_board(campaign.id, day.year), self._following.reached(day)
        async with self._database.transaction() as tx:
            rows = await store.lease(tx, content_id, reached, now, now + LEASE_SECONDS, AT_ONCE)
        if not rows:
            return False
        board = await self._following.board_on(campaign, day)
        async with asyncio.TaskGroup() as edits:
            for row in rows:
                await self._editor.turn()
                body = SunPost(campaign, sun.for_zone(board, row["zone"]))
                edits.create_task(self._edit_guarded(row, body))
        return True

    async def _edit_guarded(self, row: Row, body: SunPost) -> None:
        """One bad community must not stop the others."""
        try:
            await self._edit(row, body)
        except StorageError as error:
            log.warning("board %s waits for its lease to end: %s", row["key"], error)
        except Exception:
            log.exception("board %s waits for its lease to end", row["key"])

    async def _edit(self, row: Row, body: SunPost) -> None:
        post = Post(row["guild_id"], row["channel_id"], sun.KIND, row["key"], body)
        try:
            await self._editor.edit(post, row["message_id"])
        except (RefusedError, RejectedError) as error:
            log.warning("board %s is kept up no more: %s", row["key"], type(error).__name__)
            await self._write(store.STOP, row)
        except UnknownOutcomeError as error:
            log.warning("board %s waits: %s", row["key"], error)
            until = self._clock.now() + retry_delay(row["attempts"] + 1)
            await self._write(store.POSTPONE, row, until=until)
        else:
            await self._write(store.MARK_SHOWN, row, new_shown=row["mark"])

    async def _write(self, statement: ClauseElement, row: Row, **values: int | str) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(statement, of_delivery=row["delivery_id"], **values)
