"""`bansao witness` as a process of its own: over HTTP, with its peers, beside a real log."""

import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bansao.ports import is_free
from registry.clock import utc_now
from registry.log.cosignature import parse_cosigner, valid_cosignatures
from registry.log.note import parse_verifier
from registry.log.policy import Policy, TrustedLog, Witness, policy_of_log, policy_text
from registry.log.proof import ProofRefused
from registry.log.proof_file import check_proof
from registry.log.witnessing import request_text
from registry.proving import inclusion_proof
from registry.publish import Publisher
from registry.witness.evidence import origin_hash
from tests.testkit.copies import LOG_KEY, ORIGIN, VKEY, registered, store_of
from tests.testkit.log_files import LogFiles
from tests.testkit.postgres import Database
from tests.testkit.rooms import await_port, free_port
from tests.testkit.witness_process import witness_once, witness_process

VIEW = f"{origin_hash(ORIGIN)}/checkpoint"


@pytest.fixture
def log(tmp_path: Path) -> LogFiles:
    log = LogFiles(tmp_path / "log")
    log.grow(300)
    return log


def post(url: str, log: LogFiles, old: int, new: int) -> httpx.Response:
    content = request_text(log.request(old, new))
    return httpx.post(f"{url}/add-checkpoint", content=content, timeout=30)


def await_evidence(home: Path) -> list[Path]:
    """What lies there once it is whole."""
    deadline = time.monotonic() + 20
    while not (whole := [*(home / "evidence").glob("[!.]*")]):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return whole


def test_it_follows_a_log_over_http_and_remembers_across_its_end(
    log: LogFiles, tmp_path: Path
) -> None:
    with log.served() as url:
        follow = ("--log", VKEY, url, "--every", "0.1", "--name", "w1.example")
        with witness_process(tmp_path / "w", *follow) as witness:
            assert witness.await_state("cosigned") == 200
            view = httpx.get(f"{witness.url}/{VIEW}").text
            cosigner = parse_cosigner(witness.vkey)
            assert cosigner.name == "w1.example"
            assert "w1.example" in valid_cosignatures(view, [cosigner])
            assert witness.vkey in witness.log.read_text()
            witness.process.send_signal(signal.SIGTERM)
            assert witness.process.wait(20) == 0
        log.grow(10)
        log.rewrite(5)
        with witness_process(tmp_path / "w", *follow) as witness:
            assert witness.await_state("forked") == 503
            assert "FORK" in witness.log.read_text()
            assert f"{ORIGIN}\n300\n" in httpx.get(f"{witness.url}/{VIEW}").text


def test_one_look_tells_its_result_by_its_exit(log: LogFiles, tmp_path: Path) -> None:
    home = tmp_path / "w"
    with log.served() as url:
        follow = ("--log", VKEY, url)
        first = witness_once(home, *follow)
        assert (first.returncode, first.stderr) == (0, "")
        assert f"{ORIGIN}: cosigned" in first.stdout
        log.grow(20)
        answer = json.loads(witness_once(home, *follow, "--json").stdout)
        assert (answer["alarm"], answer["logs"][0]["size"]) == (False, 320)
        assert answer["witness"] == (home / "witness.vkey").read_text().strip()
        log.serve_older(300)
        stale = witness_once(home, *follow)
        assert (stale.returncode, "stale" in stale.stdout) == (0, True)
        log.cut(310)
        back = witness_once(home, *follow)
        assert (back.returncode, "rolled_back" in back.stderr) == (1, True)
        log.rewrite(1)
        log.grow(20)
        forked = witness_once(home, *follow)
        assert forked.returncode == 1
        assert forked.stderr.count("\n") == 1
        assert f"{ORIGIN}: forked" in forked.stderr
        assert str(home / "evidence") in forked.stderr
        assert json.loads(witness_once(home, *follow, "--json").stdout)["alarm"] is True
    gone = witness_once(tmp_path / "w2", *follow)
    assert (gone.returncode, "unreachable" in gone.stderr) == (1, True)
    (home / "memory.sqlite").unlink()
    forgotten = witness_once(home, *follow)
    assert (forgotten.returncode, "must not sign again" in forgotten.stderr) == (1, True)
    nothing = witness_once(home)
    assert (nothing.returncode, "--log VKEY URL" in nothing.stderr) == (2, True)


def test_a_policy_says_what_to_watch_and_an_operator_what_to_forgive(
    log: LogFiles, tmp_path: Path
) -> None:
    home, policy = tmp_path / "w", tmp_path / "log.policy"
    listed = Policy((TrustedLog(parse_verifier(VKEY), str(log.directory)),))
    policy.write_text(policy_text(listed))
    watch = ("--policy", str(policy))
    assert witness_once(home, *watch).returncode == 0
    whole = log.bodies[200]
    log.rewrite(200)
    assert witness_once(home, *watch).returncode == 1
    log.bodies[200] = whole
    log.grow(5)
    assert witness_once(home, *watch).returncode == 1
    forgiven = witness_once(home, *watch, "--forgive", ORIGIN)
    assert (forgiven.returncode, "watched again" in forgiven.stdout) == (0, True)
    assert witness_once(home, *watch, "--forgive", ORIGIN).returncode == 1
    assert "size 305" in witness_once(home, *watch).stdout
    policy.write_text("quorum w1\n")
    refused = witness_once(home, *watch)
    assert (refused.returncode, "line 1: 'w1' is no witness" in refused.stderr) == (2, True)


def test_of_requests_at_once_one_continues_the_log(log: LogFiles, tmp_path: Path) -> None:
    forked = LogFiles(tmp_path / "forked")
    forked.grow(300)
    forked.rewrite(200)
    with witness_process(tmp_path / "w") as witness, ThreadPoolExecutor(12) as pool:
        assert post(witness.url, log, 0, 100).status_code == 200
        asked = [((log, forked)[size % 2], size) for size in range(201, 225)]
        answers = [*pool.map(lambda one: post(witness.url, one[0], 100, one[1]), asked)]
        good = [one for one, answer in zip(asked, answers, strict=True) if answer.is_success]
        assert len(good) == 1
        assert {answer.status_code for answer in answers} == {200, 409}
        [(source, size)] = good
        assert source.checkpoint(size).note in httpx.get(f"{witness.url}/{VIEW}").text


def test_two_witnesses_that_were_shown_two_histories_find_out(
    log: LogFiles, tmp_path: Path
) -> None:
    other = LogFiles(tmp_path / "other")
    other.grow(300)
    ports = free_port(), free_port()
    with (
        log.served() as here,
        other.served() as there,
        witness_process(
            *(tmp_path / "w1", "--log", VKEY, here, "--every", "0.1"),
            *("--peer", f"http://127.0.0.1:{ports[1]}"),
            port=ports[0],
        ) as first,
        witness_process(
            *(tmp_path / "w2", "--log", VKEY, there, "--every", "0.1"),
            *("--peer", f"http://127.0.0.1:{ports[0]}"),
            port=ports[1],
        ) as second,
    ):
        for witness in (first, second):
            assert witness.await_state("cosigned") == 200
        log.grow(10)
        other.grow(20, mark="for others")
        assert second.await_state("forked") == 503
        log.grow(20)
        assert first.await_state("forked") == 503
        for witness in (first, second):
            [evidence] = await_evidence(witness.home)
            assert {"first.note", "second.note", "proof.txt"} == {
                path.name for path in evidence.iterdir()
            }


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    port = free_port()
    script = (
        "import os, subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-m', 'bansao', 'witness', *sys.argv[1:], "
        "'--until-parent-ends', str(os.getpid())])\n"
        "time.sleep(60)\n"
    )
    arguments = ["--data", str(tmp_path / "w"), "--listen", f"127.0.0.1:{port}"]
    arguments += ["--log", VKEY, "http://127.0.0.1:1"]
    with (tmp_path / "out").open("wb") as out:
        command = [sys.executable, "-c", script, *arguments]
        parent = subprocess.Popen(command, stdout=out, stderr=out)
    await_port(port, tmp_path / "out")
    parent.kill()
    parent.wait(30)
    deadline = time.monotonic() + 20
    while not is_free("127.0.0.1", port):
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def test_proofs_of_a_real_log_carry_its_cosignature(
    database: Database, tmp_path: Path
) -> None:
    await registered(database, 5)
    with witness_process(tmp_path / "w") as witness:
        known = Witness("w1", parse_cosigner(witness.vkey), witness.url)
        logs = (TrustedLog(parse_verifier(VKEY)),)
        policy = Policy(logs, (known,), (), "w1")
        async with (
            store_of(database, "registry_publisher") as store,
            Publisher(store, LOG_KEY, ORIGIN, utc_now, policy) as publisher,
        ):
            await publisher.advance()
            await registered(database, 7)
            assert (await publisher.advance()).size == 12
        async with store_of(database, "registry_reader") as reader:
            text = await inclusion_proof(reader, 3)
    proof = check_proof(text, policy)
    assert (proof.index, proof.checkpoint.size) == (3, 12)
    bare = text[: text.index(f"\u2014 {known.cosigner.name}")]
    assert check_proof(bare, policy_of_log(VKEY)).index == 3
    with pytest.raises(ProofRefused, match="too few witnesses"):
        check_proof(bare, policy)
    assert check_proof(text, replace(policy, quorum="none")).index == 3
