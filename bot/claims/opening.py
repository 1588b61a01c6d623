"""Opens claims with everything they need; a wrong key stops the start, naming its setting."""

from dataclasses import dataclass

from bot.claims.canaries import check_keys
from bot.claims.catalogue import Catalogue
from bot.claims.fence import FILE_NAME, Fence
from bot.claims.fencing import reconcile
from bot.claims.keys import KeyRing, require_ring, ring_of
from bot.claims.replacing import Replacing
from bot.claims.review import Review
from bot.claims.service import Claims
from bot.claims.settings import ClaimSettings
from bot.claims.statistics import Statistics
from bot.clock import Clock
from bot.guilds.audit import AuditLog
from bot.settings import Settings
from bot.storage import Database


@dataclass(frozen=True, slots=True)
class ClaimServices:
    """What the cogs of claims are given. Closed by :meth:`close`, before the database."""

    members: Claims
    review: Review
    replacing: Replacing
    settings: ClaimSettings
    statistics: Statistics
    catalogue: Catalogue
    keys: KeyRing
    fence: Fence

    async def close(self) -> None:
        """Finish the claims in flight, and what is being written beside the database."""
        await self.members.close()
        self.fence.close()


async def open_claims(
    database: Database, audit: AuditLog, clock: Clock, settings: Settings
) -> ClaimServices | None:
    """Claims, or None where there is neither a key nor a program.

    Raises :class:`bot.errors.SettingsError` when a program is alive and its keys are missing or
    not the ones that this database was written with.
    """
    catalogue = Catalogue(database)
    await catalogue.refresh()
    ring = ring_of(settings)
    if ring is None and not catalogue.by_id:
        return None
    ring = require_ring(settings)
    await check_keys(database, ring)
    fence = Fence(settings.state_dir / FILE_NAME)
    await reconcile(database, fence)
    return ClaimServices(
        members=Claims(database, clock, ring, catalogue.by_id, fence),
        review=Review(database, audit, clock, fence),
        replacing=Replacing(database, audit, clock, fence),
        settings=ClaimSettings(database, audit),
        statistics=Statistics(database, clock),
        catalogue=catalogue,
        keys=ring,
        fence=fence,
    )
