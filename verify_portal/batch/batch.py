"""The acts on a batch: from a document or a table to its answers, by way of one question each."""

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from registry.errors import MalformedCode
from registry.seal_keys import SealKeys
from verify_portal.answer import Answer, CheckpointSeen, Verdict
from verify_portal.batch.columns import cells, headings
from verify_portal.batch.spreadsheet import examine, with_columns
from verify_portal.batch.table import MOST_LINES, Reading, TableRefused
from verify_portal.batch.together import Answers
from verify_portal.batch.turns import in_turns
from verify_portal.errors import ExaminationFailed
from verify_portal.file.bounded import Examiner
from verify_portal.question import (
    NoQuestion,
    Question,
    code_question,
    digest_question,
    text_question,
)
from verify_portal.telling import Told, told
from verify_portal.texts import Language, Texts

MOST_BYTES: Final = 5 * 1024 * 1024

T = TypeVar("T")


class Questions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked in JSON. Each question is looked at by itself, so that an odd one spoils no
    other.
    """

    questions: list[object]


class BatchTold(Struct, frozen=True, kw_only=True):
    """The answers in the order of the questions, all at `checkpoint`, whose signed note stands here
    once. `summary` counts the verdicts that occur.
    """

    checkpoint: CheckpointSeen | None
    summary: dict[Verdict, int]
    answers: list[Told]


def asked_in(document: bytes) -> list[object]:
    """What is asked in JSON, not looked at yet; raises TableRefused."""
    try:
        asked = msgspec.json.decode(document, type=Questions).questions
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise TableRefused("no-questions") from None
    if not asked:
        raise TableRefused("empty")
    if len(asked) > MOST_LINES:
        raise TableRefused("too-many-lines")
    return asked


async def questions_in(asked: list[object], portal_url: str, seal_keys: SealKeys) -> list[Question]:
    """One each. A seal in it costs a signature, so others have their turn."""
    return [_question(one, portal_url, seal_keys) async for one in in_turns(asked)]


async def read_table(examiner: Examiner, content: bytes, column: str) -> Reading:
    """The lines of a file; raises TableRefused, ExaminersBusy, ExaminersDown."""
    if len(content) > MOST_BYTES:
        raise TableRefused("too-large")
    outcome = await _bounded(examiner, examine, content, column)
    if isinstance(outcome, Reading):
        return outcome
    raise TableRefused(outcome)


async def questions_of(reading: Reading, portal_url: str, seal_keys: SealKeys) -> list[Question]:
    """One a line: what the cell holds is taken as a QR code's text is."""
    return [
        text_question(text, portal_url=portal_url, seal_keys=seal_keys)
        async for text in in_turns(reading.lines.values())
    ]


async def answered_table(
    examiner: Examiner, reading: Reading, answers: Answers, words: Texts
) -> bytes:
    """The file again, with our columns; raises as `read_table`."""
    lines = zip(reading.lines, answers.answers, strict=True)
    added = {row: cells(answer, words) async for row, answer in in_turns(lines)}
    return await _bounded(examiner, with_columns, reading, headings(words), added)


async def told_together(answers: Answers, language: Language) -> BatchTold:
    """As JSON is told, in this language."""
    return BatchTold(
        checkpoint=answers.checkpoint,
        summary=answers.summary,
        answers=[told(_brief(answer), language) async for answer in in_turns(answers.answers)],
    )


def _question(asked: object, portal_url: str, seal_keys: SealKeys) -> Question:
    match asked:
        case {"code": str(code), **others} if not others:
            return code_question(code)
        case {"sha256": str(digest), **others} if not others:
            return digest_question(digest)
        case {"qr": str(text), **others} if not others:
            return text_question(text, portal_url=portal_url, seal_keys=seal_keys)
        case _:
            return NoQuestion(fault=MalformedCode("length"), asked="code")


def _brief(answer: Answer) -> Answer:
    """Its checkpoint by name only: the signed note a thousand times would be megabytes."""
    if answer.checkpoint is None:
        return answer
    named = msgspec.structs.replace(answer.checkpoint, note="", cosigned=())
    return msgspec.structs.replace(answer, checkpoint=named)


async def _bounded(examiner: Examiner, act: Callable[..., T], *arguments: object) -> T:
    try:
        return await examiner.run(act, *arguments)
    except ExaminationFailed as failure:
        costly = failure.cause in {"timeout", "memory"}
        raise TableRefused("too-costly" if costly else "unreadable") from None
