"""Log lines of a serving process: one JSON object a line on standard error.

A database driver repeats the row that it refused in its message's DETAIL and parameters; those
lines are dropped, because a row may hold a person's name.
"""

import logging
import re
import sys
from typing import Any

import msgspec
import structlog

_ROW = re.compile(r"^(DETAIL|CONTEXT|\[parameters):? .*$", re.MULTILINE)


def log_as_json(level: str) -> None:
    """Send structlog's and the standard library's messages of at least `level` to stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(json_formatter())
    least = logging.getLevelNamesMapping().get(level, logging.INFO)
    logging.basicConfig(handlers=[handler], level=least, force=True)
    # It tells of every request that we make; those who make them tell what came of it.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    # Not by way of the standard library, which would cost more than what a line tells about.
    structlog.configure(
        processors=[*_shared(), structlog.processors.JSONRenderer(serializer=_in_json)],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def json_formatter() -> logging.Formatter:
    """What makes one line of any record; also for granian, which sets up logging by itself."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *_shared()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _in_json(line: Any, **_: Any) -> bytes:
    return msgspec.json.encode(line, enc_hook=repr)


def _shared() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_rows,
    ]


def without_rows(
    _logger: Any, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Take a refused row's values out of messages and tracebacks."""
    return {
        name: _ROW.sub("(row withheld)", value) if isinstance(value, str) else value
        for name, value in event.items()
    }
