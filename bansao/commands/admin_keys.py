"""`bansao admin certificate` and `seal`: whose signatures count, and until when."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bansao.admin import (
    AS_JSON,
    AT,
    ON,
    REASON,
    at_or_now,
    author,
    enter,
    in_time,
    read,
    tell,
    tell_all,
    term_shown,
)
from bansao.errors import WrongQuestion
from registry.authority.records import EndKind

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from registry.store.entering import Entered, Entering

_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_FINGERPRINT: Final = 32


@click.group()
def certificate() -> None:
    """Certificates by which officers sign."""


@click.group()
def seal() -> None:
    """Digital seals of units."""


@certificate.command("add")
@click.argument("officer")
@click.argument("file", type=_FILE)
@AS_JSON
def add_certificate(officer: str, file: Path, as_json: bool) -> None:
    """Enter OFFICER's certificate from FILE (PEM or DER)."""
    from bansao.entered_certificates import enter_certificate, fingerprint_of

    own = _certificate_in(file)
    entered = enter(lambda entering: enter_certificate(entering, own, officer=officer, by=author()))
    tell("certificate", fingerprint_of(own).hex(), entered, as_json=as_json)


@seal.command("add")
@click.argument("unit")
@click.argument("file", type=_FILE)
@click.option("--image", type=_FILE, help="The picture that shows the seal; its SHA-256 is kept.")
@AS_JSON
def add_seal(unit: str, file: Path, image: Path | None, as_json: bool) -> None:
    """Enter the certificate in FILE (PEM or DER) as the seal of UNIT."""
    from bansao.entered_certificates import enter_certificate, fingerprint_of

    own = _certificate_in(file)
    digest = None if image is None else hashlib.sha256(image.read_bytes()).digest()

    async def both(entering: "Entering") -> "Entered":
        await enter_certificate(entering, own, officer=None, by=author())
        return await entering.seal(
            fingerprint_of(own), unit_code=unit, image_digest=digest, by=author()
        )

    tell("seal", fingerprint_of(own).hex(), enter(both), as_json=as_json)


@certificate.command("end")
@click.argument("fingerprint")
@click.option("--kind", type=click.Choice(["revoked", "replaced"]), default="revoked")
@AT
@REASON
@AS_JSON
def end_certificate(
    fingerprint: str, kind: EndKind, at: datetime | None, reason: str, as_json: bool
) -> None:
    """End the certificate with FINGERPRINT (SHA-256, hexadecimal); it counts as revoked unless said
    otherwise.
    """
    try:
        which = bytes.fromhex(fingerprint)
    except ValueError:
        which = b""
    if len(which) != _FINGERPRINT:
        raise WrongQuestion(f"{fingerprint} is no SHA-256 fingerprint of 64 hexadecimal digits")
    entered = enter(
        lambda entering: entering.end(
            "certificate", which, kind=kind, ended_at=at_or_now(at), reason=reason, by=author()
        )
    )
    tell("end of certificate", fingerprint, entered, as_json=as_json)


seal.add_command(end_certificate, "end")


@certificate.command("list")
@ON
@AS_JSON
def list_certificates(day: datetime | None, as_json: bool) -> None:
    """List officers' certificates."""
    rows = [
        {"fingerprint": one.fingerprint.hex(), "officer": one.officer, **term_shown(one.term)}
        for one in read().certificates
        if one.officer is not None and in_time(one.term, day)
    ]
    tell_all("certificates", rows, as_json=as_json)


@seal.command("list")
@ON
@AS_JSON
def list_seals(day: datetime | None, as_json: bool) -> None:
    """List units' seals."""
    rows = [
        {"fingerprint": one.fingerprint.hex(), "unit": one.unit_code, **term_shown(one.term)}
        for one in read().certificates
        if one.unit_code is not None and in_time(one.term, day)
    ]
    tell_all("seals", rows, as_json=as_json)


def _certificate_in(file: Path) -> "Certificate":
    from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

    content = file.read_bytes()
    load = load_pem_x509_certificate if b"-----BEGIN" in content else load_der_x509_certificate
    try:
        return load(content)
    except ValueError:
        raise WrongQuestion(f"{file} holds no X.509 certificate") from None
