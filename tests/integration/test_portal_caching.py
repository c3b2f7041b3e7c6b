"""What a CDN before the portal may keep of each route: the table in verify_portal/README.md."""

from registry.code import new_code
from tests.testkit.copies import publish_now, registered
from tests.testkit.issued import CopyOffice, copy_office, signing_house

__all__ = ["copy_office", "signing_house"]

NEVER = "no-store"
LANGUAGE = "Accept-Language, Cookie"
#: Route, what may be kept, by which request headers responses differ.
KEPT = [
    ("/", "public, max-age=60", LANGUAGE),
    ("/robots.txt", "public, max-age=86400", None),
    ("/static/portal.css", "max-age=3600, public", None),
    ("/static/file.js", "max-age=3600, public", None),
    ("/fonts/files/be-vietnam-pro-vietnamese-400-normal.woff2", "max-age=2592000, public", None),
    ("/revoked", "public, max-age=60", LANGUAGE),
    ("/v1/revoked", "public, max-age=60", None),
    ("/revoked.atom", "public, max-age=60", LANGUAGE),
    ("/scan", "public, no-cache", LANGUAGE),
    ("/scan/service_worker.js", "public, no-cache", None),
    ("/scan/manifest.webmanifest", "public, no-cache", LANGUAGE),
    ("/v1/keys", "public, max-age=300", None),
    ("/v1/status-list", "public, max-age=60", "Accept"),
    ("/log/checkpoint", "public, max-age=1, must-revalidate", None),
    ("/log/tile/0/000.p/3", "public, max-age=3600, immutable", None),
    ("/log/tile/entries/000.p/3", "public, max-age=3600, immutable", "Accept-Encoding"),
    ("/log/policy", "public, max-age=60", None),
]
NEVER_KEPT = [
    "/c/{code}",
    "/c/{unknown}",
    "/v1/copies/{code}",
    "/v1/copies/{unknown}",
    "/v1/copies/{code}?on=2026-11-21",
    "/v1/copies/{code}/proof",
    "/v1/copies/{code}/absence",
    "/v1/copies/{code}/receipt",
    "/v1/copies/{code}/facts",
    "/v1/copies/{code}/pdf",
    "/c/{code}/facts",
    "/scan/0/scan.js",
    "/batch",
    "/v1/copies/nonsense",
    "/log/proof/0",
    "/log/tile/0/005",
    "/?lang=en",
    "/healthz",
    "/readyz",
    "/metrics",
    "/nowhere",
    "/v1/nowhere",
    "/schema/openapi.json",
]


async def a_copy(office: CopyOffice) -> str:
    copies = await registered(office.database, 3)
    await publish_now(office.database)
    return copies[0].code


async def test_every_route_says_what_may_be_kept(copy_office: CopyOffice) -> None:
    code = await a_copy(copy_office)
    async with copy_office.client() as http:
        for path, kept, varies in KEPT:
            response = await http.get(path)
            assert response.status_code == 200, path
            told = response.headers
            assert (path, told["Cache-Control"], told.get("Vary")) == (path, kept, varies)
        for path in NEVER_KEPT:
            response = await http.get(path.format(code=code, unknown=new_code()))
            assert (path, response.headers["Cache-Control"]) == (path, NEVER)
            assert "ETag" not in response.headers


async def test_who_has_the_bytes_gets_no_others(copy_office: CopyOffice) -> None:
    await a_copy(copy_office)
    async with copy_office.client() as http:
        for path, kept, varies in KEPT:
            tag = (await http.get(path)).headers["ETag"]
            assert tag.startswith('"')
            for wanted in (tag, f"W/{tag}", f'"other", {tag}', "*"):
                again = await http.get(path, headers={"If-None-Match": wanted})
                assert (path, again.status_code, again.content) == (path, 304, b"")
                assert again.headers["ETag"] == tag
                assert again.headers["Cache-Control"] == kept
                assert again.headers.get("Vary") == varies
                assert "Content-Length" not in again.headers
                assert "default-src 'none'" in again.headers["Content-Security-Policy"]
            changed = await http.get(path, headers={"If-None-Match": '"other"'})
            assert changed.status_code == 200
            assert changed.content


async def test_head_is_get_without_its_body(copy_office: CopyOffice) -> None:
    code = await a_copy(copy_office)
    asked = (f"/c/{code}", f"/v1/copies/{code}", "/healthz", "/nowhere", "/log/tile/0/005")
    async with copy_office.client() as http:
        for path in (*[path for path, _, _ in KEPT], *asked):
            got, told = await http.get(path), await http.head(path)
            assert (told.status_code, told.content) == (got.status_code, b""), path
            assert told.headers == got.headers, path
        refused = await http.head("/check")
        assert (refused.status_code, "HEAD" in refused.headers["Allow"]) == (405, False)
        refused = await http.put(f"/v1/copies/{code}")
        assert refused.status_code == 405
        assert {"GET", "HEAD"} <= set(refused.headers["Allow"].split(", "))
        again = await http.head("/", headers={"If-None-Match": "*"})
        assert again.status_code == 304


async def test_the_answer_to_a_code_is_never_confirmed_by_a_tag(copy_office: CopyOffice) -> None:
    code = await a_copy(copy_office)
    async with copy_office.client() as http:
        for path in (f"/v1/copies/{code}", f"/c/{code}"):
            response = await http.get(path, headers={"If-None-Match": "*"})
            assert (response.status_code, bool(response.content)) == (200, True)


async def test_a_new_publication_has_a_new_tag(copy_office: CopyOffice) -> None:
    await a_copy(copy_office)
    async with copy_office.client() as http:
        tags = [(await http.get("/log/checkpoint")).headers["ETag"]]
        await registered(copy_office.database, 1)
        await publish_now(copy_office.database)
        again = await http.get("/log/checkpoint", headers={"If-None-Match": tags[0]})
    assert again.status_code == 200
    assert again.headers["ETag"] != tags[0]


async def test_compressed_and_plain_bytes_have_tags_of_their_own(copy_office: CopyOffice) -> None:
    await a_copy(copy_office)
    path = "/log/tile/entries/000.p/3"
    async with copy_office.client() as http:
        tags = {
            (await http.get(path, headers={"Accept-Encoding": coding})).headers["ETag"]
            for coding in ("gzip", "identity")
        }
    assert len(tags) == 2


async def test_a_refusal_is_kept_by_nobody(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        unready = await http.get("/log/checkpoint")
        wrong = await http.post("/")
    assert [one.status_code for one in (unready, wrong)] == [503, 405]
    for response in (unready, wrong):
        assert response.headers["Cache-Control"] == NEVER


async def test_no_search_engine_lists_anything(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        for path in (*[path for path, _, _ in KEPT], *NEVER_KEPT):
            response = await http.get(path.format(code=new_code(), unknown=new_code()))
            assert response.headers.get_list("X-Robots-Tag") == ["noindex, nofollow"], path
        # Crawlers may come for the word that keeps them off.
        robots = (await http.get("/robots.txt")).text
    assert "Disallow: /log/" in robots
    assert "Disallow: /c/" not in robots
    assert "Disallow: /\n" not in robots
