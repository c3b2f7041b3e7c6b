"""The whole walk of a copy without a browser: what citizen, machine and officer do, in turn.

The same acts that stand behind the kiosk's and the desk's pages; the officer signs what was read.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec

from bansao.errors import NotIssued
from intake.certify.opening import open_certifier
from intake.desk.correction import as_read
from intake.desk.decide import sign_order
from intake.desk.officer import Officer
from intake.desk.store import find_officer
from intake.dossier import Role, State
from intake.edges import Edges, open_edges
from intake.examine import load_file
from intake.flag import Flag
from intake.kiosk.receive import attach, open_dossier, submit
from intake.settings import Settings as IntakeSettings
from intake.texts import texts
from intake.work import Certifies, certify_dossier, read_dossier
from registry.clock import utc_now
from registry.proving import inclusion_proof

Tell = Callable[[str], None]

# How long a walk has its dossier to itself, before a worker may believe that it died.
_HEAD_START = timedelta(minutes=2)


class Papers(msgspec.Struct, frozen=True, kw_only=True):
    """What the citizen brings, as files' bytes; `document_type` when it is known beforehand."""

    scans: Sequence[bytes]
    card_front: bytes
    card_back: bytes | None = None
    face: bytes
    document_type: str | None = None


class IssuedCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A released copy: its signed PDF, its proof (C2SP tlog-proof), and where it is entered."""

    code: str
    dossier: str
    document_type: str
    title: str
    book: str
    number: int
    entry_index: int
    flags: list[Flag]
    pdf: bytes
    proof: str


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """A place where walks start: intake's edges, a certifier with its keys, the signing officer."""

    edges: Edges
    certifier: Certifies
    officer: Officer


@asynccontextmanager
async def open_counter(settings: IntakeSettings, username: str) -> AsyncIterator[Counter]:
    """A counter at which the named officer sits. Raises NotIssued when there is none such."""
    async with AsyncExitStack() as stack:
        edges = await stack.enter_async_context(open_edges(settings, utc_now))
        certifier = await stack.enter_async_context(open_certifier(edges))
        known = await find_officer(edges.store, username)
        if known is None:
            raise NotIssued(f"no officer named {username}")
        yield Counter(edges=edges, certifier=certifier, officer=known[0])


async def issue_copy(counter: Counter, papers: Papers, tell: Tell) -> IssuedCopy:
    """Walk one dossier from its files to its released copy; raises what stopped it.

    A walk that stops leaves a dossier that is complete as far as it came: its work stays queued,
    and a worker (`bansao serve worker`, or the demo's) takes it up a while later.
    """
    dossier_id = await _hand_in(counter, papers, tell)
    tell("reading the document, comparing card and face …")
    await read_dossier(counter.edges, dossier_id)
    await _sign(counter, dossier_id, papers.document_type)
    tell("signing, sealing, registering …")
    await certify_dossier(counter.edges, counter.certifier, dossier_id)
    return await _released(counter.edges, dossier_id)


async def _hand_in(counter: Counter, papers: Papers, tell: Tell) -> UUID:
    edges, dossier_id = counter.edges, uuid4()
    await open_dossier(
        edges.store,
        edges.clock,
        dossier_id=dossier_id,
        token=secrets.token_urlsafe(32),
        unit_code=counter.officer.unit_code,
        channel="counter",
        consent=True,  # given on paper where an officer hands the files in
    )
    files: list[tuple[Role, int, bytes | None]] = [
        *(("scan", ordinal, scan) for ordinal, scan in enumerate(papers.scans)),
        ("card_front", 0, papers.card_front),
        ("card_back", 0, papers.card_back),
        ("face", 0, papers.face),
    ]
    for role, ordinal, content in files:
        if content is not None:
            tell(f"{role.replace('_', ' ')} {ordinal + 1} …")
            await attach(
                edges.store,
                edges.blobs,
                dossier_id=dossier_id,
                role=role,
                ordinal=ordinal,
                content=content,
            )
    await submit(
        edges.store,
        edges.clock,
        edges.settings.dossier_number,
        dossier_id=dossier_id,
        work_from=edges.clock() + _HEAD_START,
    )
    return dossier_id


async def _sign(counter: Counter, dossier_id: UUID, document_type: str | None) -> None:
    store = counter.edges.store
    findings = await store.findings(dossier_id)
    if findings is None:
        raise NotIssued("the document was not read")
    facts = as_read(findings.reading, findings.identity)
    if document_type is not None:
        facts = msgspec.structs.replace(facts, document_type=document_type)
    if not facts.title:
        kind = texts("vi")(f"type-{facts.document_type.replace('_', '-')}")
        facts = msgspec.structs.replace(facts, title=kind)
    clock = counter.edges.clock
    await sign_order(
        store, clock, counter.officer, dossier_id, facts, work_from=clock() + _HEAD_START
    )


async def _released(edges: Edges, dossier_id: UUID) -> IssuedCopy:
    dossier = await edges.store.dossier(dossier_id)
    issued = await edges.store.issued(dossier_id)
    findings = await edges.store.findings(dossier_id)
    if dossier.state is not State.ISSUED or issued is None or findings is None:
        raise NotIssued("the copy was not released")
    corrected = findings.corrected or as_read(findings.reading, findings.identity)
    remarks = list(findings.reading.flags) + list(
        findings.identity.flags if findings.identity else []
    )
    [file] = await edges.store.attachments(dossier_id, "copy")
    return IssuedCopy(
        code=issued.code,
        dossier=dossier.number or str(dossier_id),
        document_type=corrected.document_type,
        title=corrected.title,
        book=issued.book,
        number=issued.number,
        entry_index=issued.entry_index,
        flags=remarks,
        pdf=await load_file(edges.store, edges.blobs, dossier_id, file),
        proof=await inclusion_proof(edges.registry, issued.entry_index),
    )


def in_words(flag: Flag) -> str:
    """What the officer would have read at the desk, in English."""
    return texts("en")(flag.code, **flag.values)
