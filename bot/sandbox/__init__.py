"""A local Discord in the browser, for people without a token. See ``docs/sandbox.md``.

Importing this package needs nothing but Breather itself; what it stands on (simcord) is the extra
``sandbox`` and is imported when the sandbox starts.
"""

from bot.sandbox.run import run_sandbox

__all__ = ["run_sandbox"]
