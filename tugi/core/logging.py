"""How Tugi speaks to whoever runs it: one line an event on standard error; JSON where nobody watches.

Every line of a request carries its id. Values that look like secrets never reach a line, nor do keys in addresses.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

SECRET_KEYS = re.compile(r"password|secret|token|api_?key|authorization|cookie|credential", re.IGNORECASE)
KEY_IN_ADDRESS = re.compile(r"(/(?:t|setup|account|files)/)[\w:-]{20,}")
"""Addresses that are a sign-in by themselves: a customer's page, the set-up page, a first password, a file."""


def configure(options: Mapping[str, Any]) -> None:
    """What Django calls with LOGGING, which here is only `{"level": …}`."""
    import structlog

    structlog.configure(
        processors=[*_every_line(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": line_formatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
            "root": {"handlers": ["stderr"], "level": options["level"]},
            "loggers": {
                # Each of these speaks at its own level of importance.
                "django.request": {"level": "ERROR"},
                "uvicorn": {"level": "WARNING"},
                "aiosmtpd": {"level": "WARNING"},
                "mail.log": {"level": "WARNING"},
                "imapclient": {"level": "WARNING"},
            },
        }
    )


def hide_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank every value whose name says that it is secret."""
    for key in event:
        if SECRET_KEYS.search(key):
            event[key] = "•••"
    return event


def hide_keys(logger: Any, method: str, line: Any) -> str:
    """Blank the keys in a finished line, wherever in it an address stands: a message, a report, a trace."""
    return KEY_IN_ADDRESS.sub(r"\1•••", line)


def line_formatter() -> logging.Formatter:
    """Makes a record one line: colours for a person who watches, JSON for a program."""
    import structlog

    # The plain trace: a prettier one would print the values of variables.
    watched: list[Any] = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    collected = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_every_line(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *(watched if sys.stderr.isatty() else collected),
            hide_keys,
        ],
    )


def _every_line() -> list[Any]:
    import structlog

    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
