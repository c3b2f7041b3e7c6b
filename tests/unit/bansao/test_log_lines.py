"""Log lines hold no row of the database."""

import asyncio
import io
import threading
from typing import Any

from bansao.log_lines import GatheredLines, without_rows


def test_the_row_that_a_driver_repeats_is_withheld() -> None:
    said = (
        "UniqueViolationError: duplicate key\n"
        "DETAIL:  Key (requester_name)=(Nguyễn Thị Lan) already exists.\n"
        "[parameters: ('Nguyễn Thị Lan',)]"
    )
    told = without_rows(None, "error", {"event": "failed", "exception": said})
    assert "Lan" not in told["exception"]
    assert "duplicate key" in told["exception"]
    assert told["event"] == "failed"


def test_lines_of_one_turn_are_written_together_and_in_order() -> None:
    stream = _Counting()
    lines = GatheredLines(stream)

    async def a_turn() -> int:
        lines.info(b"first")
        lines.info(b"second")
        before = stream.writes
        await asyncio.sleep(0)
        return before

    assert asyncio.run(a_turn()) == 0
    assert stream.getvalue() == b"first\nsecond\n"
    assert stream.writes == 1


def test_a_warning_does_not_wait_for_the_end_of_the_turn() -> None:
    stream = _Counting()
    lines = GatheredLines(stream)

    async def a_turn() -> bytes:
        lines.info(b"before")
        lines.error(b"the last thing that happened")
        return stream.getvalue()

    assert asyncio.run(a_turn()) == b"before\nthe last thing that happened\n"


def test_without_a_loop_a_line_is_written_at_once() -> None:
    stream = _Counting()
    GatheredLines(stream).info(b"alone")
    assert stream.getvalue() == b"alone\n"


def test_a_loop_that_ends_early_keeps_no_later_line_back() -> None:
    stream = _Counting()
    lines = GatheredLines(stream)
    stopped = asyncio.new_event_loop()
    stopped.call_soon(lines.info, b"its last turn")
    stopped.call_soon(stopped.stop)
    stopped.run_forever()
    stopped.close()

    async def another() -> None:
        lines.info(b"another loop")

    asyncio.run(another())
    assert stream.getvalue() == b"its last turn\nanother loop\n"


def test_no_line_is_lost_among_threads() -> None:
    stream = _Counting()
    lines = GatheredLines(stream)

    async def beside() -> None:
        for number in range(500):
            lines.info(b"loop %d" % number)
            await asyncio.sleep(0)

    def thread() -> None:
        for number in range(500):
            lines.info(b"thread %d" % number)

    other = threading.Thread(target=thread)
    other.start()
    asyncio.run(beside())
    other.join()
    written = stream.getvalue().splitlines()
    for name in (b"loop", b"thread"):
        assert [line for line in written if line.startswith(name)] == [
            b"%b %d" % (name, number) for number in range(500)
        ]


class _Counting(io.BytesIO):
    writes = 0

    def write(self, data: Any) -> int:
        self.writes += 1
        return super().write(data)
