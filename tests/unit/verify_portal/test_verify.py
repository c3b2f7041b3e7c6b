"""The acts, on a ledger that tests make up."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import (
    ChainBroken,
    NothingPublished,
    NotYetPublished,
    RegistryUnavailable,
)
from registry.log.checkpoint import Checkpoint
from registry.lookup import Found
from tests.unit.verify_portal.evidence import CHECKPOINT, CODE, NOW, POLICY, found
from verify_portal.answer import Answer
from verify_portal.attested import Attesting
from verify_portal.copies import Copies
from verify_portal.errors import UnprovenEntry
from verify_portal.ledger import Ledger
from verify_portal.question import LONGEST_TEXT
from verify_portal.verify import verify_code, verify_digest, verify_text

PORTAL = "https://portal.example"


class MadeUpLedger(Ledger):
    """A fake: it knows one copy, or fails in one way, and has no database."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.copies = MadeUpCopies(failure)
        self.attesting = Attesting(POLICY, PORTAL)

    async def moment(self) -> Checkpoint:
        return CHECKPOINT


class MadeUpCopies(Copies):
    """A fake, see above."""

    def __init__(self, failure: Exception | None) -> None:
        self._failure = failure

    async def by_code(self, code: str) -> Found | None:
        return self._answer(code == CODE)

    async def by_digest(self, pdf_digest: bytes) -> Found | None:
        return self._answer(pdf_digest == b"\x01" * 32)

    def _answer(self, known: bool) -> Found | None:
        if self._failure:
            raise self._failure
        return found() if known else None


def ask_text(text: str, failure: Exception | None = None) -> Answer:
    return asyncio.run(
        verify_text(text, ledger=MadeUpLedger(failure), clock=lambda: NOW, portal_url=PORTAL)
    )


def ask_code(text: str, failure: Exception | None = None) -> Answer:
    return asyncio.run(verify_code(text, ledger=MadeUpLedger(failure), clock=lambda: NOW))


@pytest.mark.parametrize(
    "text",
    [
        CODE,
        CODE.lower(),
        CODE.replace("-", " "),
        CODE.replace("-", ""),
        CODE.replace("0", "o"),
        f"  {CODE}\n",
        f"{PORTAL}/c/{CODE}",
        f"{PORTAL}/c/{CODE}#0oRDoQEnoFhA-not-a-code-but-a-seal",
        f"{PORTAL}/c/{CODE}/?lang=en",
        f"Mã xác thực: {CODE}.",
    ],
)
def test_a_code_is_found_however_it_comes(text: str) -> None:
    answer = ask_text(text)
    assert (answer.verdict, answer.code) == ("valid", CODE)


def test_a_link_to_another_portal_is_answered_with_a_warning() -> None:
    answer = ask_text(f"https://portal.examp1e/c/{CODE}")
    assert answer.verdict == "valid"
    assert (answer.checks[0].name, answer.checks[0].outcome) == ("address", "warned")
    assert answer.checks[0].values == {"host": "portal.examp1e"}


def test_of_a_long_host_the_end_is_told_which_says_whose_it_is() -> None:
    answer = ask_text(f"https://{'portal.example.' * 200}@evil.example/c/{CODE}")
    host = answer.checks[0].values["host"]
    assert len(host) == 100
    assert host.endswith("@evil.example")


def test_a_hosts_name_cannot_turn_the_writing_around() -> None:
    answer = ask_text(f"https://elpmaxe.latrop\u202e\u200b.evil.example/c/{CODE}")
    assert answer.checks[0].values == {"host": "elpmaxe.latrop.evil.example"}


def test_an_unseen_character_makes_a_host_another_one() -> None:
    answer = ask_text(PORTAL.replace(".", "\u200b.") + f"/c/{CODE}")
    assert (answer.checks[0].name, answer.checks[0].outcome) == ("address", "warned")


@pytest.mark.parametrize(
    "text", ["evil.example/c/", "EVIL.example:8443/c/", "//evil.example/c/", "ftp://evil.example/"]
)
def test_another_address_is_warned_of_without_its_scheme_too(text: str) -> None:
    answer = ask_text(text + CODE)
    assert answer.verdict == "valid"
    assert (answer.checks[0].name, answer.checks[0].outcome) == ("address", "warned")


@pytest.mark.parametrize(
    "text",
    [
        "https:///evil.example/c/",
        "HTTPS:/\\evil.example/c/",
        "https:\\\\evil.example/c/",
        "https:evil.example/c/",
        "\x01ht\ttps:///evil.example/c/",
        "https://[evil.example/c/",
        "portal.example@evil.example/c/",
        "https://portal.example@evil.example/c/",
        "https://portal.example\\@evil.example/c/",
        "intent://portal.example/c/",
        "javascript://portal.example/c/",
    ],
)
def test_what_leads_browsers_elsewhere_is_warned_of_however_it_is_written(text: str) -> None:
    answer = ask_text(text + CODE)
    assert (answer.checks[0].name, answer.checks[0].outcome) == ("address", "warned")


@pytest.mark.parametrize("letter", [".", "a.", "/", "a/", "-", ":", "@.", "\x01", "http:"])
def test_no_text_takes_long_to_read(letter: str) -> None:
    """Else a batch of such texts holds up everybody for a minute."""

    def cost(text: str) -> float:
        begun = time.process_time()
        for _ in range(5):
            ask_text(text)
        return time.process_time() - begun

    whole = (letter * LONGEST_TEXT)[:LONGEST_TEXT]
    assert cost(whole) < 25 * max(cost("A" * LONGEST_TEXT), cost(f"{PORTAL}/c/{CODE}"))


@pytest.mark.parametrize("text", ["portal.example/c/", "HTTPS://PORTAL.EXAMPLE/C/"])
def test_our_own_address_needs_no_warning(text: str) -> None:
    assert ask_text(text + CODE).checks[0].name == "code"


@pytest.mark.parametrize("gap", [" ", "\n" * 50, "\u2028", "\t", " (", " / "])
@pytest.mark.parametrize(
    "shown",
    ["AAAAAA-BBBBBB-CCCCCC", "7QK2MD 93WXTR 0HBVS6", "7QK2MD93WXTR0HBVS4", "7qk2md-93wxtr-0hbvs7"],
)
def test_a_code_does_not_answer_for_another_that_stands_beside_it(shown: str, gap: str) -> None:
    """Cells of tables show their first line."""
    for text in (f"{shown}{gap}{CODE}", f"{CODE}{gap}{shown}"):
        answer = ask_text(text)
        assert (answer.verdict, answer.checks[-1].detail) == ("malformed", "ambiguous")


@pytest.mark.parametrize("text", [f"{CODE} {CODE.lower()}", f"{CODE}\n{CODE.replace('-', '')}"])
def test_a_code_that_stands_there_twice_is_one(text: str) -> None:
    assert ask_text(text).verdict == "valid"


def test_a_slip_in_a_link_is_located() -> None:
    answer = ask_text(f"{PORTAL}/c/{CODE[:8]}A{CODE[9:]}")
    assert (answer.verdict, answer.mistake_at) == ("malformed", 7)


def test_a_digest_may_be_pasted_too() -> None:
    assert ask_text("01" * 32).verdict == "valid"
    assert ask_text("02" * 32).verdict == "unknown"


def test_a_digest_of_the_wrong_length_is_malformed() -> None:
    answer = asyncio.run(verify_digest("01" * 31, ledger=MadeUpLedger(), clock=lambda: NOW))
    assert answer.verdict == "malformed"


@pytest.mark.parametrize(
    ("failure", "detail"),
    [
        (NotYetPublished("soon"), "unpublished"),
        (NothingPublished("soon"), "unpublished"),
        (RegistryUnavailable("gone"), "registry"),
        (ChainBroken("contradiction"), "unproven"),
        (UnprovenEntry(3), "unproven"),
    ],
)
def test_what_we_cannot_answer_is_never_unknown(failure: Exception, detail: str) -> None:
    for ask in (ask_code, ask_text):
        answer = ask(CODE, failure)
        assert answer.verdict == "unavailable"
        assert answer.checks[0].detail == detail
        assert answer.retry_after


@pytest.mark.parametrize("ask", [ask_code, ask_text])
@given(text=st.text(max_size=200))
def test_any_text_gets_a_verdict(ask: Callable[[str], Answer], text: str) -> None:
    assert ask(text).verdict in {"malformed", "unknown", "valid"}


def test_a_question_about_a_code_loads_no_parser() -> None:
    """`bansao verify CODE` would spend seconds on them."""
    loaded = "import sys, verify_portal.verify, verify_portal.ledger; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", loaded], check=True, capture_output=True)
    parsers = {b"pyhanko", b"pypdfium2", b"zxingcpp", b"PIL", b"pebble", b"litestar"}
    assert parsers.isdisjoint(told.stdout.split())
