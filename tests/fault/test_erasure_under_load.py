"""One person is erased while others are served; then the whole system is searched for them.

The system is `bansao demo`, all of it: database, kiosk, desk, worker, publisher, portal, dashboard.
"""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from PIL import Image, ImageEnhance

from analytics.extract import extract
from bansao.postgres import Postgres
from bansao.sample_card import Holder, SampleCard, draw_sample_card
from bansao.sample_documents import draw, sample_diploma, scan
from intake.certify.fonts import prepare_fonts
from registry.code import code_hash
from registry.log.policy import policy_of_log
from registry.log.proof_file import check_proof
from tests.testkit.browser import ASSETS
from tests.testkit.demo import Demo
from tests.testkit.postgres import open_directory
from tests.testkit.searching import (
    Needles,
    Trace,
    bytes_needles,
    in_files,
    in_tables,
    text_needles,
)

# Nobody is called so.
GONE = Holder(
    number="001195775319",
    full_name="Đặng Thị Quỳnh Hường Vy",
    mrz_name="DANG<<THI<QUYNH<HUONG<VY",
    born_on=date(1995, 3, 7),
    address="Số 77 ngõ Lạ Thường, phường Việt Hưng, Hà Nội",
)
EMAIL = "quynhhuongvy.775319@thu-nghiem.example"
PATIENCE = 300.0  # seconds, on a busy machine
DECISION = ("--decision", "9/QĐ-UBND", "--date", "2026-11-22")


class Citizen:
    """Somebody at the kiosk, over its API."""

    def __init__(self, kiosk: str, papers: "Papers", email: str | None = None) -> None:
        self.id = str(uuid.uuid4())
        token = (uuid.uuid4().hex + uuid.uuid4().hex)[:43]
        self.token = token
        self._web = httpx.Client(
            base_url=f"{kiosk}/v1/dossiers",
            headers={"authorization": f"Bearer {token}"},
            timeout=120,
        )
        self._papers, self._email = papers, email

    def hand_in(self) -> None:
        self._must(self._web.post("/", json={"id": self.id, "biometric_consent": True}))
        for role, content in self._papers.files.items():
            self._must(self._web.put(f"/{self.id}/attachments/{role}/0", content=content))
        self._must(self._web.post(f"/{self.id}/submit", json={"email": self._email}))

    def becomes(self, state: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while self._must(self.asks()).json()["state"] != state:
            assert time.monotonic() < deadline, f"never {state}"
            time.sleep(0.5)

    def copy(self) -> tuple[str, bytes, str]:
        """Code, PDF and proof: what the citizen takes home."""
        code = self._must(self._web.get(f"/{self.id}")).json()["copy"]["code"]
        pdf = self._must(self._web.get(f"/{self.id}/copy")).content
        return code, pdf, self._must(self._web.get(f"/{self.id}/proof")).text

    def asks(self) -> httpx.Response:
        return self._web.get(f"/{self.id}")

    @staticmethod
    def _must(response: httpx.Response) -> httpx.Response:
        assert response.is_success, (response.request.method, response.status_code, response.text)
        return response


class Papers:
    """What a person brings. There is one face and one form of a diploma for all: each has them in
    a light, and with a noise, of their own.
    """

    def __init__(self, holder: Holder, fonts_at: Path, light: float, noise: int) -> None:
        self.card: SampleCard = draw_sample_card(ASSETS, holder)
        diploma = draw(sample_diploma(holder), prepare_fonts(ASSETS, fonts_at))
        self.scan = scan(diploma, seed=noise)
        self.face = _lit(self.card.live, light)
        self.files = {
            "scan": self.scan,
            "card_front": self.card.front,
            "card_back": self.card.back,
            "face": self.face,
        }


def _lit(picture: bytes, light: float) -> bytes:
    content = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        ImageEnhance.Brightness(image).enhance(light).save(content, "JPEG", quality=91)
    return content.getvalue()


class OfficerAtTheDesk:
    def __init__(self, desk: str, username: str, password: str) -> None:
        self._web = httpx.Client(base_url=desk.removesuffix("/desk"), timeout=120)
        self._password = password
        self._web.get("/desk/login")
        self._post("/desk/login", username=username, password=password)

    def sign(self, dossier_id: str, **corrected: str) -> None:
        page = self._web.get(f"/desk/dossiers/{dossier_id}").text
        read = dict(re.findall(r'name="(field\.[^"]+)" value="([^"]*)"', page))
        form = read | {"document_type": "diploma", "title": "Bằng tốt nghiệp"} | corrected
        self._post(
            f"/desk/dossiers/{dossier_id}/sign", compared="yes", password=self._password, **form
        )

    def opens(self, dossier_id: str, what: str = "") -> httpx.Response:
        return self._web.get(f"/desk/dossiers/{dossier_id}{what}")

    def _post(self, path: str, **fields: str) -> None:
        token = self._web.cookies.get("bansao_csrf", "")
        done = self._web.post(path, data={"_csrf_token": token, **fields})
        assert done.status_code == 303, (path, done.status_code, done.text)


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where every process of the system puts its temporary files.

    Its name is short: a socket's address, such as a fork server's, has 107 bytes.
    """
    with open_directory() as place:
        place.chmod(0o1777)
        monkeypatch.setenv("TMPDIR", str(place))
        yield place


@pytest.fixture
def demo(temporary: Path) -> Iterator[Demo]:
    with open_directory() as data:
        running = Demo(data)
        try:
            yield running
        finally:
            code, told = running.end()
            assert code in (0, 130), told


def bansao(data: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "bansao", *arguments, "--json"],
        env=os.environ | {"BANSAO_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer, done.stdout + done.stderr


def superuser(data: Path) -> str:
    password = (data / "secrets" / "db_postgres").read_text().strip()
    return str(Postgres.running(data)).replace("//", f"//postgres:{password}@", 1)


def execute(data: Path, *statements: str) -> None:
    with psycopg.connect(superuser(data), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@contextmanager
def load(kiosk: str, desk: OfficerAtTheDesk, portal: str, papers: Papers) -> Iterator[list[str]]:
    """Others bring papers, are issued copies and check them; yields the codes that they got."""
    codes: list[str] = []
    failures: list[BaseException] = []
    over = threading.Event()

    def serve() -> None:
        try:
            while not over.is_set():
                citizen = Citizen(kiosk, papers)
                citizen.hand_in()
                citizen.becomes("review")
                desk.sign(citizen.id, holder_name="Người Khác")
                citizen.becomes("issued")
                code, *_ = citizen.copy()
                assert answer(portal, code)["verdict"] == "valid"
                codes.append(code)
        except BaseException as failure:  # noqa: BLE001 - told where it can be raised
            failures.append(failure)

    serving = threading.Thread(target=serve)
    serving.start()
    try:
        yield codes
    finally:
        over.set()
        serving.join(300)
    assert not failures, failures


def answer(portal: str, code: str) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{portal}/v1/copies/{code}", timeout=60).json()
    return found


def secrets_of(data: Path, citizen: Citizen, code: str) -> Needles:
    """What opens the person's data: it is to be as gone as they are."""
    with psycopg.connect(superuser(data)) as connection:
        key = connection.execute(
            "SELECT blob_key, token_hash FROM intake.dossier WHERE id = %s", [citizen.id]
        ).fetchone()
        salt = connection.execute(
            "SELECT salt FROM registry.copy WHERE code_hash = %s", [code_hash(code)]
        ).fetchone()
    assert key
    assert salt
    names = ("key of the files", "token", "salt")
    return dict(zip(names, (*key, *salt), strict=True))


def needles(papers: Papers) -> Needles:
    return (
        text_needles("name", GONE.full_name)
        | text_needles("address", GONE.address)
        | text_needles("number", GONE.number)
        | text_needles("e-mail", EMAIL)
        | bytes_needles("face", papers.face)
        | bytes_needles("card", papers.card.front)
        | bytes_needles("scan", papers.scan)
    )


def digests(papers: Papers) -> Needles:
    """Whoever has the file could tell by them that it was here. The copy's is in the public log."""
    return {
        f"digest of {role}": hashlib.sha256(content).digest()
        for role, content in papers.files.items()
    }


@pytest.mark.timeout(1500)
def test_nothing_of_an_erased_person_is_left_anywhere(
    demo: Demo, temporary: Path, tmp_path: Path
) -> None:
    at = demo.ready()
    execute(demo.data, "ALTER SYSTEM SET wal_recycle = off", "SELECT pg_reload_conf()")
    [lan] = [login for login in at["officers"] if login["username"] == "lan"]
    desk = OfficerAtTheDesk(at["desk"], "lan", lan["password"])
    papers, others = Papers(GONE, tmp_path, 1.05, 7), Papers(Holder(), tmp_path, 0.95, 8)
    citizen = Citizen(at["kiosk"], papers, EMAIL)
    citizen.hand_in()
    citizen.becomes("review")
    desk.sign(citizen.id, holder_name=GONE.full_name, **{"field.id_number": GONE.number})
    citizen.becomes("issued")
    code, pdf, proof = citizen.copy()
    before = answer(at["portal"], code)
    assert (before["verdict"], before["facts_erased"]) == ("valid", False)
    person = needles(papers) | digests(papers) | secrets_of(demo.data, citizen, code)
    execute(demo.data, "ANALYZE")
    held = {trace.what.partition(" (")[0] for trace in in_tables(superuser(demo.data), person)}
    assert {"name", "number", "address", "e-mail", "salt", "key of the files"} <= held, "a control"

    with load(at["kiosk"], desk, at["portal"], others) as codes:
        _await(lambda: len(codes) > 0)
        answered, told = bansao(demo.data, "erase", code, *DECISION)
        assert answered["index"] is not None
        found_while_serving = in_tables(superuser(demo.data), person)
        enough = len(codes) + 1
        _await(lambda: len(codes) >= enough)
    execute(demo.data, "ANALYZE")

    assert found_while_serving == set()
    assert in_tables(superuser(demo.data), person) == set()
    server = demo.data / "postgres"
    bansao(demo.data, "export", "tiles", str(demo.data / "tiles"))
    searched = [place for place in demo.data.iterdir() if place != server]
    assert in_files([*searched, temporary], person) == set()
    assert not {what for what, one in person.items() if one in told.encode()}
    assert _in_snapshot(demo.data, person) == set()

    _answers_erased(at["portal"], code, pdf)
    assert citizen.asks().status_code == 410
    page = desk.opens(citizen.id)
    assert page.status_code == 200
    assert "đã được xóa" in page.text
    assert desk.opens(citizen.id, "/copy").status_code == 410
    assert desk.opens(citizen.id, "/files/page/0").status_code == 410
    check_proof(proof, policy_of_log((demo.data / "trust" / "log.vkey").read_text().strip()))
    (tmp_path / "kept.proof").write_text(proof)
    offline, _ = bansao(
        demo.data, "verify", code, "--proof", str(tmp_path / "kept.proof"), "--offline"
    )
    assert offline["verdict"] == "valid"
    for other in codes:
        assert answer(at["portal"], other)["facts_erased"] is False
    assert bansao(demo.data, "audit")[0]["clean"]

    # Deleted rows in their pages, and the log that wrote them: what schema/README.md says.
    assert _folders(in_files([server], person), server) <= {"base", "pg_wal"}
    bansao(demo.data, "db", "scrub")
    assert in_files([server], person) == set()


def _answers_erased(portal: str, code: str, pdf: bytes) -> None:
    after = answer(portal, code)
    assert (after["verdict"], after["copy"], after["facts_erased"]) == ("valid", None, True)
    page = httpx.get(f"{portal}/c/{code}?lang=vi", timeout=60).text
    assert "Thông tin về người yêu cầu đã được xóa" in page
    file = {"file": ("copy.pdf", pdf, "application/pdf")}
    by_file = httpx.post(f"{portal}/v1/verify", files=file, timeout=120).json()
    assert by_file["verdict"] == "valid", "the citizen's own file is as good as before"


def _in_snapshot(data: Path, person: Needles) -> set[str]:
    """What the dashboard reads, as the role that reads it."""
    password = (data / "secrets" / "db_analytics_reader").read_text().strip()
    address = str(Postgres.running(data)).replace("//", f"//analytics_reader:{password}@", 1)
    read = extract(address)
    content = (read.copies.write_csv() + read.dossiers.write_csv()).encode()
    return {what for what, needle in person.items() if needle in content}


def _folders(traces: set[Trace], server: Path) -> set[str]:
    return {Path(trace.where).relative_to(server).parts[0] for trace in traces}


def _await(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.5)
