"""How the description of the API shows a batch: what is sent, what comes back."""

from dataclasses import dataclass
from typing import Final

from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from verify_portal.batch.table import MOST_LINES
from verify_portal.openapi import QUESTION

CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_STRING: Final = Schema(type=OpenAPIType.STRING)
_BINARY: Final = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
_EXAMPLE: Final = {
    "questions": [
        {"code": "7QK2MD-93WXTR-0HBVS5"},
        {"sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    ]
}
_CSV_EXAMPLE: Final = "Họ tên;Mã bản sao\r\nNguyễn Văn An;7QK2MD-93WXTR-0HBVS5\r\n"


@dataclass
class BatchOperation(Operation):
    """POST /v1/verify/batch takes JSON, or a table as a form's file or as it is."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody(
            required=True,
            content={
                "application/json": OpenAPIMediaType(
                    schema=Schema(
                        type=OpenAPIType.OBJECT,
                        required=["questions"],
                        additional_properties=False,
                        properties={
                            "questions": Schema(
                                type=OpenAPIType.ARRAY,
                                items=QUESTION,
                                min_items=1,
                                max_items=MOST_LINES,
                            )
                        },
                    ),
                    examples={"questions": Example(value=_EXAMPLE)},
                ),
                "multipart/form-data": OpenAPIMediaType(
                    schema=Schema(
                        type=OpenAPIType.OBJECT,
                        required=["file"],
                        properties={"file": _BINARY, "column": _STRING},
                    )
                ),
                CSV: OpenAPIMediaType(
                    schema=_STRING, examples={"table": Example(value=_CSV_EXAMPLE)}
                ),
                XLSX: OpenAPIMediaType(schema=_BINARY),
            },
        )
        answered = (self.responses or {}).get("200")
        if isinstance(answered, OpenAPIResponse) and answered.content is not None:
            answered.content[CSV] = OpenAPIMediaType(schema=_STRING)
            answered.content[XLSX] = OpenAPIMediaType(schema=_BINARY)
