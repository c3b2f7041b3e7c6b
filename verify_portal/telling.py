"""How an answer goes out as JSON: the same from the front and from every route."""

from typing import Final

import msgspec

from verify_portal.answer import Answer
from verify_portal.texts import Language, texts

_ENCODER: Final = msgspec.json.Encoder()
_MOMENT: Final = b'"checked_at":'
#: No cache may keep an answer: a status can change the next moment.
ANSWER_HEADERS: Final = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"}
#: Other sites' scripts may read it too.
EXPOSED: Final = {"Access-Control-Expose-Headers": "Retry-After"}


class Told(Answer, frozen=True, kw_only=True, gc=False):
    """An answer and its one sentence in the reader's language."""

    message: str


def told(answer: Answer, language: Language) -> Told:
    """In this language."""
    return Told(**msgspec.structs.asdict(answer), message=texts(language).meaning(answer))


def in_json(answer: Answer, language: Language) -> bytes:
    """The body of a response: `told`, without making it."""
    message = _ENCODER.encode(texts(language).meaning(answer))
    return b'%b,"message":%b}' % (_ENCODER.encode(answer)[:-1], message)


def around_its_moment(answer: Answer, language: Language) -> tuple[bytes, bytes]:
    """The body but for `checked_at`, which is all that differs while nothing new is published."""
    before, after = in_json(answer, language).split(_MOMENT, 1)
    moment = _ENCODER.encode(answer.checked_at)
    return before + _MOMENT, after[len(moment) :]


def status_of(answer: Answer) -> int:
    """503 only where we have no answer: a script must read the verdict, not the status."""
    return 503 if answer.verdict == "unavailable" else 200


def answer_headers(answer: Answer) -> dict[str, str]:
    """Those of its response; an outage says when to ask again."""
    if answer.retry_after is None:
        return ANSWER_HEADERS
    return ANSWER_HEADERS | EXPOSED | {"Retry-After": str(answer.retry_after)}
