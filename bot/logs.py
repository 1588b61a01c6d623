"""Console logs for people, or one JSON object a line for a collector.

Logs hold event names and delivery keys; no texts, no codes, and no user ids at INFO.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Literal

TYPED = ("discord.gateway", "discord.http", "discord.webhook", "aiosqlite")
"""Loggers that write down at DEBUG what people typed: they never go below INFO."""

NOISY = ("discord.client", "discord.gateway", "discord.state", "apscheduler", "alembic")


class JsonFormatter(logging.Formatter):
    """``{"at", "level", "logger", "message"}`` and ``error`` where there is a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


class OutageInOneLine(logging.Filter):
    """discord.py tries again by itself when a connection is gone: one line, no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the reason of a reconnect into its line. Every record passes."""
        if record.exc_info and "Attempting a reconnect" in str(record.msg):
            record.msg = f"{record.msg} (%s)"
            record.args = (*(record.args or ()), record.exc_info[1])
            record.exc_info = None
            record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


def set_up_logs(style: Literal["console", "json"], level: str) -> None:
    """Send every log to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter()
        if style == "json"
        else logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
    )
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("discord.client").addFilter(OutageInOneLine())
    for name in TYPED:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
    if level != "DEBUG":
        for name in NOISY:
            logging.getLogger(name).setLevel(logging.WARNING)
