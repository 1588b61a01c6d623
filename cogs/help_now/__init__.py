"""``/help-now``: emergency numbers and help lines by country, apart from all that can break.

Bundled files only: no database, no network, no limit. It works in direct messages and as a
user-installed app. Nothing is stored.
"""

from cogs.help_now.commands import HelpNow

__all__ = ["HelpNow"]
