"""What an officer's dossier page shows, in words of the officer's language."""

import msgspec

from intake.desk.correction import Correction, as_read, as_shown
from intake.desk.queue import Waiting, waiting_since
from intake.dossier import Attachment, Dossier, Event
from intake.flag import Flag, Severity
from intake.identity.face_match import FaceMatch
from intake.identity.id_card import IdCard
from intake.payment.fee import Fee, fee_for
from intake.recognise.reading import Reading
from intake.store import Findings, Issued, Store
from intake.texts import Texts
from registry.clock import HANOI, Clock

# Below this the officer is asked to look twice; OCR engines are overconfident rather than modest.
SURE = 0.85
_ORDER: dict[Severity, int] = {"alarm": 0, "warn": 1, "info": 2}


class FieldRow(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the document; `percent` is the recogniser's confidence, None for a typed one."""

    name: str
    label: str
    value: str
    percent: int | None
    unsure: bool


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    severity: Severity
    text: str


class DossierView(msgspec.Struct, frozen=True, kw_only=True):
    """`failure` says why the last try of the machine's work failed, None when it did not. `purged`:
    files whose time was over are gone, and what was read in them.
    """

    dossier: Dossier
    standing: Waiting
    pages: list[int]
    roles: list[str]
    correction: Correction
    rows: list[FieldRow]
    remarks: list[Remark]
    card: IdCard | None
    face: FaceMatch | None
    fee: Fee
    events: list[Event]
    failure: str | None
    refusal: Event | None
    issued: Issued | None
    purged: bool


async def view_of(
    store: Store, clock: Clock, say: Texts, dossier: Dossier, typed: Correction | None = None
) -> DossierView:
    """Everything about one received dossier that its officer needs to decide.

    `typed` is what stood in a form that could not be accepted: the officer's work is not lost.
    """
    findings = await store.findings(dossier.id)
    files = await store.attachments(dossier.id)
    events = await store.events(dossier.id)
    received = dossier.received_at or dossier.updated_at
    correction = typed or _correction(findings)
    pages = _ordinals(files, "page")
    return DossierView(
        dossier=dossier,
        standing=waiting_since(dossier, clock()),
        pages=pages,
        roles=[role for role in ("card_front", "card_back", "face") if _ordinals(files, role)],
        correction=correction,
        rows=_rows(say, findings, correction),
        remarks=_remarks(say, findings),
        card=findings.identity.card if findings and findings.identity else None,
        face=findings.identity.face if findings and findings.identity else None,
        fee=fee_for(
            dossier.page_count or len(pages),
            channel=dossier.channel,
            on=received.astimezone(HANOI).date(),
        ),
        events=events,
        failure=_failure(say, events[-1]),
        refusal=next((event for event in events if event.kind == "refused"), None),
        issued=await store.issued(dossier.id),
        purged=any(event.kind == "purged" for event in events),
    )


def field_label(say: Texts, name: str) -> str:
    """A recogniser's field name in words."""
    return say(f"field-{name.replace('_', '-')}")


def _correction(findings: Findings | None) -> Correction:
    if findings is None:
        return Correction(document_type="other", title="", holder_name="")
    return findings.corrected or as_read(findings.reading, findings.identity)


def _rows(say: Texts, findings: Findings | None, correction: Correction) -> list[FieldRow]:
    reading: Reading | None = findings.reading if findings else None
    confidence = {field.name: field.confidence for field in reading.fields} if reading else {}
    return [
        FieldRow(
            name=name,
            label=field_label(say, name),
            value=as_shown(correction.fields.get(name, "")),
            percent=round(confidence[name] * 100) if name in confidence else None,
            unsure=confidence.get(name, 1.0) < SURE,
        )
        # The holder has a line of its own above the others.
        for name in dict.fromkeys((*confidence, *correction.fields))
        if name != "holder_name"
    ]


def _remarks(say: Texts, findings: Findings | None) -> list[Remark]:
    if findings is None:
        return []
    flags: list[Flag] = [*findings.reading.flags]
    flags += findings.identity.flags if findings.identity else []
    flags.sort(key=lambda flag: _ORDER[flag.severity])
    return [Remark(severity=flag.severity, text=say(flag.code, **flag.values)) for flag in flags]


def _failure(say: Texts, last: Event) -> str | None:
    """Why the work that the dossier waits for failed last, where it did."""
    if last.kind not in {"read_failed", "certify_failed"}:
        return None
    match last.detail:
        case {"code": str(code), "values": dict(values)}:
            return say(code, **values)
    return say("dossier-failed")


def _ordinals(files: list[Attachment], role: str) -> list[int]:
    return [file.ordinal for file in files if file.role == role]
