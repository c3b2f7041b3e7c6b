"""Many questions in one request, in each form, on a real registry."""

import base64
import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from typing import Any

import asyncpg
import openpyxl
import pytest
import xlsxwriter
from structlog.testing import capture_logs

from registry.append import Appender
from registry.clock import utc_now
from registry.code import new_code, parse_code
from tests.testkit.copies import decided, publish_now, registered, store_of
from tests.testkit.issued import PORTAL_URL, CopyOffice, copy_office, signing_house
from tests.testkit.sealing import portal_with_seals, seal_of
from verify_portal.answer import VERDICTS
from verify_portal.batch.table import MOST_LINES

__all__ = ["copy_office", "signing_house"]

POISON = 'x"\n\x07=cmd|x;,\t' + "9" * 5_000
CSV = {"Content-Type": "text/csv"}


async def a_life_each(office: CopyOffice) -> dict[str, str]:
    """What to ask for each of the eight verdicts."""
    valid, superseded, suspended, revoked = await registered(office.database, 4)
    async with (
        store_of(office.database, "registry_writer") as store,
        Appender(store, utc_now) as appender,
    ):
        await appender.supersede(superseded.code, successor=valid.code, **decided("13/QĐ"))
        await appender.suspend(suspended.code, **decided("14/QĐ"))
        await appender.revoke(revoked.code, **decided("15/QĐ"))
    await publish_now(office.database)
    (late,) = await registered(office.database, 1)
    return {
        "valid": valid.code.lower().replace("-", " "),
        "superseded": superseded.pdf_digest.hex(),
        "suspended": f"{PORTAL_URL}/c/{suspended.code}",
        "revoked": revoked.code,
        "altered": f"{PORTAL_URL}/c/{valid.code}#{seal_of(revoked)}",
        "unknown": new_code(),
        "malformed": POISON,
        "unavailable": late.code,
    }


def as_csv(texts: Sequence[str], separator: str = ";") -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator)
    writer.writerow(["Họ tên", "Mã bản sao"])
    writer.writerows([f"Nguyễn Văn {at}", text] for at, text in enumerate(texts))
    return written.getvalue().encode("utf-8-sig")


def as_workbook(texts: Sequence[str]) -> bytes:
    """With shared strings, as Excel writes them."""
    saved = io.BytesIO()
    book = xlsxwriter.Workbook(saved, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet()
    page.write_row(0, 0, ["Họ tên", "Mã bản sao"])
    for at, text in enumerate(texts):
        page.write_row(at + 1, 0, [f"Nguyễn Văn {at}", text])
    book.close()
    return saved.getvalue()


def csv_rows(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def sheet_rows(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    # A workbook's active sheet may be a chart to the types; ours never is.
    return [list(row) for row in sheet.iter_rows(values_only=True)]  # type: ignore[union-attr]


async def test_each_verdict_in_each_kind_of_batch(copy_office: CopyOffice) -> None:
    lives = await a_life_each(copy_office)
    wanted = list(lives)
    assert set(wanted) == set(VERDICTS)
    questions = [{"qr": text} for text in lives.values()]
    questions[0] = {"code": lives["valid"]}
    questions[1] = {"sha256": lives["superseded"]}
    async with portal_with_seals(copy_office) as http:
        with capture_logs() as lines:
            told = await http.post("/v1/verify/batch", json={"questions": questions})
            by_csv = await http.post(
                "/v1/verify/batch", content=as_csv([*lives.values()]), headers=CSV
            )
            by_sheet = await http.post(
                "/v1/verify/batch?lang=en",
                files={"file": ("lớp 12A.xlsx", as_workbook([*lives.values()]))},
            )
    assert (told.status_code, by_csv.status_code, by_sheet.status_code) == (200, 200, 200)

    document = told.json()
    assert [answer["verdict"] for answer in document["answers"]] == wanted
    assert document["summary"] == dict.fromkeys(wanted, 1)
    size = document["checkpoint"]["size"]
    named = [one["checkpoint"] for one in document["answers"] if one["checkpoint"]]
    assert {one["size"] for one in named} == {size}
    assert len(named) == 6
    assert document["checkpoint"]["note"]
    assert not any(one["note"] for one in named)
    assert document["answers"][0]["verified"] == "code"
    assert document["answers"][1]["verified"] == "content"
    assert all(answer["message"] for answer in document["answers"])

    assert by_csv.headers["Content-Type"].startswith("text/csv")
    rows = csv_rows(by_csv.content)
    assert rows[0][:4] == ["Họ tên", "Mã bản sao", "Kết quả", "verdict"]
    assert [row[3] for row in rows[1:]] == wanted
    assert [row[0] for row in rows[1:]] == [f"Nguyễn Văn {at}" for at in range(8)]
    read = {row[3]: row[5] for row in rows[1:]}
    assert read["valid"] == parse_code(lives["valid"])
    assert read["superseded"] == "", "a digest names no code"
    assert rows[1][6:10] == [
        "Văn bằng, chứng chỉ",
        "UBND phường Ba Đình",
        "2026-11-22",
        "N*** V** A*",
    ]
    assert rows[4][10] == "Số 15/QĐ, ngày 22/11/2026"
    assert {row[11] for row in rows[1:] if row[11]} == {str(size)}

    sheet = sheet_rows(by_sheet.content)
    assert sheet[0][2:4] == ["Answer", "verdict"]
    assert [row[3] for row in sheet[1:]] == wanted
    assert by_sheet.headers["Content-Disposition"] == 'attachment; filename="lookup-results.xlsx"'

    logged = json.dumps(lines, default=str, ensure_ascii=False)
    assert "batch answered" in logged
    assert "Nguyễn" not in logged
    assert lives["revoked"] not in logged
    assert lives["superseded"] not in logged


async def test_a_batch_of_a_thousand_asks_a_bounded_number_of_queries(
    copy_office: CopyOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = await registered(copy_office.database, 40)
    await publish_now(copy_office.database)
    asked = [0]
    for name in ("fetch", "fetchval", "fetchrow"):
        real = getattr(asyncpg.Connection, name)

        async def counted(self: Any, *given: Any, _real: Any = real, **named: Any) -> Any:
            asked[0] += 1
            return await _real(self, *given, **named)

        monkeypatch.setattr(asyncpg.Connection, name, counted)
    questions: list[dict[str, str]] = [{"code": new_code()} for _ in range(MOST_LINES - 80)]
    questions += [{"code": copy.code} for copy in copies]
    questions += [{"sha256": copy.pdf_digest.hex()} for copy in copies]
    async with portal_with_seals(copy_office) as http:
        more = await http.post("/v1/verify/batch", json={"questions": [*questions, questions[0]]})
        asked[0] = 0
        told = await http.post("/v1/verify/batch", json={"questions": questions})
        assert told.status_code == 200
        queries = asked[0]
        again = await http.post("/v1/verify/batch", json={"questions": questions[-2:]})
    document = told.json()
    assert document["summary"] == {"unknown": MOST_LINES - 80, "valid": 80}
    assert [answer["verdict"] for answer in document["answers"][-80:]] == ["valid"] * 80
    # 8 parts of 125, the digests' way, the newest checkpoint, the tree; not a thousand.
    assert 10 <= queries <= 25
    assert more.status_code == 413
    problem = more.json()
    assert problem["type"] == "urn:bansao:problem:batch-too-many-lines"
    assert "Có hơn 1.000 dòng" in problem["detail"]
    # Each line was a lookup, and most of them found nothing: that takes a while to earn again.
    assert again.status_code == 429
    assert int(again.headers["Retry-After"]) > 60


def bomb(part: str, content: bytes) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        with zipfile.ZipFile(io.BytesIO(as_workbook([new_code()]))) as good:
            for one in good.namelist():
                if one != part:
                    archive.writestr(one, good.read(one))
        archive.writestr(part, content)
    return saved.getvalue()


LAUGHS = b"".join(
    b'<!ENTITY a%d "%s">' % (at, b"&a%d;" % (at - 1) * 12 if at else b"ha" * 40) for at in range(12)
)
HOSTILE = {
    "zip bomb": bomb("xl/sharedStrings.xml", bytes(100_000_000)),
    "billion laughs": bomb(
        "xl/worksheets/sheet1.xml",
        b"<?xml version='1.0'?><!DOCTYPE x [" + LAUGHS + b"]><worksheet>&a11;</worksheet>",
    ),
    "endless strings": bomb(
        "xl/sharedStrings.xml",
        b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>"
        + b"<si><t>x</t></si>" * 3_000_000
        + b"</sst>",
    ),
    "a million rows": b"a;b\n" * 1_000_000,
    "old excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4_000),
    "noise": bytes(range(256)) * 64,
    "pdf": b"%PDF-1.7\n%%EOF",
    "empty": b"",
    "no codes": b"a,b\nc,d\n",
    "cut off": as_workbook([new_code()])[:-200],
}


async def test_hostile_tables_are_refused_and_the_next_is_read(copy_office: CopyOffice) -> None:
    await publish_now(copy_office.database)
    async with portal_with_seals(copy_office) as http:
        for name, content in HOSTILE.items():
            response = await http.post("/v1/verify/batch", files={"file": (name, content)})
            assert response.status_code in {413, 415, 422}, (name, response.text)
            problem = response.json()
            assert problem["type"].startswith("urn:bansao:problem:batch-"), name
            assert problem["detail"], name
        huge = await http.post("/v1/verify/batch", content=bytes(6_000_000), headers=CSV)
        assert huge.json()["type"] == "urn:bansao:problem:batch-too-large"
        for content in (b"{}", b"[]", b'{"questions": 7}', b"\xff"):
            odd = await http.post(
                "/v1/verify/batch", content=content, headers={"Content-Type": "application/json"}
            )
            assert odd.json()["type"] == "urn:bansao:problem:batch-no-questions"
        odd_lines = await http.post(
            "/v1/verify/batch",
            json={"questions": [{"code": 7}, None, {"code": "a", "qr": "b"}, {"code": new_code()}]},
        )
        verdicts = [answer["verdict"] for answer in odd_lines.json()["answers"]]
        assert verdicts == ["malformed"] * 3 + ["unknown"]


async def test_the_page_works_without_a_script_and_keeps_nothing(copy_office: CopyOffice) -> None:
    lives = await a_life_each(copy_office)
    async with portal_with_seals(copy_office) as http:
        form = await http.get("/batch")
        assert 'enctype="multipart/form-data"' in form.text
        page = await http.post("/batch", files={"file": ("a.csv", as_csv([*lives.values()]))})
        wrong = await http.post(
            "/batch", files={"file": ("a.csv", as_csv(["x"]))}, data={"column": "Z"}
        )
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert "Đã tra cứu 8 dòng" in page.text
    assert "B – “Mã bản sao”" in page.text
    link = re.search(r'href="data:text/csv;[^,]*;base64,([^"]+)" download', page.text)
    assert link
    rows = csv_rows(base64.b64decode(link[1]))
    assert [row[3] for row in rows[1:]] == list(lives)
    assert wrong.status_code == 422
    assert "Bảng không có cột đã chọn" in wrong.text


async def test_an_outage_is_every_lines_and_nobodys_fault(copy_office: CopyOffice) -> None:
    """Nothing is published yet, so that the registry can tell nothing."""
    async with portal_with_seals(copy_office) as http:
        told = await http.post("/v1/verify/batch", json={"questions": [{"code": new_code()}] * 3})
        table = await http.post("/v1/verify/batch", content=as_csv([new_code()]), headers=CSV)
    assert told.status_code == table.status_code == 503
    assert told.json()["summary"] == {"unavailable": 3}
    assert int(told.headers["Retry-After"]) >= 1
    assert int(table.headers["Retry-After"]) >= 1
