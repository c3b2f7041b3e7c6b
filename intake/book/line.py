"""What intake knows of a dossier, as the book's form wants it (pure)."""

from intake.dossier import Dossier
from intake.identity.id_card import IdCard
from intake.payment.fee import fee_for
from intake.texts import DEFAULT, texts
from registry.book_line import LineColumns
from registry.certified_copy import Facts
from registry.clock import HANOI

#: A dossier asks for one copy of its original.
COPIES = 1


def line_columns(facts: Facts, dossier: Dossier, card: IdCard | None) -> LineColumns:
    """The form's columns for what is about to be certified.

    The fee is that of the day on which the dossier was received, as the citizen was told.
    """
    received = dossier.received_at or dossier.updated_at
    fee = fee_for(
        facts.page_count,
        channel=dossier.channel,
        on=received.astimezone(HANOI).date(),
        copies=COPIES,
    )
    return LineColumns(
        requester=dossier.requester_name or "",
        papers=_papers(card),
        title=facts.title,
        note=texts(DEFAULT)("book-note-dossier", number=dossier.number or str(dossier.id)),
        document_type=facts.document_type,
        page_count=fee.pages,
        copies=fee.copies,
        signer_name=facts.signer_name,
        signer_title=facts.signer_title,
        gross=fee.gross,
        subsidy=fee.subsidy,
        net=fee.net,
    )


def _papers(card: IdCard | None) -> str:
    """The card that was shown, in the book's language."""
    say = texts(DEFAULT)
    if card is None:
        return ""
    if card.issued_on is None:
        return say("book-papers-card", number=card.number)
    return say("book-papers-card-issued", number=card.number, day=f"{card.issued_on:%d/%m/%Y}")
