"""`bansao book`: the certification book, on paper and as a spreadsheet; its volumes, its end."""

import asyncio
import getpass
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bansao.settings import Settings

if TYPE_CHECKING:
    from intake.certify.fonts import FontFiles
    from registry.book_reading import FiledMonth, Month
    from registry.closing import Closing

_UNIT = click.option("--unit", "unit_code", required=True, help="Code of the unit, e.g. 00070.")
_YEAR = click.option("--year", required=True, type=click.IntRange(2000, 9999))
_JSON = click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def command() -> None:
    """The certification book of a unit."""


@command.command("print")
@_UNIT
@click.option(
    "--month",
    "day",
    required=True,
    type=click.DateTime(["%Y-%m"]),
    help="The local month, e.g. 2026-11.",
)
@click.option("--pdf", required=True, type=_FILE, help="To be printed, bound and sealed.")
@click.option("--xlsx", required=True, type=_FILE, help="The same as a spreadsheet.")
@_JSON
def print_book(unit_code: str, day: datetime, pdf: Path, xlsx: Path, as_json: bool) -> None:
    """Write a month of the book with every column of the form.

    Both files name who asked for copies: they are readable by their owner only.
    """
    import msgspec

    from bansao.database import open_registry
    from intake.book.month_pdf import month_pdf
    from intake.book.month_xlsx import month_xlsx
    from registry.book_line import totals_of
    from registry.book_reading import Month

    settings, month = Settings.from_env(os.environ), Month(day.year, day.month)
    with open_registry(settings, role="registry_clerk"):
        unit_name, filed = asyncio.run(_read(unit_code, month))
        fonts = _fonts()
    _keep(pdf, month_pdf(filed, month, unit_name, fonts))
    _keep(xlsx, month_xlsx(filed, month, unit_name))
    totals = totals_of(filed.lines)
    if as_json:
        told = msgspec.to_builtins(totals) | {"open": totals.open}
        where = {"unit": unit_code, "month": f"{day:%Y-%m}", "pdf": str(pdf), "xlsx": str(xlsx)}
        click.echo(msgspec.json.encode(where | told).decode())
    else:
        click.echo(
            f"{unit_name}, {day:%Y-%m}: {totals.numbers} numbers, {totals.issued} issued, "
            f"{totals.void} void, {totals.open} open; {totals.copies} copies\n{pdf}\n{xlsx}"
        )


@command.command("volume")
@_UNIT
@_JSON
def open_volume(unit_code: str, as_json: bool) -> None:
    """Open the next volume of this year's book; numbers run on in it.

    Nothing opens a volume by itself but the year's first number.
    """
    import msgspec

    from bansao.database import open_registry
    from registry.book import open_volume as open_next
    from registry.clock import utc_now
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    async def opened() -> str:
        await _unit_name(unit_code)
        url = RegistrySettings.from_env(os.environ).role_url("registry_writer")
        async with await Store.connect(url) as store:
            return await open_next(store, unit_code=unit_code, at=utc_now())

    with open_registry(Settings.from_env(os.environ), role="registry_writer"):
        book = asyncio.run(opened())
    answer = {"unit": unit_code, "book": book}
    click.echo(msgspec.json.encode(answer).decode() if as_json else f"{book} is open")


@command.command("void")
@_UNIT
@_YEAR
@click.option("--number", required=True, type=click.IntRange(1))
@click.option("--reason", required=True, help="What the book will say; no personal data.")
@_JSON
def void_number(unit_code: str, year: int, number: int, reason: str, as_json: bool) -> None:
    """End a number for which there will be no copy: it stays in the book, with the reason.

    A dossier that it was reserved for cannot be certified any more.
    """
    import msgspec

    from bansao.database import open_registry
    from registry.book import void_line
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    async def void() -> None:
        url = RegistrySettings.from_env(os.environ).role_url("registry_writer")
        async with await Store.connect(url) as store:
            await void_line(store, unit_code=unit_code, year=year, number=number, reason=reason)

    with open_registry(Settings.from_env(os.environ), role="registry_writer"):
        asyncio.run(void())
    answer = {"unit": unit_code, "year": year, "number": number}
    said = f"number {number} of {year} is void"
    click.echo(msgspec.json.encode(answer).decode() if as_json else said)


@command.command("close")
@_UNIT
@_YEAR
@click.option("--pdf", required=True, type=_FILE, help="The statement, to be signed and sealed.")
@click.option("--by", "decided_by", help="The officer who decided; else the chairman in office.")
@_JSON
def close_book(unit_code: str, year: int, pdf: Path, decided_by: str | None, as_json: bool) -> None:
    """Close a year's book for ever, once the year is over and every number issued or void.

    The statement's SHA-256 stands in the log, public with its next checkpoint. Closed again, an
    unchanged book has the same statement.
    """
    import msgspec

    from bansao.database import open_registry

    with open_registry(Settings.from_env(os.environ), role="registry_writer"):
        closing = asyncio.run(_close(unit_code, year, decided_by, _fonts()))
    _keep(pdf, closing.statement)
    totals, index = closing.filed.totals, closing.receipt.index
    if as_json:
        told = {"unit": unit_code, "year": year, "index": index, "pdf": str(pdf)}
        click.echo(msgspec.json.encode(told | msgspec.to_builtins(totals)).decode())
    else:
        click.echo(
            f"{year} closed at number {totals.numbers}, {totals.void} void, entry {index}\n{pdf}"
        )


async def _close(
    unit_code: str, year: int, decided_by: str | None, fonts: "FontFiles"
) -> "Closing":
    from intake.book.closing_pdf import closing_pdf
    from registry.append import Appender
    from registry.authorise import deciding_officer
    from registry.clock import HANOI, utc_now
    from registry.closing import close_year
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    unit_name = await _unit_name(unit_code)
    settings = RegistrySettings.from_env(os.environ)
    async with (
        await Store.connect(settings.role_url("registry_clerk")) as clerk,
        await Store.connect(settings.role_url("registry_writer")) as writer,
        Appender(writer, utc_now) as appender,
    ):
        today = utc_now().astimezone(HANOI).date()
        mandate = await deciding_officer(writer, unit_code, today, decided_by)
        return await close_year(
            clerk,
            appender,
            utc_now,
            unit_code=unit_code,
            year=year,
            state=lambda filed: closing_pdf(filed, year, unit_name, fonts),
            decided_by=mandate.officer,
            entered_by=getpass.getuser(),
        )


async def _read(unit_code: str, month: "Month") -> "tuple[str, FiledMonth]":
    from registry.book_reading import read_month
    from registry.settings import Settings as RegistrySettings
    from registry.store import Store

    url = RegistrySettings.from_env(os.environ).role_url("registry_clerk")
    async with await Store.connect(url) as store:
        return await _unit_name(unit_code), await read_month(
            store, unit_code=unit_code, month=month
        )


async def _unit_name(unit_code: str) -> str:
    """Raises NoSuchUnit."""
    from bansao.errors import NoSuchUnit
    from intake.settings import Settings as IntakeSettings
    from intake.store import Store

    store = await Store.connect(IntakeSettings.from_env(os.environ).database_url)
    try:
        names = {unit.code: unit.name for unit in await store.units()}
    finally:
        await store.close()
    if unit_code not in names:
        known = ", ".join(names) or "none"
        raise NoSuchUnit(f"no unit has the code {unit_code}; there are: {known}")
    return names[unit_code]


def _fonts() -> "FontFiles":
    from intake.certify.fonts import prepare_fonts
    from intake.settings import Settings as IntakeSettings

    settings = IntakeSettings.from_env(os.environ)
    return prepare_fonts(settings.assets, settings.cache / "fonts")


def _keep(file: Path, content: bytes) -> None:
    """All of it or nothing, for its owner only."""
    part = file.with_name(f".{file.name}.part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as writing:
        writing.write(content)
    part.replace(file)
