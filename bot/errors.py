"""The faults that Breather names. Each says what is wrong, and what to do next."""

from collections.abc import Sequence

EXIT_FAULT = 2
"""Exit code of every fault in settings, token, content or database."""


class BreatherError(Exception):
    """A fault with one plain sentence in it, fit to be shown to an operator."""


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


class NewerDatabaseError(StorageError):
    """The database was written by a newer Breather than this one."""


class ConflictError(StorageError):
    """A unique index, a foreign key or a check refused the write."""


class RefusalError(BreatherError):
    """A person's request that cannot be met; the message says what, why and what next."""
