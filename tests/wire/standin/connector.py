"""How the bot's process reaches the stand-in, through ``discord.Client(connector=...)``.

Every host name leads to 127.0.0.1, and only the throw-away authority is trusted, so a host that
the stand-in's certificate does not name (anything but Discord) is as good as offline.
"""

import os
import socket
import ssl

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult


class LoopbackResolver(AbstractResolver):
    """Answers 127.0.0.1 and one port for every host name."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The stand-in's address, whichever host and port were asked for."""
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self._port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


def make_connector(port: int, ca_file: str | os.PathLike[str]) -> aiohttp.TCPConnector:
    """A connector for ``discord.Client(connector=...)``; call it inside the running loop."""
    context = ssl.create_default_context(cafile=os.fspath(ca_file))
    return aiohttp.TCPConnector(
        resolver=LoopbackResolver(port), ssl=context, limit=0, family=socket.AF_INET
    )
