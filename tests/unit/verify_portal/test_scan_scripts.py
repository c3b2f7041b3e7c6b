"""The scanning page's scripts read seals and lists as the registry does: run in Node."""

import json
import random
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.seal import SealClaims, make_seal
from registry.status_list import Place
from tests.testkit.browser import ASSETS, node
from tests.unit.registry.test_seal_vectors import VECTORS, reading
from verify_portal.question import CodeQuestion, text_question
from verify_portal.scan.page import open_release

_PROGRAM = """
import { readFileSync } from "node:fs";
import { importKey } from "./bytes.js";
import { judge } from "./judge.js";
import { readQrText } from "./qr_text.js";
import { SealRefused, openSeal } from "./seal.js";
import { openStatusList } from "./status_list.js";

const { keys, seals, lists, asked, texts, judged } = JSON.parse(readFileSync(0, "utf-8"));
const opened = async ({ x, nbf, exp }) => ({ key: await importKey(x), nbf, exp });
const imported = (purpose) => Promise.all(keys[purpose].map(opened));
const sealKeys = await imported("seal");
const listKeys = await imported("status-list");

async function reading(seal) {
  try {
    return { claims: await openSeal(sealKeys, seal) };
  } catch (refusal) {
    if (!(refusal instanceof SealRefused)) throw refusal;
    return { refused: refusal.reason };
  }
}

async function listed(jwt) {
  try {
    const list = await openStatusList(listKeys, jwt);
    return { says: { number: list.number, verdicts: asked.map((index) => list.verdictAt(index)) } };
  } catch {
    return { refused: true };
  }
}

async function judgement({ text, lists: held, now, noKeys }) {
  const fresh = await Promise.all(held.map((jwt) => openStatusList(listKeys, jwt)));
  const trust = {
    sealKeys: noKeys ? [] : sealKeys,
    lists: new Map(fresh.map((list) => [list.number, list])),
    unsupported: false,
  };
  const { seal, status } = await judge(text, trust, now);
  return [seal.outcome, status?.outcome ?? null];
}

console.log(JSON.stringify({
  seals: await Promise.all(seals.map(reading)),
  lists: await Promise.all(lists.map(listed)),
  texts: texts.map(readQrText),
  judged: await Promise.all(judged.map(judgement)),
}));
"""
_SEALS = {vector["name"]: vector["seal"] for vector in VECTORS["seals"]}
_LIST = next(vector["jwt"] for vector in VECTORS["lists"] if "says" in vector)
_GOOD = _SEALS["with a place"]
_CODE = next(vector["claims"]["code"] for vector in VECTORS["seals"] if "claims" in vector)
_SEAL_KEY = Ed25519PrivateKey.from_private_bytes(b"\x41" * 32)  # the vectors' own
_SIGNED = int(datetime(2026, 11, 22, 3, tzinfo=UTC).timestamp())
_ADDRESS = f"https://portal.example/c/{_CODE}"


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's files as it finds them, and a program that asks them."""
    home = tmp_path_factory.mktemp("scripts")
    for name, file in open_release(ASSETS, "https://portal.example").files.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    (home / "package.json").write_text('{"type": "module"}')
    (home / "program.js").write_text(_PROGRAM)
    return home


def asked(scripts: Path, **questions: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"seals": [], "lists": [], "texts": [], "judged": []}
    told = {"keys": VECTORS["keys"], "asked": VECTORS["asked"]} | nothing | questions
    process = subprocess.run(
        [node(), scripts / "program.js"],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    answers: dict[str, Any] = json.loads(process.stdout)
    return answers


def test_the_vectors_are_read_as_settled(scripts: Path) -> None:
    answers = asked(
        scripts,
        seals=[vector["seal"] for vector in VECTORS["seals"]],
        lists=[vector["jwt"] for vector in VECTORS["lists"]],
    )
    for kind in ("seals", "lists"):
        for vector, answer in zip(VECTORS[kind], answers[kind], strict=True):
            settled = {key: vector[key] for key in ("claims", "refused", "says") if key in vector}
            assert answer == settled, vector["name"]


def test_changed_seals_are_read_by_both_alike(scripts: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - the same changes each time
    changed = [_changed(chance) for _ in range(400)]
    answers = asked(scripts, seals=changed)["seals"]
    readings = [reading(text) for text in changed]
    assert answers == readings
    assert {"refused": "forged"} in readings
    assert {"refused": "malformed"} in readings


def _changed(chance: random.Random) -> str:
    at = chance.randrange(len(_GOOD))
    letter = chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    match chance.randrange(3):
        case 0:
            return _GOOD[:at] + letter + _GOOD[at + 1 :]
        case 1:
            return _GOOD[:at] + letter + _GOOD[at:]
        case _:
            return _GOOD[:at] + _GOOD[at + 1 :]


def test_a_qr_codes_text_is_read_as_the_api_reads_it(scripts: Path) -> None:
    texts = [
        _CODE,
        _CODE.lower().replace("-", " "),
        _ADDRESS,
        f"{_ADDRESS}/?lang=en",
        f"{_ADDRESS}#{_GOOD}",
        _ADDRESS.upper(),
        f"portal.example/c/{_CODE}",
        f"http://u@Portal.Example:80/c/{_CODE}#x",
        f"ftp://portal.example/c/{_CODE}#{_GOOD}",
        f"javascript://portal.example/c/{_CODE}",
        f"{'a.' * 2000}/c/{_CODE}",
        "a." * 2000,
        "https://portal.example/menu",
        "WIFI:S:cafe;T:WPA;P:secret;;",
        "",
        "//",
        "#" * 90,
    ]
    for text, answer in zip(texts, asked(scripts, texts=texts)["texts"], strict=True):
        question = text_question(text, portal_url="https://portal.example")
        if not isinstance(question, CodeQuestion):
            assert answer is None, text
            continue
        assert answer["code"] == question.code, text
        assert (answer["seal"] is not None) == (question.seal is not None), text
        foreign = {check.values["host"] for check in question.before}
        assert foreign <= {answer["host"]}, text


def test_nothing_is_concluded_that_was_not_checked(scripts: Path) -> None:
    genuine = {"text": f"{_ADDRESS}#{_GOOD}", "lists": [_LIST], "now": _SIGNED + 60}
    placed_otherwise = _seal(place=Place(3, 7))
    judged: list[tuple[dict[str, Any], list[str | None]]] = [
        ({}, ["genuine", "revoked"]),
        ({"now": _SIGNED + 25 * 3600}, ["genuine", "revoked"]),  # nothing follows that
        ({"text": placed_otherwise}, ["genuine", "valid"]),
        ({"text": placed_otherwise, "now": _SIGNED + 24 * 3600}, ["genuine", "too-old"]),
        ({"text": placed_otherwise, "now": _SIGNED - 3600}, ["genuine", "clock"]),
        ({"text": _seal(place=Place(3, 1))}, ["genuine", "suspended"]),
        ({"text": _seal(place=Place(3, 2))}, ["genuine", "superseded"]),
        ({"text": _seal(place=Place(3, 1 << 20))}, ["genuine", "no-list"]),
        ({"text": _seal(place=Place(4, 7))}, ["genuine", "no-list"]),
        ({"lists": []}, ["genuine", "no-list"]),
        ({"text": f"{_ADDRESS}#{_SEALS['without a place']}"}, ["genuine", "no-place"]),
        ({"text": f"{_ADDRESS}#{_SEALS['by a stranger']}"}, ["forged", None]),
        ({"text": f"{_ADDRESS}#{_GOOD[:-3]}"}, ["malformed", None]),
        ({"text": f"{_ADDRESS[:-1]}Q#{_GOOD}"}, ["other-code", None]),
        ({"text": _ADDRESS}, ["none", None]),
        ({"text": "https://portal.example/menu"}, ["foreign", None]),
        ({"noKeys": True}, ["no-keys", None]),
    ]
    answers = asked(scripts, judged=[genuine | changes for changes, _ in judged])["judged"]
    assert answers == [outcome for _, outcome in judged]


def _seal(**changes: Any) -> str:
    claims = next(vector["claims"] for vector in VECTORS["seals"] if "claims" in vector)
    sealed = msgspec.structs.replace(msgspec.convert(claims, SealClaims), **changes)
    return f"{_ADDRESS}#{make_seal(_SEAL_KEY, sealed)}"


def test_the_files_and_the_scripts_imports_are_whole(scripts: Path) -> None:
    for script in scripts.rglob("*.js"):
        for line in script.read_text("utf-8").splitlines():
            if line.startswith("import ") and '"./' in line:
                name = line.split('"')[1]
                assert (script.parent / name).is_file(), (script.name, name)


def test_another_file_is_another_release(tmp_path: Path) -> None:
    first = open_release(ASSETS, "https://portal.example")
    assert open_release(ASSETS, "https://portal.example").version == first.version
    assert open_release(ASSETS, "https://other.example").version != first.version
    for package in ("zxing-wasm", "cborg", "@fontsource"):
        path = tmp_path / package
        if package != "cborg":
            path.symlink_to(ASSETS / package)
            continue
        for file in (ASSETS / package).rglob("*.js"):
            copy = path / file.relative_to(ASSETS / package)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes() + b"\n")
    assert open_release(tmp_path, "https://portal.example").version != first.version
