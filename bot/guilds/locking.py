"""The lock of one community: changes that must not meet wait for each other."""

from bot.guilds import store
from bot.storage import Row, Transaction


async def lock_guild(tx: Transaction, guild_id: int) -> Row | None:
    """Let others who lock this community wait until the transaction ends; its row.

    A row is made to be locked.
    """
    await tx.execute(store.ADD_GUILD, guild_id=guild_id)
    return await tx.fetch_one(store.LOCK_GUILD, guild_id=guild_id)
