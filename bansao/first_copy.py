"""The demo's first copy, of a document that we draw ourselves, and papers to try more with."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from bansao.sample_card import draw_sample_card
from bansao.sample_documents import draw, sample_diploma, sample_documents, scan
from bansao.settings import Settings
from bansao.walk import IssuedCopy, Papers, Tell, issue_copy, open_counter
from intake.certify.fonts import prepare_fonts
from intake.settings import Settings as IntakeSettings

_CARD = ("id-card-front.png", "id-card-back.png", "live-face.jpg")


def ensure_first_copy(settings: Settings, environment: Mapping[str, str], tell: Tell) -> str:
    """The code of the first copy; issued now, by the demo that runs, when there is none yet.

    Its PDF and proof lie in `samples/first-copy` of the data directory, beside the papers that it
    was made of and others that a visitor may bring to the kiosk.
    """
    samples = settings.data / "samples"
    kept = next((samples / "first-copy").glob("*.pdf"), None)
    if kept is not None:
        return kept.stem
    intake = IntakeSettings.from_env(environment)
    papers = draw_papers(samples, intake.assets)
    issued = asyncio.run(_issue(intake, papers, tell))
    keep = samples / "first-copy"
    keep.mkdir(exist_ok=True)
    (keep / f"{issued.code}.proof").write_text(issued.proof, "utf-8")
    (keep / f"{issued.code}.pdf").write_bytes(issued.pdf)
    return issued.code


def draw_papers(samples: Path, assets: Path) -> Papers:
    """Draws every sample into `samples`; the papers of the diploma's walk."""
    samples.mkdir(parents=True, exist_ok=True)
    fonts = prepare_fonts(assets, samples / ".fonts")
    for sample in sample_documents():
        (samples / f"{sample.document_type}.jpg").write_bytes(scan(draw(sample, fonts)))
    card = draw_sample_card(assets)
    for name, content in zip(_CARD, (card.front, card.back, card.live), strict=True):
        (samples / name).write_bytes(content)
    diploma = samples / f"{sample_diploma().document_type}.jpg"
    return Papers(
        scans=[diploma.read_bytes()],
        card_front=card.front,
        card_back=card.back,
        face=card.live,
    )


async def _issue(intake: IntakeSettings, papers: Papers, tell: Tell) -> IssuedCopy:
    async with open_counter(intake, "lan") as counter:
        return await issue_copy(counter, papers, tell)
