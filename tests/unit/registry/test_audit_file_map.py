"""A stranger's audit of a log's files builds the map of codes anew from the bodies."""

import random
from datetime import UTC, date, datetime

import numpy as np

from registry.audit.file_codes import Issues
from registry.audit.file_map import judge_committed
from registry.audit.report import Findings
from registry.entry import StatusChange
from registry.log.checkpoint import sign_checkpoint
from registry.log.code_map import extension_line, map_root
from tests.testkit.code_maps import KEY, ORIGIN

MADE = random.Random(3)  # noqa: S311 - the same codes every time
#: Entries 0 to 49 issue; 50 to 59 change the first ten, the last of them twice.
CODES = [MADE.randbytes(32) for _ in range(50)]
CHANGED = [*CODES[:9], CODES[8]]
TRUE = dict.fromkeys(CODES, (0, 0)) | {code: (1, index) for index, code in enumerate(CODES)}
for at, changed in enumerate(CHANGED, 50):
    TRUE[changed] = (TRUE[changed][0] + 1, at)


def change(code: bytes) -> StatusChange:
    return StatusChange(
        code_hash=code,
        occurred_at=datetime(2026, 11, 22, tzinfo=UTC),
        kind="suspended",
        decision="1",
        decided_on=date(2026, 11, 22),
    )


def found(*lines: str) -> list[str]:
    findings = Findings()
    checkpoint = sign_checkpoint(ORIGIN, 60, b"\x01" * 32, KEY, lines)
    codes = np.frombuffer(b"".join(CODES), np.uint8).reshape(-1, 32)
    order = np.array(MADE.sample(range(50), 50))  # as bodies of one form are read together
    changes = [(index, change(code)) for index, code in enumerate(CHANGED, 50)]
    judge_committed(checkpoint, Issues(np.arange(50)[order], codes[order]), changes, findings)
    return [f"{one.where} | {one.field} | {one.expected} | {one.found}" for one in findings.all]


def test_the_true_root_and_no_root_at_all() -> None:
    assert found(extension_line(map_root(TRUE))) == []
    assert found() == []
    assert found("something else") == []


def test_a_root_that_hides_a_code_or_a_change() -> None:
    true = map_root(TRUE).hex()
    hidden = {code: value for code, value in TRUE.items() if code != CODES[20]}
    earlier = TRUE | {CODES[3]: (1, 3)}
    for false in (hidden, earlier):
        root = map_root(false)
        assert found(extension_line(root)) == [f"checkpoint | map | {true} | {root.hex()}"]


def test_a_line_that_is_no_root() -> None:
    [told] = found("bansao/code-map@v1 AAAA")
    assert told.startswith("checkpoint | map | a root | ")


def test_codes_that_begin_alike_are_kept_apart() -> None:
    codes = [b"\x80" * 8 + bytes([last]) * 24 for last in (255, 3, 128)] + [b"\x7f" * 32]
    records = {code: (1, index) for index, code in enumerate(codes)}
    line = extension_line(map_root(records))
    hashes = np.frombuffer(b"".join(codes), np.uint8).reshape(-1, 32)
    findings = Findings()
    checkpoint = sign_checkpoint(ORIGIN, 4, b"\x01" * 32, KEY, (line,))
    judge_committed(checkpoint, Issues(np.arange(4), hashes), [], findings)
    assert findings.all == []
