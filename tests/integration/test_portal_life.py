"""What the portal says of a copy's life: history, past days, status lists, the cancelled copies."""

import xml.etree.ElementTree as ET
from datetime import date, datetime, timedelta

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.append import Appender
from registry.clock import HANOI, utc_now
from registry.code import code_hash, new_code
from registry.entry import StatusChange, parse_entry
from registry.log.map_proof import check_map_proof
from registry.log.policy import policy_of_log
from registry.log.proof_file import parse_proof
from registry.status_list import CAPACITY
from registry.status_lists import StatusLists
from registry.status_place import reserve_place
from registry.status_token import CWT_TYPE, JWT_TYPE, open_token
from tests.testkit.copies import UNIT, VKEY, publish_now, registered, store_of
from tests.testkit.issued import PORTAL_URL, CopyOffice, copy_office, signing_house

__all__ = ["copy_office", "signing_house"]

KEY = Ed25519PrivateKey.from_private_bytes(b"\x0e" * 32)
DECIDED = date(2026, 11, 22)
WHO = {"decided_by": "chairman", "entered_by": "clerk"}
ATOM = "{http://www.w3.org/2005/Atom}"


async def listed(office: CopyOffice) -> None:
    async with store_of(office.database, "registry_publisher") as store:
        await StatusLists(store, KEY, PORTAL_URL, utc_now).advance()


async def test_a_copys_life_is_told_with_every_decision(copy_office: CopyOffice) -> None:
    old, new = await registered(copy_office.database, 2)
    async with (
        store_of(copy_office.database, "registry_writer") as store,
        Appender(store, utc_now) as appender,
    ):
        place = await reserve_place(store, old.code)
        await appender.suspend(
            old.code, decision="1/QĐ", decided_on=DECIDED, reason="Xem lại", **WHO
        )
        await appender.reinstate(old.code, decision="2/QĐ", decided_on=DECIDED, **WHO)
        await appender.supersede(
            old.code, successor=new.code, decision="3/QĐ", decided_on=DECIDED, **WHO
        )
    await publish_now(copy_office.database)
    today = datetime.now(HANOI).date()
    yesterday = today - timedelta(days=1)
    async with copy_office.client() as http:
        answer = (await http.get(f"/v1/copies/{old.code}")).json()
        that_day = (await http.get(f"/v1/copies/{old.code}?on={yesterday}")).json()
        page = (await http.get(f"/c/{old.code}?on={yesterday}&lang=en")).text
        for wrong in (today + timedelta(days=1), "never", "2026-13-01"):
            assert (await http.get(f"/v1/copies/{old.code}?on={wrong}")).status_code == 400
    kinds = [change["kind"] for change in answer["history"]]
    assert kinds == ["issued", "suspended", "reinstated", "superseded"]
    assert answer["history"][1]["decision"] == {
        "number": "1/QĐ",
        "decided_on": "2026-11-22",
        "reason": "Xem lại",
    }
    assert answer["history"][3]["successor"] == code_hash(new.code).hex()
    assert new.code not in page
    uri = f"{PORTAL_URL}/v1/status-list/{place.list}"
    assert answer["status_list"] == {"list": place.list, "idx": place.index, "uri": uri}
    assert answer["checkpoint"]["note"].startswith(answer["checkpoint"]["origin"])
    # Registered today: what was yesterday is answered, what is now stays the verdict.
    assert (that_day["verdict"], that_day["on_day"]["verdict"]) == ("superseded", None)
    assert "had not entered this copy" in page
    assert f"?on={yesterday}&amp;lang=vi" in page


async def test_status_lists_are_served_in_both_forms(copy_office: CopyOffice) -> None:
    copies = await registered(copy_office.database, 2)
    async with store_of(copy_office.database, "registry_writer") as store:
        place = await reserve_place(store, copies[0].code)
    await copy_office.revoke(copies[0].code)
    await listed(copy_office)
    address = f"/v1/status-list/{place.list}"
    async with copy_office.client() as http:
        jwt = await http.get(address, headers={"Accept": JWT_TYPE})
        cwt = await http.get(address, headers={"Accept": CWT_TYPE})
        said = open_token(KEY.public_key(), jwt.content)
        assert said == open_token(KEY.public_key(), cwt.content)
        assert said.uri == PORTAL_URL + address
        assert said.verdict_at(place.index) == "revoked"
        assert said.verdict_at((place.index + 1) % CAPACITY) == "valid"
        assert (jwt.headers["content-type"], cwt.headers["content-type"]) == (JWT_TYPE, CWT_TYPE)
        assert jwt.headers["content-encoding"] == "gzip"
        assert jwt.headers["cache-control"] == "public, max-age=60"
        assert "Accept" in jwt.headers["vary"]
        again = await http.get(address, headers={"If-None-Match": jwt.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

        assert (await http.get("/v1/status-list")).json() == {"status_lists": [said.uri]}
        first = await http.get("/v1/status-list", headers={"Accept": JWT_TYPE})
        assert open_token(KEY.public_key(), first.content) == said

        then = int(said.issued_at.timestamp())
        for time, status in ((then, 200), (then - 1, 404), (then + 24 * 3600, 404), ("x", 400)):
            assert (await http.get(f"{address}?time={time}")).status_code == status, time
        for number in (f"{place.list}9", "99999999999999", "-1", "-99999999999999"):
            assert (await http.get(f"/v1/status-list/{number}")).status_code == 404, number
        assert (await http.get(address, headers={"Accept": "image/png"})).status_code == 406


async def test_cancelled_copies_are_listed_without_names_and_codes(
    copy_office: CopyOffice,
) -> None:
    copies = await registered(copy_office.database, 28)
    async with (
        store_of(copy_office.database, "registry_writer") as store,
        Appender(store, utc_now) as appender,
    ):
        for at, copy in enumerate(copies[:27]):
            await appender.revoke(
                copy.code,
                decision=f"{at}/QĐ",
                decided_on=date(2026, 10, 31) if at < 2 else DECIDED,
                reason="Cấp nhầm <b>",
                **WHO,
            )
        await appender.suspend(copies[27].code, decision="99/QĐ", decided_on=DECIDED, **WHO)
    await publish_now(copy_office.database)
    await listed(copy_office)
    async with copy_office.client() as http:
        first = (await http.get("/v1/revoked")).json()
        assert [line["decision"] for line in first["revoked"]] == [
            f"{at}/QĐ" for at in range(26, 1, -1)
        ]
        assert first["checkpoint"]["size"] == 56
        rest = (await http.get(first["next"])).json()
        assert [line["decision"] for line in rest["revoked"]] == ["1/QĐ", "0/QĐ"]
        assert rest["next"] is None
        for query, count in (
            (f"unit={UNIT}", 25),
            ("unit=99999", 0),
            ("month=2026-10", 2),
            (f"unit={UNIT}&month=2026-10", 2),
            ("month=2026-09", 0),
        ):
            found = (await http.get(f"/v1/revoked?{query}")).json()["revoked"]
            assert len(found) == count, query
        for wrong in ("month=10", "before=-1", "unit=%3Cscript", "before=x"):
            assert (await http.get(f"/v1/revoked?{wrong}")).status_code == 400
        texts = [
            (await http.get("/revoked", headers={"Accept-Language": "en"})).text,
            (await http.get("/revoked.atom")).text,
            (await http.get("/v1/revoked")).text,
        ]
        await proves(http, first["revoked"][0]["index"], "26/QĐ")
    for text in texts:
        assert "Nguyễn" not in text
        assert not any(copy.code in text for copy in copies)
        assert "<b>" not in text.replace('"Cấp nhầm <b>"', "")
    entries = ET.fromstring(texts[1]).findall(f"{ATOM}entry")  # noqa: S314 - our own feed
    assert len(entries) == 25
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 25


async def proves(http: httpx.AsyncClient, index: int, decision: str) -> None:
    """Each line leads to the proof of its entry."""
    proof = parse_proof((await http.get(f"/log/proof/{index}")).text)
    entry = parse_entry(proof.body)
    assert isinstance(entry, StatusChange)
    assert entry.decision == decision


async def test_what_the_log_holds_about_a_code_is_proven_from_a_file(
    copy_office: CopyOffice,
) -> None:
    issued, revoked = await registered(copy_office.database, 2)
    absent = new_code()
    async with copy_office.client() as http:
        assert (await http.get(f"/v1/copies/{absent}/absence")).status_code == 503
        await publish_now(copy_office.database)
        await copy_office.revoke(revoked.code)
        held = {}
        for code in (issued.code, revoked.code, absent):
            answer = (await http.get(f"/v1/copies/{code}")).json()
            assert answer["checkpoint"]["commits_to_codes"] is True
            file = await http.get(f"/v1/copies/{code}/absence")
            assert file.headers["content-disposition"] == 'attachment; filename="bansao.map-proof"'
            proof = check_map_proof(file.text, code_hash(code), policy_of_log(VKEY))
            assert proof.checkpoint.size == answer["checkpoint"]["size"]
            held[code] = proof.found and (proof.found.count, proof.found.latest)
            assert f"/v1/copies/{code}/absence" in (await http.get(f"/c/{code}")).text
        assert held == {issued.code: (1, 0), revoked.code: (2, 2), absent: None}
        assert (await http.get("/v1/copies/no-code/absence")).status_code == 404


async def test_before_anything_is_published_or_listed(copy_office: CopyOffice) -> None:
    async with copy_office.client() as http:
        assert (await http.get("/v1/revoked")).status_code == 503
        assert (await http.get("/v1/status-list/0")).status_code == 404
        await publish_now(copy_office.database)
        assert (await http.get("/v1/revoked")).json()["revoked"] == []
        assert "503" not in (await http.get("/revoked")).text
