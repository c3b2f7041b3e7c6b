"""Log lines of a serving process: one JSON object a line on standard error.

A database driver repeats the row that it refused in its message's DETAIL and parameters; those
lines are dropped, because a row may hold a person's name.
"""

import asyncio
import logging
import re
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

import msgspec
import structlog
from structlog.types import EventDict

from registry.clock import utc_now

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
        logger_factory=_always(GatheredLines(sys.stderr.buffer)),
        cache_logger_on_first_use=True,
    )


class GatheredLines:
    """What structlog logs to: lines of one turn of an event loop are written together at its end.

    A write lets other threads take the interpreter, which costs a busy server more than all else
    about a line. Outside a loop, and from a warning on, what is gathered is written at once.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._gathered: list[bytes] = []
        self._due_in: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    def msg(self, line: bytes) -> None:
        """Write it with the others of this turn."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.urgent(line)
            return
        with self._lock:
            self._gathered.append(line)
            is_due, self._due_in = self._due_in is loop, loop
        if not is_due:
            loop.call_soon(self.write)

    debug = info = msg

    def urgent(self, line: bytes) -> None:
        """Write it now: whatever it tells about may be the end of the process."""
        with self._lock:
            self._gathered.append(line)
        self.write()

    warning = error = critical = urgent

    def write(self) -> None:
        """All that is gathered, in order."""
        with self._lock:
            lines, self._gathered, self._due_in = self._gathered, [], None
            if lines:
                self._stream.write(b"\n".join([*lines, b""]))
                self._stream.flush()


def json_formatter() -> logging.Formatter:
    """What makes one line of any record; also for granian, which sets up logging by itself."""
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *_shared()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(serializer=_in_text),
        ],
    )


def _always(lines: GatheredLines) -> Callable[..., GatheredLines]:
    """A factory for structlog: all its loggers share one stream, and its order."""
    return lambda *_: lines


def _in_json(line: Any, **_: Any) -> bytes:
    return msgspec.json.encode(line, enc_hook=repr)


def _in_text(line: Any, **_: Any) -> str:
    return _in_json(line).decode()


def _shared() -> list[Any]:
    return [
        structlog.stdlib.add_log_level,
        _with_its_time,
        structlog.processors.format_exc_info,
        without_rows,
    ]


def _with_its_time(_logger: Any, _method: str, event: EventDict) -> EventDict:
    event["timestamp"] = utc_now()
    return event


def without_rows(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Take a refused row's values out of messages and tracebacks."""
    return {name: _without_row(value) for name, value in event.items()}


def _without_row(value: Any) -> Any:
    # What matches holds a space, and most of what is logged is one word.
    if isinstance(value, str) and " " in value:
        return _ROW.sub("(row withheld)", value)
    return value
