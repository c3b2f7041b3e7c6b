"""What is printed on a receipt: every line in Vietnamese, and in English beside. Pure."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import zxingcpp

from registry.clock import HANOI
from registry.entry import parse_entry
from registry.log.checkpoint import parse_checkpoint
from registry.log.proof_file import ProofFile, parse_proof
from verify_portal.answer import Answer, Asked, Decision
from verify_portal.receipt.attached import NAME
from verify_portal.receipt.statement import Statement
from verify_portal.texts import Texts, texts

#: Latin, as far as Vietnamese and English need it, with their signs: what the fonts that typst
#: brings can draw. PDF/A refuses a character without a glyph.
_DRAWN: Final = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x17F),
    (0x1A0, 0x1A1),
    (0x1AF, 0x1B0),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2014),
    (0x2018, 0x201E),
    (0x2026, 0x2026),
    (0x20AB, 0x20AC),
)

_COMMAND: Final = "bansao verify bansao-receipt.pdf --offline"

Line = dict[str, Any]


def printed(statement: Statement, witnesses: tuple[str, ...]) -> dict[str, Any]:
    """The template's input; `witnesses` cosigned the statement's checkpoint."""
    said = Sheet(statement)
    address = said.address
    again = "receipt-again-code" if statement.question.code else "receipt-again-home"
    return {
        "verdict": statement.verdict,
        "brand": "Bản Sao",
        "title": said.both("receipt-title"),
        "portal": said.both("receipt-issued-by", portal=statement.portal),
        "result": {
            "title": [words.title(said.answer) for words in said.languages],
            "meaning": [words.meaning(said.answer) for words in said.languages],
        },
        "moment": said.both("receipt-moment"),
        "asked": list(said.asked()),
        "copy": {"title": said.both("receipt-copy-heading"), "lines": list(said.copy())},
        "copy_note": said.copy_note(),
        "proof": {
            "title": said.both("receipt-proof-heading"),
            "lines": list(said.proof(witnesses)),
        },
        "again": said.both(again),
        "address": address,
        "qr": zxingcpp.create_barcode(
            address, zxingcpp.BarcodeFormat.QRCode, ec_level="M"
        ).to_svg(),
        "qr_image": said.vi("receipt-qr", address=address),
        "check": said.both("receipt-check"),
        "command": _COMMAND,
        "attached": said.both("receipt-attached", file=NAME),
        "file": NAME,
    }


class Sheet:
    """One statement's lines."""

    def __init__(self, statement: Statement) -> None:
        self._said = statement
        self.vi, self.en = self.languages = (texts("vi"), texts("en"))
        question = statement.question
        asked: Asked = "code" if question.sha256 is None else "digest"
        status = statement.status
        #: For the words that the portal's pages have about verdicts.
        self.answer = Answer(
            verdict=statement.verdict,
            asked="file" if statement.verdict == "altered" else asked,
            checked_at=statement.checked_at,
            decision=_printable_decision(status.decision) if status else None,
        )

    @property
    def address(self) -> str:
        """Where the same is asked again."""
        home, code = self._said.portal.rstrip("/"), self._said.question.code
        return f"{home}/c/{code}" if code else home

    def both(self, key: str, **values: str | int) -> list[str]:
        return [words(key, **values) for words in self.languages]

    def asked(self) -> Iterator[Line]:
        question = self._said.question
        if question.code is not None:
            yield self._line("receipt-row-code", question.code, mono=True)
        if question.sha256 is not None:
            yield self._line("receipt-row-digest", question.sha256, mono=True)
        at = self._said.checked_at
        yield self._line(
            "receipt-row-checked-at", *[self._moment(at, one) for one in self.languages]
        )
        yield from self._status()

    def copy(self) -> Iterator[Line]:
        copy = self._said.copy
        if copy is None:
            return
        yield self._line(
            "fact-document-type", *[one.document_type(copy.document_type) for one in self.languages]
        )
        yield self._line("fact-holder", printable(copy.holder))
        yield self._line("fact-unit", printable(copy.unit))
        yield self._line(
            "fact-certified-on", *[one.day(copy.certified_on) for one in self.languages]
        )
        yield self._line("fact-page-count", str(copy.page_count))

    def copy_note(self) -> list[str] | None:
        if self._said.copy is not None:
            return self.both("receipt-copy-word")
        if self._said.status is not None and self._said.status.erased:
            return self.both("receipt-copy-erased")
        return None

    def proof(self, witnesses: tuple[str, ...]) -> Iterator[Line]:
        checkpoint = parse_checkpoint(self._said.checkpoint)
        size = str(checkpoint.size)
        yield self._line("receipt-row-log", checkpoint.origin, mono=True, size=size)
        yield self._line("receipt-row-root", checkpoint.root_hash.hex(), mono=True)
        if witnesses:
            yield self._line("receipt-row-cosigned", printable(", ".join(witnesses)))
        else:
            yield self._line("receipt-row-cosigned", *self.both("checkpoint-not-cosigned"))
        entries = [parse_proof(text) for text in self._said.entries]
        if self._said.latest is None:
            yield self._line("receipt-row-entries", *self.both("receipt-no-proof"))
        elif not entries:
            yield self._line("receipt-row-entries", *self.both("receipt-no-entry"))
        else:
            told = [self._entry(proof) for proof in entries]
            yield {"label": self.both("receipt-row-entries"), "values": told, "mono": False}

    def _status(self) -> Iterator[Line]:
        status = self._said.status
        if status is None:
            return
        if self._said.verdict == "altered":
            yield self._line(
                "receipt-row-status", *self.both("receipt-status", status=status.verdict)
            )
        if (decision := self.answer.decision) is not None:
            values = [
                one(
                    "fact-decision-value",
                    number=decision.number,
                    day=one.day(decision.decided_on or ""),
                )
                for one in self.languages
            ]
            yield self._line("fact-decision", *values)
            if decision.reason:
                yield self._line("receipt-row-reason", decision.reason)
        if self._said.verdict != "valid":
            since = [self._moment(status.since, one) for one in self.languages]
            yield self._line("receipt-row-since", *since)

    def _line(self, key: str, *said: str, mono: bool = False, **values: str) -> Line:
        """A label in both languages, and what is said: once, or in both where they differ."""
        value = said[:1] if len(set(said)) == 1 else said
        return {"label": self.both(key, **values), "values": [list(value)], "mono": mono}

    def _entry(self, proof: ProofFile) -> list[str]:
        entry = parse_entry(proof.body)
        local = entry.occurred_at.astimezone(HANOI)
        return [
            words(
                "receipt-entry",
                what=words(f"history-{entry.kind}"),
                ordinal=str(proof.index + 1),
                time=f"{local:%H:%M:%S}",
                day=words.day(local.date().isoformat()),
            )
            for words in self.languages
        ]

    def _moment(self, at: datetime, words: Texts) -> str:
        local = at.astimezone(HANOI)
        return words("moment", day=words.day(local.date().isoformat()), time=f"{local:%H:%M:%S}")


def printable(text: str) -> str:
    """With a question mark for each character that could not be drawn."""
    normal = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(one if is_drawn(ord(one)) else "?" for one in normal)


def is_drawn(point: int) -> bool:
    """Whether the receipt's fonts have this character."""
    return any(first <= point <= last for first, last in _DRAWN)


def _printable_decision(decision: Decision | None) -> Decision | None:
    if decision is None:
        return None
    return Decision(
        number=printable(decision.number),
        decided_on=decision.decided_on,
        reason=printable(decision.reason),
    )
