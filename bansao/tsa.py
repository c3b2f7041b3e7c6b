"""The demo's time-stamp service over HTTP (RFC 3161 §3.4)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import BoundedSemaphore, Thread

from bansao.time_stamp import TimeStampAuthority, load_authority
from registry.clock import Clock, utc_now

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"
# A request carries one digest, a nonce and an OID: some hundred bytes.
_LARGEST_REQUEST = 8 * 1024
_AT_ONCE = 32
_PATIENCE_SECONDS = 10

log = logging.getLogger(__name__)


def serve(host: str, port: int, secrets: Path, clock: Clock = utc_now) -> None:
    """Answer until the process is stopped; OSError when the port is taken."""
    with _Server((host, port), load_authority(secrets), clock) as server:
        server.serve_forever()


@contextmanager
def running_tsa(secrets: Path, clock: Clock = utc_now) -> Iterator[str]:
    """The service inside this process, on a free port of the loopback; gives its URL."""
    with _Server(("127.0.0.1", 0), load_authority(secrets), clock) as server:
        thread = Thread(target=server.serve_forever, name="tsa", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], authority: TimeStampAuthority, clock: Clock
    ) -> None:
        super().__init__(address, _Handler)
        self.authority = authority
        self.clock = clock
        self.places = BoundedSemaphore(_AT_ONCE)

    def handle_error(self, request: object, client_address: object) -> None:
        log.exception("tsa: a request could not be answered")


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "bansao-tsa"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    # A client that stops sending does not keep its place.
    timeout = _PATIENCE_SECONDS

    def do_GET(self) -> None:
        if self.path == "/healthz":
            self._reply(HTTPStatus.OK, b"ok\n", "text/plain")
        else:
            self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)

    def do_POST(self) -> None:
        if not self.server.places.acquire(blocking=False):
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        try:
            self._stamp()
        finally:
            self.server.places.release()

    def _stamp(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != _QUERY:
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        elif not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(length) > _LARGEST_REQUEST:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            request = self.rfile.read(int(length))
            answer = self.server.authority.answer(request, self.server.clock())
            self._reply(HTTPStatus.OK, answer, _REPLY)

    def _refuse(self, status: HTTPStatus) -> None:
        # The body was not read, so the connection cannot carry another request.
        self.close_connection = True
        self._reply(status, f"{status.phrase}\n".encode(), "text/plain")

    def _reply(self, status: HTTPStatus, body: bytes, media_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        log.debug("tsa: " + format, *args)
