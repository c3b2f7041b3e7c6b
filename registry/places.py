"""Where a log's files are: a web server, a directory, or a bucket of an object store.

A place is not trusted. Whatever it sends, it fills no more memory than the file may have bytes, and
holds nobody up for longer than a minute and a quarter.
"""

import asyncio
import os
import zlib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import httpx
import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, S3Store

from registry.errors import LogMalformed, LogUnreachable

if TYPE_CHECKING:
    from obstore import Attributes
    from obstore.store import ClientConfig, RetryConfig

_ATTEMPTS: Final = 4
_ATTEMPT_SECONDS: Final = 15.0
_CONNECT_SECONDS: Final = 5.0
_LONGEST_PAUSE: Final = 5.0
_CLIENT: Final["ClientConfig"] = {
    "allow_http": True,  # which only AWS_ENDPOINT_URL can ask for
    "timeout": timedelta(seconds=_ATTEMPT_SECONDS),
    "connect_timeout": timedelta(seconds=_CONNECT_SECONDS),
}
_RETRY: Final["RetryConfig"] = {
    "max_retries": _ATTEMPTS - 1,
    "retry_timeout": timedelta(seconds=_ATTEMPT_SECONDS),
}
_GZIP: Final = 16 + zlib.MAX_WBITS
#: What gzip may add to what does not compress, besides a thousandth.
_GZIP_FRAME: Final = 64


class Place(Protocol):
    """Files by their path below the place."""

    async def read(self, path: str, most_bytes: int) -> bytes | None:
        """A file's content, None when there is none; LogMalformed when it is longer."""

    async def write(self, path: str, content: bytes, attributes: Mapping[str, str]) -> None:
        """All of the file or nothing of it; `attributes` are the headers to serve it with."""

    async def remove(self, prefix: str) -> None:
        """Every file whose path begins with this."""

    async def settle(self) -> None:
        """Return once what was written survives a power cut."""

    async def close(self) -> None:
        """Give the connections back."""


def open_place(location: str, *, create: bool = False) -> Place:
    """`http(s)://host/log`, `s3://bucket/prefix` (the usual AWS_* variables), or a directory.

    `create` makes a directory that is not there. Raises LogUnreachable.
    """
    scheme, separator, _ = location.partition("://")
    if not separator:
        return _open_directory(Path(location), create=create)
    match scheme:
        case "http" | "https":
            return WebPlace(location)
        case "s3":
            try:
                return StorePlace(
                    S3Store.from_url(location, client_options=_CLIENT, retry_config=_RETRY)
                )
            except BaseError as error:
                raise LogUnreachable(f"{location}: {_first_line(error)}") from None
    raise LogUnreachable(f"{location}: neither http(s)://, s3:// nor a directory")


def _open_directory(directory: Path, *, create: bool) -> "StorePlace":
    if create:
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LogUnreachable(f"{directory}: {error.strerror}") from None
    elif not directory.is_dir():
        raise LogUnreachable(f"{directory}: no such directory")
    return DirectoryPlace(directory)


class StorePlace:
    """An object store, through obstore. A directory is one: files appear there by renaming."""

    def __init__(self, store: LocalStore | MemoryStore | S3Store) -> None:
        self._store = store

    async def read(self, path: str, most_bytes: int) -> bytes | None:
        try:
            found = await obstore.get_async(self._store, path)
            if found.meta["size"] > most_bytes:
                raise LogMalformed(f"{path}: more than {most_bytes} bytes")
            return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise LogUnreachable(f"{path}: {_first_line(error)}") from None

    async def write(self, path: str, content: bytes, attributes: Mapping[str, str]) -> None:
        # A directory has no room for them.
        kept: Attributes | None = (
            None if isinstance(self._store, LocalStore) else dict(attributes.items())
        )
        try:
            await obstore.put_async(self._store, path, content, attributes=kept)
        # What a store cannot do, such as keeping attributes, obstore says with NotImplementedError.
        except (BaseError, OSError, NotImplementedError) as error:
            raise LogUnreachable(f"{path}: not written: {_first_line(error)}") from None

    async def remove(self, prefix: str) -> None:
        try:
            async for found in obstore.list(self._store, prefix):
                await obstore.delete_async(self._store, [one["path"] for one in found])
        except (BaseError, OSError) as error:
            raise LogUnreachable(f"{prefix}: not removed: {_first_line(error)}") from None

    async def settle(self) -> None:
        if isinstance(self._store, LocalStore):
            await asyncio.to_thread(os.sync)

    async def close(self) -> None:
        """Nothing is held."""


class DirectoryPlace(StorePlace):
    """Read without obstore, whose threads take longer for a small file than the disk does."""

    def __init__(self, directory: Path) -> None:
        super().__init__(LocalStore(directory, automatic_cleanup=True))
        self._directory = directory

    async def read(self, path: str, most_bytes: int) -> bytes | None:
        try:
            with (self._directory / path).open("rb", buffering=0) as file:
                if os.fstat(file.fileno()).st_size > most_bytes:
                    raise LogMalformed(f"{path}: more than {most_bytes} bytes")
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LogUnreachable(f"{path}: {error.strerror}") from None


class WebPlace:
    """A web server. obstore's own reader wants a Content-Length and cannot gzip: C2SP asks for
    neither of a log.
    """

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        # Redirects are not followed: a log's address is part of whom we trust to be asked.
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(_ATTEMPT_SECONDS, connect=_CONNECT_SECONDS),
            headers={"Accept-Encoding": "gzip, identity"},
            transport=transport,
        )

    async def read(self, path: str, most_bytes: int) -> bytes | None:
        pause = 0.1
        for attempt in range(_ATTEMPTS):
            try:
                async with asyncio.timeout(_ATTEMPT_SECONDS):
                    return await self._read_once(path, most_bytes)
            except _Busy as busy:
                fault, pause = str(busy), max(pause, min(busy.pause, _LONGEST_PAUSE))
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
                fault = f"{type(error).__name__} {error}".strip()
            if attempt + 1 < _ATTEMPTS:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
        raise LogUnreachable(f"{self._url}/{path}: {fault}")

    async def _read_once(self, path: str, most_bytes: int) -> bytes | None:
        async with self._client.stream("GET", f"{self._url}/{path}") as response:
            status = response.status_code
            if status in {404, 410}:
                return None
            if status == 429 or status >= 500:
                raise _Busy(status, response.headers.get("retry-after", ""))
            if status != 200:
                raise LogUnreachable(f"{self._url}/{path}: HTTP status {status}")
            content = bytearray()
            async for chunk in response.aiter_raw():
                content += chunk
                if len(content) > most_bytes + most_bytes // 1000 + _GZIP_FRAME:
                    break
            return _decoded(path, bytes(content), response, most_bytes)

    async def write(self, path: str, content: bytes, attributes: Mapping[str, str]) -> None:
        raise LogUnreachable(f"{self._url}: a web server is read, not written")

    async def remove(self, prefix: str) -> None:
        raise LogUnreachable(f"{self._url}: a web server is read, not written")

    async def settle(self) -> None:
        """Nothing was written."""

    async def close(self) -> None:
        await self._client.aclose()


class _Busy(Exception):
    """The server wants to be asked later."""

    def __init__(self, status: int, retry_after: str) -> None:
        super().__init__(f"HTTP status {status}")
        self.pause = float(retry_after) if retry_after.isdecimal() else 0.0


def _decoded(path: str, content: bytes, response: httpx.Response, most_bytes: int) -> bytes:
    """Without its compression; httpx itself would unpack a bomb of any size."""
    encoding = response.headers.get("content-encoding", "identity").lower()
    if encoding == "gzip":
        unpacking = zlib.decompressobj(_GZIP)
        try:
            content = unpacking.decompress(content, most_bytes + 1)
        except zlib.error:
            raise LogMalformed(f"{path}: broken gzip") from None
        if len(content) <= most_bytes and not unpacking.eof:
            raise LogMalformed(f"{path}: broken gzip")
    elif encoding != "identity":
        raise LogMalformed(f"{path}: an encoding that was not asked for")
    if len(content) > most_bytes:
        raise LogMalformed(f"{path}: more than {most_bytes} bytes")
    return content


def _first_line(error: Exception) -> str:
    """obstore's errors end in pages of debugging."""
    return str(error).partition("\n")[0]
