"""A loopback stand-in for Discord: real sockets, no Discord. See README.md.

Nothing is imported here on purpose: the bot's process needs only ``clock`` and ``connector``,
and must not pay for the server's modules.
"""
