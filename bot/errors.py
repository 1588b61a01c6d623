"""The faults that Breather names. Each says what is wrong, and what to do next."""

from collections.abc import Sequence

EXIT_FAULT = 2
"""Exit code of every fault that only a person can mend: settings, token, content, database."""

EXIT_TRY_AGAIN = 1
"""Exit code when starting again later may help."""


class BreatherError(Exception):
    """A fault with one plain sentence in it, fit to be shown to an operator."""

    exit_code = EXIT_FAULT


class SettingsError(BreatherError):
    """One or more settings are wrong; ``faults`` has a sentence for each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class ContentError(BreatherError):
    """One or more content files are wrong; ``faults`` names file and id in each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


class StorageError(BreatherError):
    """The database cannot be used as it is."""


class StorageUnavailableError(StorageError):
    """The database cannot be reached or read at the moment; trying again may help."""


class GivenUpError(StorageUnavailableError):
    """The database gave a transaction up for the sake of another; the whole of it can be redone."""


class NewerDatabaseError(StorageError):
    """The database was written by a newer Breather than this one."""


class ConflictError(StorageError):
    """A unique index, a foreign key or a check refused the write."""


class DiscordUnreachableError(BreatherError):
    """Discord cannot be reached at the start; whoever keeps the bot running tries again."""

    exit_code = EXIT_TRY_AGAIN


class RefusalError(BreatherError):
    """A person's request that cannot be met; the message says what, why and what next."""
