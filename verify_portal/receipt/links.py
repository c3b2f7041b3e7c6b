"""Where the receipt of an answer is to be had."""

from msgspec import Struct

from verify_portal.answer import Answer

_NONE = frozenset({"malformed", "unavailable"})


class ReceiptLinks(Struct, frozen=True, kw_only=True):
    """Addresses of both forms; `pdf` is None where the portal prints none."""

    json: str
    pdf: str | None


def receipt_links(answer: Answer, *, prints: bool) -> ReceiptLinks | None:
    """None for what says nothing about a copy: nobody could check more than that we said so."""
    if answer.verdict in _NONE:
        return None
    query = ""
    if answer.sha256 is not None:
        stem = f"/v1/digests/{answer.sha256}/receipt"
        if answer.verdict == "altered" and answer.code:
            query = f"?code={answer.code}"
    elif answer.code is not None and answer.verdict != "altered":
        stem = f"/v1/copies/{answer.code}/receipt"
    else:
        # `altered` of no file is a false seal, and the log holds nothing about seals.
        return None
    return ReceiptLinks(json=stem + query, pdf=f"{stem}.pdf{query}" if prints else None)
