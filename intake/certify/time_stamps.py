"""Asking a time-stamp service (RFC 3161 over HTTP), with every answer bounded and checked."""

import asyncio
import http.client
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import cms, core, tsp
from pyhanko.sign.timestamps import TimeStamper

from intake.certify.errors import TimeStampRefused, TimeStampUnavailable

# A token with its certificates has some kilobytes.
_LARGEST_ANSWER = 256 * 1024
_MEDIA_TYPE = "application/timestamp-"


class HttpTimeStamper(TimeStamper):
    """pyHanko's view of one service. Keep it: it remembers how long a token is.

    `patience` is in seconds, for connecting and for each read.
    """

    def __init__(self, url: str, patience: float = 5) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        address = urlsplit(url)
        if address.scheme not in {"http", "https"} or address.hostname is None:
            raise TimeStampUnavailable
        self._host, self._port = address.hostname, address.port
        self._secure = address.scheme == "https"
        self._path = address.path or "/"
        self._patience = patience

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
        """A token over this digest.

        Raises TimeStampUnavailable when no well-formed answer to this very request comes, and
        TimeStampRefused when the service says no.
        """
        nonce, request = self.request_cms(message_digest, md_algorithm)  # type: ignore[no-untyped-call]
        body = await asyncio.to_thread(self._post, request.dump())
        try:
            token = _granted(body)
            stamped = token["content"]["encap_content_info"]["content"].parsed
            told = stamped["nonce"].native, stamped["message_imprint"]["hashed_message"].native
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise TimeStampUnavailable from error
        if told != (nonce, message_digest):
            raise TimeStampUnavailable
        return token

    def _post(self, request: bytes) -> bytes:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=self._patience)
        headers = {"Content-Type": f"{_MEDIA_TYPE}query", "Accept": f"{_MEDIA_TYPE}reply"}
        try:
            connection.request("POST", self._path, request, headers)
            response = connection.getresponse()
            body = response.read(_LARGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise TimeStampUnavailable from error
        finally:
            connection.close()
        if response.status != http.HTTPStatus.OK:
            raise TimeStampUnavailable
        return body


class _Token(cms.ContentInfo):  # type: ignore[misc]  # asn1crypto has no types
    """A time-stamp token that is embedded as the bytes that came.

    asn1crypto takes a length whose last byte is 0x80 for an indefinite one and then re-encodes
    every level below, each twice: a token that happens to be 2432 bytes long costs many seconds.
    """

    as_received: bytes = b""

    def dump(self, force: bool = False) -> bytes:
        return self.as_received

    def _copy(self, other: Any, copy_func: Any) -> None:
        super()._copy(other, copy_func)
        self.as_received = other.as_received


def _granted(body: bytes) -> _Token:
    # Read without a schema: a refusal has no token, which asn1crypto's TimeStampResp insists on,
    # and a structure without schema is dumped as it came.
    response = core.Sequence.load(body)
    status = tsp.PKIStatusInfo.load(response[0].dump())["status"].native
    if status not in {"granted", "granted_with_mods"}:
        raise TimeStampRefused
    received = response[1].dump()
    token: _Token = _Token.load(received)
    token.as_received = received
    return token
