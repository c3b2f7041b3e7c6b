"""What the API's description says beyond its types: the ways to ask, and an example answer."""

from dataclasses import dataclass
from typing import Final

from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPIMediaType,
    Operation,
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
                    schema=Schema(
                        type=OpenAPIType.OBJECT,
                        min_properties=1,
                        max_properties=1,
                        additional_properties=False,
                        properties={"sha256": _STRING, "code": _STRING, "qr": _STRING},
                    ),
                    examples={"code": Example(value={"code": _CODE})},
                ),
            },
        )
