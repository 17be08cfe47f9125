"""How Tugi speaks to whoever runs it: one line an event on standard error; JSON where nobody watches.

Every line of a request carries its id. Values that look like secrets never reach a line.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

SECRET_KEYS = re.compile(r"password|secret|token|api_?key|authorization|cookie|credential", re.IGNORECASE)


def configure(options: Mapping[str, Any]) -> None:
    """What Django calls with LOGGING, which here is only `{"level": …}`."""
    import structlog

    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"lines": {"()": _formatter, "shared": shared}},
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


def _formatter(shared: list[Any]) -> logging.Formatter:
    import structlog

    watched = sys.stderr.isatty()
    last: list[Any] = (
        [structlog.dev.ConsoleRenderer()]
        if watched
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )
