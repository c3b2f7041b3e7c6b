"""A stand-in for witnesses, on the loopback: honest by `judge`, until told to misbehave.

FAKE: it keeps its state in memory and follows nothing by itself.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.log.checkpoint import Checkpoint
from registry.log.cosignature import Cosigner, cosign, cosigner_line, parse_cosigner
from registry.log.note import parse_verifier
from registry.log.policy import NO_QUORUM, Group, Policy, TrustedLog, Witness
from registry.log.witnessing import (
    AddCheckpoint,
    CheckpointRefused,
    SizeConflict,
    judge,
    parse_request,
)
from tests.testkit.copies import VKEY

#: Status and body; None closes the connection without a word.
Answer = tuple[int, bytes] | None
Manner = Callable[["FakeWitness", AddCheckpoint], Answer]


class FakeWitness:
    """`manner` decides what it answers; `requests` is what it was asked, in order."""

    def __init__(self, name: str = "witness.example/1", manner: Manner | None = None) -> None:
        self.name = name
        self.key = Ed25519PrivateKey.generate()
        self.manner: Manner = manner or honest
        self.seen: Checkpoint | None = None
        self.requests: list[AddCheckpoint] = []
        self.peers: set[int] = set()
        self._turn = threading.Lock()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}/submit"

    @property
    def cosigner(self) -> Cosigner:
        return parse_cosigner(cosigner_line(self.name, self.key.public_key()))

    def in_policy(self) -> Witness:
        return Witness(self.name, self.cosigner, self.url)

    def answer(self, text: str) -> Answer:
        request = parse_request(text)
        with self._turn:
            self.requests.append(request)
        return self.manner(self, request)

    @contextlib.contextmanager
    def running(self) -> Iterator["FakeWitness"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


def honest(witness: FakeWitness, request: AddCheckpoint) -> Answer:
    """As tlog-witness says."""
    try:
        witness.seen = judge(witness.seen, request, [parse_verifier(VKEY)])
    except SizeConflict as conflict:
        return 409, f"{conflict.cosigned}\n".encode()
    except CheckpointRefused as refusal:
        return refusal.status, b""
    return 200, cosign(request.note, witness.name, witness.key, int(time.time())).encode()


def always(status: int, body: bytes = b"") -> Manner:
    return lambda _witness, _request: (status, body)


def silent(_witness: FakeWitness, _request: AddCheckpoint) -> Answer:
    return None


def after(seconds: float) -> Manner:
    """Honest, but slow."""

    def slowly(witness: FakeWitness, request: AddCheckpoint) -> Answer:
        answer = honest(witness, request)
        time.sleep(seconds)
        return answer

    return slowly


def policy_with(*witnesses: FakeWitness, threshold: int = 0) -> Policy:
    """The tests' log, and a quorum of `threshold` of these; none for 0."""
    logs, known = (TrustedLog(parse_verifier(VKEY)),), tuple(one.in_policy() for one in witnesses)
    if not threshold:
        return Policy(logs, known, (), NO_QUORUM)
    group = Group("quorum-group", threshold, tuple(one.name for one in witnesses))
    return Policy(logs, known, (group,), group.name)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, witness: FakeWitness) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.witness = witness

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has given up is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_POST(self) -> None:
        witness = self.server.witness
        witness.peers.add(self.client_address[1])
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = witness.answer(text) if self.path == "/submit/add-checkpoint" else (404, b"")
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, body = answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""
