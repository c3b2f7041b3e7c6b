"""Intake's tables as SQLAlchemy sees them; `schema/sql/0002_intake.sql` is what they are.

`certification` is written by `intake.certify` (0003) and only read through here.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

_METADATA = MetaData(schema="intake")
_MOMENT = DateTime(timezone=True)

unit = Table(
    "unit",
    _METADATA,
    Column("code", Text, primary_key=True),
    Column("name", Text),
    Column("watermark", Text),
)

officer = Table(
    "officer",
    _METADATA,
    Column("username", Text, primary_key=True),
    Column("full_name", Text),
    Column("title", Text),
    Column("unit_code", Text),
    Column("password_hash", Text),
    Column("signer", Text),
    Column("officer_id", Text),
)

session = Table(
    "session",
    _METADATA,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("username", Text),
    Column("created_at", _MOMENT),
    Column("expires_at", _MOMENT),
)

dossier = Table(
    "dossier",
    _METADATA,
    Column("id", Uuid, primary_key=True),
    Column("number", Text),
    Column("unit_code", Text),
    Column("channel", Text),
    Column("state", Text),
    Column("token_hash", LargeBinary),
    Column("blob_key", LargeBinary),
    Column("document_type", Text),
    Column("page_count", Integer),
    Column("requester_name", Text),
    Column("contact_email", Text),
    Column("received_at", _MOMENT),
    Column("updated_at", _MOMENT),
    Column("erased_at", _MOMENT),
)

dossier_serial = Table(
    "dossier_serial",
    _METADATA,
    Column("unit_code", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer),
)

dossier_event = Table(
    "dossier_event",
    _METADATA,
    Column("dossier_id", Uuid, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("kind", Text),
    Column("at", _MOMENT),
    Column("actor", Text),
    Column("detail", JSONB),
)

attachment = Table(
    "attachment",
    _METADATA,
    Column("dossier_id", Uuid, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("digest", LargeBinary),
    Column("media_type", Text),
    Column("size", BigInteger),
    Column("page", JSONB(none_as_null=True)),
    Column("withdrawn", Boolean),
)

reading = Table(
    "reading",
    _METADATA,
    Column("dossier_id", Uuid, primary_key=True),
    Column("reading", JSONB),
    Column("identity", JSONB),
    Column("corrected", JSONB),
)

certification = Table(
    "certification",
    _METADATA,
    Column("dossier_id", Uuid, primary_key=True),
    Column("code", Text),
    Column("book", Text),
    Column("number", BigInteger),
    Column("pdf_digest", LargeBinary),
    Column("entry_index", BigInteger),
    Column("released_at", _MOMENT),
)

erasure = Table(
    "erasure",
    _METADATA,
    Column("dossier_id", Uuid, primary_key=True),
    Column("code", Text),
    Column("decision", Text),
    Column("decided_on", Date),
    Column("decided_by", Text),
    Column("entered_by", Text),
    Column("reason", Text),
    Column("asked_at", _MOMENT),
    Column("done_at", _MOMENT),
)
