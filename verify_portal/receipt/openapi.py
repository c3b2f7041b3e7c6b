"""How the description of the API shows receipts: two forms of one answer, and what is refused."""

from dataclasses import dataclass
from typing import Final

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

#: RFC 7515, section 9.2.1.
JSON_TYPE: Final = "application/jose+json"
PDF_TYPE: Final = "application/pdf"

_PROBLEM: Final = "application/problem+json"
_STRING: Final = Schema(type=OpenAPIType.STRING)
_PDF: Final = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
_JWS: Final = OpenAPIMediaType(
    schema=Schema(
        type=OpenAPIType.OBJECT,
        required=["payload", "protected", "signature"],
        additional_properties=False,
        properties={"payload": _STRING, "protected": _STRING, "signature": _STRING},
    ),
    examples={
        "receipt": Example(
            summary="The payload says version, portal, question, verdict, status, copy, "
            "checked_at, checkpoint, entries, latest, pdf_signers",
            value={
                "payload": "eyJ2ZXJzaW9uIjoxLCJwb3J0YWwiOi…",
                "protected": "eyJhbGciOiJFZERTQSIsImtpZCI6Ii…",
                "signature": "c2lnbmF0dXJl…",
            },
        )
    },
)

RESPONSES: Final = {
    200: ResponseSpec(
        None,
        description="A signed statement: what was asked, the verdict, when, the log's checkpoint "
        "and the proofs from which the verdict follows. `bansao verify FILE --offline` checks it.",
    ),
    404: ResponseSpec(
        None,
        media_type=_PROBLEM,
        description="Nothing to attest: a malformed code or digest, or a form not made here.",
    ),
    406: ResponseSpec(None, media_type=_PROBLEM, description="Neither form is accepted."),
    429: ResponseSpec(None, media_type=_PROBLEM, description="Too often: see Retry-After."),
    503: ResponseSpec(
        None, media_type=_PROBLEM, description="No receipt can be made now: see Retry-After."
    ),
}


@dataclass
class EitherForm(Operation):
    """By `Accept`, a flattened JWS (RFC 7515) or a PDF/A-3b that carries it."""

    def __post_init__(self) -> None:
        _answer(self, {JSON_TYPE: _JWS, PDF_TYPE: _PDF})


@dataclass
class PdfForm(Operation):
    """A PDF/A-3b whose attachment `bansao-receipt.json` is the JSON form."""

    def __post_init__(self) -> None:
        _answer(self, {PDF_TYPE: _PDF})


def _answer(operation: Operation, content: dict[str, OpenAPIMediaType]) -> None:
    found = (operation.responses or {}).get("200")
    if isinstance(found, OpenAPIResponse):
        found.content = content
