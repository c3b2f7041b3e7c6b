"""What the lookup is measured beside: the same server and framework answering a constant, and the
same answer looked up the usual way, by an ORM.

`python -m benchmarks.lookup_peers constant|orm PORT WORKERS`; the ORM reads DATABASE_URL.
"""

import os
import sys
from typing import Any, Final

from granian.constants import Interfaces
from granian.server import Server
from litestar import Litestar, Response, get
from litestar.params import FromPath
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from registry.code import code_hash
from registry.errors import MalformedCode

_BODY: Final = b'{"verdict":"valid","padding":"%s"}' % (b"x" * 1100)


def constant_app() -> Litestar:
    """The body is as long as an answer."""

    @get("/v1/copies/{code:str}")
    async def read_copy(code: FromPath[str]) -> Response[bytes]:
        return Response(_BODY, media_type="application/json")

    return Litestar([read_copy], openapi_config=None)


class _Base(DeclarativeBase):
    pass


class _Copy(_Base):
    __tablename__ = "copy"
    __table_args__ = {"schema": "registry"}  # noqa: RUF012 - SQLAlchemy's way
    entry_index: Mapped[int] = mapped_column(ForeignKey("registry.entry.index"), primary_key=True)
    facts: Mapped[str]


class _Entry(_Base):
    __tablename__ = "entry"
    __table_args__ = {"schema": "registry"}  # noqa: RUF012 - SQLAlchemy's way
    index: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes]
    kind: Mapped[str]
    unit_code: Mapped[str | None]
    number: Mapped[int | None]


def orm_app() -> Litestar:
    """Status and facts of a copy; no proof is checked, no limit and no header set."""
    url = os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+asyncpg:", 1)
    sessions = async_sessionmaker(create_async_engine(url), class_=AsyncSession)

    @get("/v1/copies/{code:str}")
    async def read_copy(code: FromPath[str]) -> dict[str, Any]:
        try:
            hashed = code_hash(code)
        except MalformedCode:
            return {"verdict": "malformed"}
        async with sessions() as session:
            history = (
                await session.execute(
                    select(_Entry, _Copy)
                    .outerjoin(_Copy)
                    .where(_Entry.code_hash == hashed)
                    .order_by(_Entry.index)
                )
            ).all()
        if not history:
            return {"verdict": "unknown"}
        issued, copy = history[0]
        last = history[-1][0].kind
        verdict = "valid" if last in {"issued", "reinstated"} else last
        return {"verdict": verdict, "unit": issued.unit_code, "copy": copy.facts}

    return Litestar([read_copy], openapi_config=None)


def main(name: str, port: str, workers: str) -> None:
    """Serve one of the two until ended."""
    Server(
        f"benchmarks.lookup_peers:{name}_app",
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.ASGI,
        factory=True,
        workers=int(workers),
        websockets=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main(*sys.argv[1:])
