"""One RFC 3161 time stamp for each checkpoint, over the note that the log signed.

A token says that this tree existed by a time that is not ours to choose, also once our keys have
leaked or expired. It never delays a publication: what lacks one gets it when the authority answers.
"""

import asyncio
import hashlib
import logging
from collections.abc import Sequence
from typing import Final, Self

import httpx
from cryptography.x509 import Certificate
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from registry.clock import Clock
from registry.errors import RegistryUnavailable, TimeStampUnavailable
from registry.store import Store

_log = logging.getLogger(__name__)

_MEDIA_TYPE: Final = "application/timestamp-query"
#: A token with its certificates has some kilobytes; the table takes no more than this.
_LARGEST_ANSWER: Final = 64 * 1024
_PATIENCE: Final = 10.0
_BREAK: Final = 15.0
_AT_ONCE: Final = 64


class TimeStampAuthority:
    """A service at `url`, below one of `roots`. `async with`; keeps its connection open."""

    def __init__(
        self,
        url: str,
        roots: Sequence[Certificate],
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = url
        self._roots = list(roots)
        self._http = httpx.AsyncClient(
            timeout=None,  # noqa: S113 - the attempt as a whole is bounded
            transport=transport,
            headers={"User-Agent": "bansao", "Accept-Encoding": "identity"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def stamp(self, note: str) -> bytes:
        """A token (DER) over the note's UTF-8 bytes, verified; raises TimeStampUnavailable."""
        message = note.encode()
        request = TimestampRequestBuilder(message, HashAlgorithm.SHA256).build()
        try:
            async with asyncio.timeout(_PATIENCE):
                answer = await self._post(request.as_bytes())
        except TimeoutError:
            raise TimeStampUnavailable(f"no answer in {_PATIENCE:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise TimeStampUnavailable(type(error).__name__) from None
        try:
            response = decode_timestamp_response(answer)
            verifier = VerifierBuilder(roots=self._roots, nonce=request.nonce).build()
            verifier.verify(response, hashlib.sha256(message).digest())
            return response.time_stamp_token()
        except (ValueError, VerificationError) as refusal:
            raise TimeStampUnavailable(f"its answer is refused: {refusal}") from None

    async def _post(self, request: bytes) -> bytes:
        body = b""
        headers = {"Content-Type": _MEDIA_TYPE}
        async with self._http.stream("POST", self._url, content=request, headers=headers) as answer:
            if answer.status_code != httpx.codes.OK:
                raise TimeStampUnavailable(f"it answers {answer.status_code}")
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > _LARGEST_ANSWER:
                    raise TimeStampUnavailable("its answer is too long")
        return body


async def stamp_missing(
    store: Store, authority: TimeStampAuthority, clock: Clock, after: int = -1
) -> int:
    """Get tokens for checkpoints larger than `after` that lack one, oldest first.

    Returns the size up to which none lacks one any more: the next `after`. Needs
    `registry_publisher`. Raises TimeStampUnavailable, RegistryUnavailable.
    """
    async with store.attesting() as attesting:
        newest = await attesting.newest_size()
        missing = await attesting.unstamped(after, _AT_ONCE)
    for size, note in missing:
        token = await authority.stamp(note)
        async with store.attesting() as attesting:
            await attesting.add_time_stamp(size, token, clock())
    return missing[-1][0] if missing else newest


async def keep_stamping(
    store: Store, authority: TimeStampAuthority, clock: Clock, every: float = 1.0
) -> None:
    """See again and again, `every` seconds, that no checkpoint lacks a token; until cancelled."""
    after, answers = -1, True
    while True:
        pause = every
        try:
            after = await stamp_missing(store, authority, clock, after)
        except TimeStampUnavailable as failure:
            if answers:
                _log.warning("checkpoints wait for their time stamps: %s", failure)
            answers, pause = False, _BREAK
        except RegistryUnavailable:
            _log.warning("no time stamps: the database is not available")
        else:
            if not answers:
                _log.info("checkpoints are time-stamped again")
            answers = True
        await asyncio.sleep(pause)
