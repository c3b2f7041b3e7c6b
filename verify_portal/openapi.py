"""What the description of the API says beyond its types: ways to ask, examples, refusals."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPI,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Reference,
    RequestBody,
    Schema,
    SecurityScheme,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

_CODE: Final = "7QK2MD-93WXTR-0HBVS5"

EXAMPLES: Final = [
    Example(
        summary="A copy that holds",
        value={
            "verdict": "valid",
            "asked": "code",
            "verified": "code",
            "code": _CODE,
            "checkpoint": {
                "origin": "bansao.localhost/log",
                "size": 1207,
                "root": "uZ1mJ0nq8c0b3T8d6nP8mT0Wc1mKJx2bq0o4aVtXy1E=",
            },
            "checked_at": "2026-11-22T02:15:30Z",
            "copy": {
                "document_type": "diploma",
                "unit": "UBND phường Ba Đình",
                "certified_on": "2026-11-22",
                "page_count": 2,
                "holder": "N*** V** A*",
            },
            "facts_erased": False,
            "index": 1204,
            "decision": None,
            "checks": [{"number": 1, "name": "code", "outcome": "passed"}],
        },
    )
]

AGENCY_KEYS: Final = Components(
    security_schemes={
        "agencyKey": SecurityScheme(
            type="http",
            scheme="bearer",
            description="An agency's key, `bsk_…`, in the Authorization header.",
        )
    }
)

_STRING: Final = Schema(type=OpenAPIType.STRING)
QUESTION: Final = Schema(
    type=OpenAPIType.OBJECT,
    min_properties=1,
    max_properties=1,
    additional_properties=False,
    properties={"sha256": _STRING, "code": _STRING, "qr": _STRING},
)


@dataclass
class AskingOperation(Operation):
    """POST /v1/verify takes a form, a bare PDF, or JSON with exactly one question."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody(
            required=True,
            content={
                "multipart/form-data": OpenAPIMediaType(
                    schema=Schema(
                        type=OpenAPIType.OBJECT,
                        required=["file"],
                        properties={
                            "file": Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
                        },
                    )
                ),
                "application/pdf": OpenAPIMediaType(
                    schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
                ),
                "application/json": OpenAPIMediaType(
                    schema=QUESTION,
                    examples={
                        "code": Example(value={"code": _CODE}),
                        "qr": Example(
                            summary="A QR code's whole text; the seal is longer than here",
                            value={
                                "qr": f"https://portal.example/c/{_CODE}#0oRDoQEnoFhtogdSMDRITUFT"
                            },
                        ),
                    },
                ),
            },
        )


PROBLEM: Final = "application/problem+json"
_EVERYWHERE: Final = {
    "400": "The request is malformed.",
    "414": "The query is too long.",
    "429": "Too often, or too many at once; again after Retry-After.",
    "503": "We cannot tell now; again after Retry-After.",
}
_WITH_AN_ADDRESS: Final = {"404": "There is nothing of this name."}
_WITH_A_BODY: Final = {
    "408": "The body did not arrive in time.",
    "413": "More than is accepted.",
    "415": "Not of an accepted media type.",
}
_PROBLEM: Final = Schema(
    type=OpenAPIType.OBJECT,
    description="RFC 9457",
    required=["type", "title", "status", "detail"],
    properties={
        "type": Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.URI),
        "title": _STRING,
        "status": Schema(type=OpenAPIType.INTEGER),
        "detail": _STRING,
    },
    examples=[
        {
            "type": "urn:bansao:problem:too-many-requests",
            "title": "Quá nhiều yêu cầu",
            "status": 429,
            "detail": "Vui lòng đợi trong giây lát rồi thử lại.",
        }
    ],
)
_REFUSAL: Final = Reference(ref="#/components/schemas/Problem")


def describe_refusals(description: OpenAPI) -> None:
    """Say of every operation what can be refused, and that a refusal is a problem document."""
    description.components.schemas["Problem"] = _PROBLEM
    for operation in _operations(description):
        responses = operation.responses = dict(operation.responses or {})
        possible = dict(_EVERYWHERE)
        if any(getattr(one, "param_in", None) == "path" for one in operation.parameters or ()):
            possible |= _WITH_AN_ADDRESS
        if operation.request_body is not None:
            possible |= _WITH_A_BODY
        for status, text in possible.items():
            responses.setdefault(status, OpenAPIResponse(description=text))
        for status, response in responses.items():
            if status >= "400" and isinstance(response, OpenAPIResponse):
                # Only an outage may also be told as a verdict.
                told = dict(response.content or {}) if status >= "500" else {}
                response.content = told | {PROBLEM: OpenAPIMediaType(schema=_REFUSAL)}


def _operations(description: OpenAPI) -> Iterator[Operation]:
    for item in (description.paths or {}).values():
        for operation in (item.get, item.post):
            if operation is not None:
                yield operation
