"""`bansao verify RECEIPT.json --offline`, as somebody runs it who has the base installation."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bansao.cli import bansao
from registry.log.cosignature import cosigner_line
from registry.log.policy import policy_text
from tests.testkit.code_maps import POLICY
from tests.testkit.receipts import CODE, RECEIPT_KEY, LogInMemory
from verify_portal.receipt.statement import Question, sign_receipt

WITNESS = ("witness.example", Ed25519PrivateKey.from_private_bytes(b"\x02" * 32))
# Whatever is not of the base installation and could be imported on the way.
EXTRAS = ("litestar", "pyhanko", "pikepdf", "typst", "jinja2", "fluent", "pebble", "zxingcpp")


def policy_with(witness: Ed25519PrivateKey) -> str:
    line = cosigner_line(WITNESS[0], witness.public_key())
    return policy_text(POLICY).replace("quorum none", f"witness city {line}\nquorum city")


def asking_another_witness(trust: Path) -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"\x03" * 32)
    (trust / "log.policy").write_text(policy_with(stranger))


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    (tmp_path / "log.policy").write_text(policy_with(WITNESS[1]))
    public = RECEIPT_KEY.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "receipt.vkey.pem").write_bytes(pem)
    return tmp_path


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    log = LogInMemory(WITNESS)
    log.issue(CODE)
    path = tmp_path / "bansao-receipt.json"
    path.write_bytes(sign_receipt(RECEIPT_KEY, log.statement(Question(code=CODE))))
    return path


def verified(receipt: Path, trust: Path, *options: str) -> Result:
    named = {"BANSAO_TRUST": str(trust), "BANSAO_POLICY": ""}
    return CliRunner().invoke(bansao, ["verify", str(receipt), "--offline", *options], env=named)


def test_it_says_of_when_the_verdict_is_and_who_saw_the_log_then(
    receipt: Path, trust: Path
) -> None:
    told = verified(receipt, trust)
    assert (told.exit_code, told.output.splitlines()[0]) == (0, "valid")
    assert told.output.splitlines()[-1].strip() == (
        "valid as of 2026-11-22 09:01:00+07:00 by the portal's clock, with the log at size 1; "
        "city saw that state at 2026-11-22 09:01:00+07:00"
    )
    fields = json.loads(verified(receipt, trust, "--json").stdout)
    assert (fields["genuine"], fields["code"], fields["as_of"]) == (
        True,
        CODE,
        "2026-11-22T02:01:00Z",
    )


def test_a_refused_one_says_so_and_names_the_step(receipt: Path, trust: Path) -> None:
    asking_another_witness(trust)
    told = verified(receipt, trust)
    assert told.exit_code == 1
    assert "2. checkpoint failed" in told.output
    assert told.output.splitlines()[-1].strip() == (
        "the receipt is refused: nothing that it says counts"
    )
    assert json.loads(verified(receipt, trust, "--json").stdout)["genuine"] is False


def test_without_the_portals_key_it_says_where_to_get_it(receipt: Path, trust: Path) -> None:
    (trust / "receipt.vkey.pem").unlink()
    told = verified(receipt, trust)
    assert told.exit_code != 0
    assert "receipt.vkey.pem is missing" in str(told.exception)


def test_the_json_form_needs_no_package_of_the_portal(receipt: Path, trust: Path) -> None:
    script = (
        "import sys\n"
        f"for name in {EXTRAS!r}: sys.modules[name] = None\n"
        "from bansao.cli import main\n"
        f"sys.argv = ['bansao', 'verify', {str(receipt)!r}, '--offline']\n"
        "main()\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={"BANSAO_TRUST": str(trust), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.startswith("valid\n"), told.stderr
