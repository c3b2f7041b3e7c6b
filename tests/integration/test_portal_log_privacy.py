"""Whatever is asked and however, log lines and measures say neither of what nor of whom."""

import base64
import itertools
import json
from pathlib import Path
from typing import Any, Final

import httpx

from registry.code import code_hash, new_code
from tests.testkit.faults import terminate_backends
from tests.testkit.issued import CopyOffice, Issued, copy_office, signing_house
from tests.testkit.portal_process import served_portal

__all__ = ["copy_office", "signing_house"]

NAME: Final = "Nguyễn Văn An"
OTHER_NAME: Final = "Trịnh Thị Bích Ngọc"
CITIZEN: Final = "001090123456"
PHONE: Final = "0912345678"
KEY: Final = "bsk_abcdefgh_ZXCVBNMASDFGHJKL"
FILE_NAME: Final = "bang-cua-Trinh-Thi-Bich-Ngoc.pdf"
#: Of all visitors, each in a network of his own.
ADDRESSES: Final = "198.18."
_visitors: Final = itertools.count()


async def test_logs_and_measures_hold_nothing_of_what_was_asked(
    copy_office: CopyOffice, tmp_path: Path
) -> None:
    copy = await copy_office.issue()
    guessed, lines = new_code(), tmp_path / "lines"
    settings = {"BANSAO_TRUSTED_PROXIES": "127.0.0.1/32", "BANSAO_LOG_LEVEL": "DEBUG"}
    database, trust = copy_office.database, copy_office.house.trust
    with served_portal(database, trust, lines, **settings) as portal:
        said = everything(portal.address, copy, guessed)
        terminate_backends(database, "registry_reader")
        said += asked_of_codes(portal.address, copy, guessed)
        with visitor(portal.address) as http:
            metrics = http.get("/metrics").text
    log = lines.read_text()
    assert {one for one in said if one >= 500} <= {503}
    assert {200, 400, 404} <= set(said)
    assert 429 not in said
    assert log.count('"answered"') > 20
    assert 'route="/c/{code}"' in metrics
    found = [one for one in secrets_of(copy, guessed) if one in log + metrics]
    assert found == []
    tags = [told["code_tag"] for told in map(json.loads, log.splitlines()) if told.get("code_tag")]
    assert len(set(tags)) == 2  # one code from the other, and no more than that


def everything(address: str, copy: Issued, guessed: str) -> list[int]:
    """What was answered to all kinds of requests, well-formed and not."""
    told = asked_of_codes(address, copy, guessed)
    with visitor(address) as http:
        told += [
            http.get(path).status_code
            for path in (
                f"/{copy.code}",
                f"/{CITIZEN}/{OTHER_NAME}",
                f"/?code={copy.code}&name={OTHER_NAME}",
                f"/v1/revoked?unit={CITIZEN}",
                f"/revoked?month={CITIZEN}&before={PHONE}",
                f"/v1/status-list/{CITIZEN}",
                f"/v1/status-list/0?time={OTHER_NAME}",
                f"/log/tile/0/{CITIZEN}",
                f"/log/proof/{PHONE}",
                f"/v1/copies/{CITIZEN}",
                f"/c/{OTHER_NAME}",
                f"/v1/copies/{copy.code}?on={CITIZEN}",
                f"/static/{CITIZEN}",
            )
        ]
        for body in (
            {"code": copy.code},
            {"code": CITIZEN},
            {"code": OTHER_NAME},
            {"qr": f"http://127.0.0.1:8003/c/{copy.code}#{CITIZEN}"},
            {"sha256": CITIZEN},
            {"nobody": OTHER_NAME},
        ):
            told.append(http.post("/v1/verify", json=body).status_code)
        told += [
            http.post("/v1/verify", content=content, headers={"Content-Type": kind}).status_code
            for content, kind in (
                (f'{{"code": "{CITIZEN}', "application/json"),
                (CITIZEN.encode(), "text/plain"),
                (f"--{CITIZEN}".encode(), f"multipart/form-data; boundary={CITIZEN}"),
            )
        ]
        together = {"questions": [{"code": copy.code}, {"code": OTHER_NAME}]}
        told.append(http.post("/v1/verify/batch", json=together).status_code)
        table = f"Họ tên,Mã\n{OTHER_NAME},{copy.code}\n{NAME},{CITIZEN}\n".encode()
        files: Any = {"file": (FILE_NAME.replace("pdf", "csv"), table, "text/csv")}
        told.append(http.post("/v1/verify/batch", files=files).status_code)
        for typed in (copy.code, CITIZEN, OTHER_NAME, PHONE):
            told.append(http.post("/check", data={"code": typed}).status_code)
        for content in (copy.pdf, copy.pdf + b"%%EOF", copy.pdf[:5000], CITIZEN.encode(), b""):
            for path in ("/check", "/v1/verify"):
                sent = {"file": (FILE_NAME, content, "application/pdf")}
                told.append(http.post(path, files=sent).status_code)
    return told


def asked_of_codes(address: str, copy: Issued, guessed: str) -> list[int]:
    """Every address that has a code in it, asked with all that a browser might add."""
    told = []
    for code in (copy.code, copy.code.lower().replace("-", " "), guessed):
        with visitor(address) as http:
            told += [
                http.get(path).status_code
                for path in (
                    f"/v1/copies/{code}",
                    f"/v1/copies/{code}?on=2026-11-21",
                    f"/c/{code}",
                    f"/v1/copies/{code}/proof",
                    f"/v1/copies/{code}/absence",
                    f"/v1/copies/{code}/receipt",
                    f"/v1/copies/{code}/facts",
                    f"/v1/copies/{code}/pdf",
                )
            ]
            paper = {"number": "1", "name": OTHER_NAME}
            told.append(http.post(f"/v1/copies/{code}/facts", json=paper).status_code)
            told.append(http.post(f"/c/{code}/facts", data=paper).status_code)
    return told


def visitor(address: str) -> httpx.Client:
    """With an agency's key, and a browser that says where it comes from."""
    headers = {
        "Referer": f"https://mail.example/?to={PHONE}",
        "User-Agent": f"Mozilla/5.0 ({CITIZEN})",
        "Authorization": f"Bearer {KEY}",
        "Cookie": f"session={PHONE}",
        "Accept-Language": f"vi, {PHONE}",
    }

    def from_elsewhere(request: httpx.Request) -> None:
        request.headers["X-Forwarded-For"] = f"{ADDRESSES}{next(_visitors)}.77"

    hooks: dict[str, Any] = {"request": [from_elsewhere]}
    return httpx.Client(base_url=address, headers=headers, timeout=60, event_hooks=hooks)


def secrets_of(copy: Issued, guessed: str) -> list[str]:
    """All that must not be found, in the forms in which it might have been written down."""
    codes = [
        form
        for code in (copy.code, guessed)
        for form in (
            code,
            code.replace("-", ""),
            code.lower(),
            code.lower().replace("-", ""),
            code.lower().replace("-", " "),
            code.lower().replace("-", "%20"),
            code_hash(code).hex(),
            base64.b64encode(code_hash(code)).decode(),
        )
    ]
    people = [
        form
        for name in (NAME, OTHER_NAME)
        for form in (name, name.upper(), json.dumps(name).strip('"'), name[:9])
    ]
    return [*codes, *people, CITIZEN, PHONE, KEY, FILE_NAME, "N*** V**", ADDRESSES]
