"""Searching everything that a system keeps for one person: tables, files, a server's pages."""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql


class Trace(NamedTuple):
    """What of the person was found, and where; never the value itself."""

    what: str
    where: str


#: How a thing may be written, by what it is called in a trace.
Needles = dict[str, bytes]


def text_needles(what: str, text: str) -> Needles:
    """Every way in which a text of Vietnamese may have been written down."""
    folded = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    ascii_only = "".join(sign for sign in folded if not unicodedata.combining(sign))
    forms = {"NFC": unicodedata.normalize("NFC", text), "NFD": unicodedata.normalize("NFD", text)}
    forms |= {f"{name}, upper": form.upper() for name, form in forms.items()}
    forms |= {f"{name}, lower": form.lower() for name, form in forms.items()}
    forms |= {"ASCII": ascii_only, "ASCII, upper": ascii_only.upper()}
    forms |= {"ASCII, lower": ascii_only.lower(), "MRZ": ascii_only.upper().replace(" ", "<")}
    needles = {f"{what} ({name})": form.encode() for name, form in forms.items()}
    escaped = json.dumps(forms["NFC"])[1:-1].encode()
    return needles | {f"{what} (escaped)": escaped, f"{what} (UTF-16)": text.encode("utf-16-le")}


def bytes_needles(what: str, content: bytes) -> Needles:
    """Three pieces of a file that are no blank paper, or the whole of something short."""
    if len(content) <= 64:
        return {what: content}
    pieces = {}
    for place in (len(content) // 4, len(content) // 2, 3 * len(content) // 4):
        at = next(at for at in range(place, len(content)) if len(set(content[at : at + 48])) > 38)
        pieces[f"{what} (at {at})"] = content[at : at + 48]
    return pieces


def in_tables(superuser_url: str, needles: Needles) -> set[Trace]:
    """Every column of every table of every schema, the catalogue's own (statistics!) included."""
    traces = set()
    with psycopg.connect(superuser_url) as connection:
        for table in _tables(connection):
            content = _content(connection, table)
            traces |= {
                Trace(what, table)
                for what, needle in needles.items()
                if needle in content or needle.hex().encode() in content
            }
    return traces


def in_files(places: Iterable[Path], needles: Needles) -> set[Trace]:
    """Names and bytes of all files below; one that vanishes meanwhile holds nothing."""
    traces = set()
    for path in _files(places):
        content = str(path).encode() + _bytes(path)
        traces |= {Trace(what, str(path)) for what, one in needles.items() if one in content}
    return traces


def _tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relkind IN ('r', 'm', 'p') AND n.nspname <> 'pg_toast' ORDER BY 1"
    ).fetchall()
    assert len(rows) > 60, "the whole database is searched"
    return [row[0] for row in rows]


def _content(connection: psycopg.Connection, table: str) -> bytes:
    """As text: bytes as hex, JSON as it stands; COPY's escapes concern no needle."""
    statement = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(
        sql.Identifier(*table.replace('"', "").split(".", 1))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as rows:
        return b"".join(bytes(block) for block in rows)


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        yield from (path for path in place.rglob("*") if path.is_file() and not path.is_symlink())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
