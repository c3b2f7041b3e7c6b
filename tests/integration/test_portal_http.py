"""The portal's manners over HTTP: headers, refusals, limits, languages, and silence in its logs."""

import asyncio
import json
from collections.abc import Iterator, MutableMapping

import pytest
import structlog
from litestar import _parsers
from msgspec.structs import replace
from structlog.testing import capture_logs

from registry.code import new_code
from registry.log.checkpoint import parse_checkpoint
from registry.log.tree import leaf_hash
from tests.testkit.copies import ORIGIN, publish_now, registered
from tests.testkit.issued import CopyOffice, copy_office, signing_house
from verify_portal.file.verify_file import MOST_BYTES

__all__ = ["copy_office", "signing_house"]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
#: Whether scripts of other sites may read it.
OPEN = {
    "/v1/copies/x": True,
    "/v1/copies/x/proof": True,
    "/v1/digests/x/receipt": True,
    "/v1/status-list/7": True,
    "/log/proof/7": True,
    "/v1/copies/x/facts": False,
    "/c/x": False,
    "/v1/nowhere": False,
}
BROWSER = {"Accept": "text/html,application/xhtml+xml"}


async def some_code(office: CopyOffice) -> str:
    (copy,) = await registered(office.database, 1)
    await publish_now(office.database)
    return copy.code


async def test_every_response_forbids_what_the_pages_do_not_need(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        for path in ("/", "/nowhere", "/v1/copies/x", "/static/portal.css", "/healthz"):
            headers = (await http.get(path)).headers
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert "strict-transport-security" not in headers


async def test_answers_are_kept_by_no_cache_and_found_by_no_search_engine(
    copy_office: CopyOffice,
) -> None:
    code = await some_code(copy_office)
    async with copy_office.client() as http:
        page = await http.get(f"/c/{code}")
        answer = await http.get(f"/v1/copies/{code}")
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_pages_work_without_a_script(copy_office: CopyOffice) -> None:
    code = await some_code(copy_office)
    async with copy_office.client() as http:
        typed = await http.post("/check", data={"code": code.lower().replace("-", " ")})
        assert (typed.status_code, typed.headers["Location"]) == (303, f"/c/{code}")
        page = await http.get(typed.headers["Location"])
        assert "Mã hợp lệ" in page.text
        upload = await http.post("/check", files={"file": ("a.txt", b"plain text")})
        assert "Tệp này không kiểm tra được" in upload.text


async def test_what_was_mistyped_gets_no_address_of_its_own(copy_office: CopyOffice) -> None:
    """Somebody types an identity number into the wrong field; addresses are remembered."""
    async with copy_office.client() as http:
        response = await http.post("/check", data={"code": "001090000001"})
    assert response.status_code == 200
    assert "Location" not in response.headers
    assert "001090000001" in response.text


async def test_the_language_is_chosen_once_and_kept(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        assert '<html lang="vi">' in (await http.get("/")).text
        english = {"Accept-Language": "en-GB,en;q=0.9"}
        assert '<html lang="en">' in (await http.get("/", headers=english)).text
        assert '<html lang="en">' in (await http.get("/?lang=en")).text
        assert '<html lang="en">' in (await http.get("/")).text
        answer = (await http.get("/v1/copies/nonsense")).json()
        assert answer["message"].startswith("No code looks like this")


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (b'{"code": "a", "qr": "b"}', "application/json", 400),
        (b'{"code": 7}', "application/json", 400),
        (b'{"unheard": "of"}', "application/json", 400),
        (b"not json", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"--x\r\n", "multipart/form-data; boundary=x", 400),
        (b"", "multipart/form-data", 400),
        (b"code=x", "application/x-www-form-urlencoded", 415),
        (b"x", "text/plain", 415),
    ],
)
async def test_what_is_no_question_is_a_problem_document(
    copy_office: CopyOffice, content: bytes, kind: str, status: int
) -> None:
    async with copy_office.client() as http:
        response = await http.post("/v1/verify", content=content, headers={"Content-Type": kind})
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"].startswith("application/problem+json")
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]


async def test_a_problem_is_a_page_for_people_and_repeats_no_address(
    copy_office: CopyOffice,
) -> None:
    async with copy_office.client() as http:
        page = await http.get("/nowhere/001090000001", headers=BROWSER)
        document = await http.get("/v1/nowhere/001090000001")
    assert (page.status_code, document.status_code) == (404, 404)
    assert "Không có trang này" in page.text
    assert "001090000001" not in page.text + document.text


async def test_an_enormous_upload_is_cut_off(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        for path in ("/v1/verify", "/check"):
            response = await http.post(path, files={"file": ("a.pdf", bytes(MOST_BYTES + 200_000))})
            assert response.status_code == 413, path
        long_question = await http.post("/check", data={"code": "A" * 200_000})
        assert long_question.status_code == 413
        long_question = await http.post("/v1/verify", json={"qr": "A" * 200_000})
        assert long_question.status_code == 413


async def test_a_form_is_not_remembered(copy_office: CopyOffice) -> None:
    """The framework keeps the last thousand, with the names of those who hold papers."""
    _parsers.parse_url_encoded_form_data.cache_clear()
    async with copy_office.client() as http:
        await http.post("/check", data={"code": "001090000001"})
        await http.post(f"/c/{new_code()}/facts", data={"number": "5", "holder_name": "An"})
        assert (await http.post("/check", content="a&" * 200, headers=FORM)).status_code == 400
    assert _parsers.parse_url_encoded_form_data.cache_info().currsize == 0


async def test_a_guesser_is_told_to_wait(copy_office: CopyOffice) -> None:
    await some_code(copy_office)
    async with copy_office.client() as http:
        for _ in range(500):
            response = await http.get(f"/v1/copies/{new_code()}")
            if response.status_code == 429:
                break
        assert response.status_code == 429
        assert int(response.headers["Retry-After"]) >= 1
        # Another site's script is told as well, but where it gets no answer.
        open_to = {path: (await http.get(path)).headers for path in OPEN}
        for path, is_open in OPEN.items():
            assert ("Access-Control-Allow-Origin" in open_to[path]) == is_open, path
            assert open_to[path].get("Access-Control-Expose-Headers") == (
                "Retry-After" if is_open else None
            )
        assert response.headers["Content-Type"].startswith("application/problem+json")
        assert (await http.get("/healthz")).status_code == 200


@pytest.fixture
def log_lines() -> Iterator[list[MutableMapping[str, object]]]:
    structlog.configure(processors=[structlog.processors.format_exc_info])
    with capture_logs() as lines:
        yield lines
    structlog.reset_defaults()


async def test_logs_and_metrics_name_no_code_and_nobody(
    copy_office: CopyOffice, log_lines: list[MutableMapping[str, object]]
) -> None:
    code = await some_code(copy_office)
    async with copy_office.client() as http:
        await http.get(f"/c/{code}")
        await http.get(f"/v1/copies/{code}")
        await http.get(f"/v1/copies/{code}/proof")
        metrics = (await http.get("/metrics")).text
    told = json.dumps(log_lines, default=str, ensure_ascii=False) + metrics
    assert [line["verdict"] for line in log_lines if "verdict" in line] == ["valid", "valid"]
    assert 'bansao_portal_verdicts_total{asked="code",verdict="valid"} 2.0' in metrics
    assert 'route="/c/{code}"' in metrics
    for secret in (code, code.replace("-", ""), "Nguyễn", "N*** V** A*"):
        assert secret not in told


async def test_an_independent_client_reads_the_log(copy_office: CopyOffice) -> None:
    """C2SP tlog-tiles with nothing but HTTP: bundle, tile and checkpoint agree."""
    await registered(copy_office.database, 5)
    await publish_now(copy_office.database)
    async with copy_office.client() as http:
        checkpoint = parse_checkpoint((await http.get("/log/checkpoint")).text)
        assert (checkpoint.origin, checkpoint.size) == (ORIGIN, 5)
        tile = (await http.get("/log/tile/0/000.p/5")).content
        bundle = (await http.get("/log/tile/entries/000.p/5")).content
        assert [leaf_hash(body) for body in bodies(bundle)] == [
            tile[at : at + 32] for at in range(0, 160, 32)
        ]
        for path in ("0/000", "0/000.p/6", "0/0.p/5", "0/001.p/1", "9/000.p/1"):
            assert (await http.get(f"/log/tile/{path}")).status_code == 404, path


async def test_the_description_of_the_api_has_its_ways_and_examples(
    copy_office: CopyOffice,
) -> None:
    async with copy_office.client() as http:
        described = (await http.get("/schema/openapi.json")).json()
    ways = described["paths"]["/v1/verify"]["post"]["requestBody"]["content"]
    assert set(ways) == {"multipart/form-data", "application/pdf", "application/json"}
    told = described["components"]["schemas"]["Told"]["properties"]
    assert set(told["verified"]["enum"]) == {"code", "content", "nothing"}
    answers = described["paths"]["/v1/verify"]["post"]["responses"]
    assert "`verified` is `content`" in answers["200"]["description"]
    text = json.dumps(described)
    assert "/v1/copies/{code}/proof" in described["paths"]
    assert "N*** V** A*" in text


async def test_ready_only_with_something_to_answer_from(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        assert (await http.get("/readyz")).status_code == 503
        await some_code(copy_office)
        await asyncio.sleep(0.3)  # it is told for a quarter of a second
        assert (await http.get("/readyz")).status_code == 200
        assert (await http.get("/healthz")).status_code == 200


async def test_a_portal_behind_tls_insists_on_it(copy_office: CopyOffice) -> None:
    settings = replace(copy_office.settings, portal_url="https://tra.example")
    async with replace(copy_office, settings=settings).client() as http:
        assert "max-age" in (await http.get("/")).headers["Strict-Transport-Security"]


def bodies(bundle: bytes) -> list[bytes]:
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2], "big")
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found
