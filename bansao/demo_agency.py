"""The demo's agency: a key to full facts and PDFs, in a file, to try the portal's API with."""

import os
import secrets as randomness
from datetime import timedelta
from pathlib import Path
from typing import Final

from registry.clock import utc_now
from registry.store import Store
from verify_portal.agency.key import SCOPES, new_key, read_key
from verify_portal.agency.key_book import KeyBook

_AGENCY: Final = "Ngân hàng Thử Nghiệm"
_VALID: Final = timedelta(days=365)


def agency_key_file(secrets: Path) -> Path:
    """Where the demo's key lies. An agency's own stays with the agency."""
    return secrets / "demo_agency.key"


async def ensure_agency_key(store: Store, secrets: Path, *, by: str) -> None:
    """Make the key unless it is there, and enter it unless it was. Needs `registry_admin`."""
    path = agency_key_file(secrets)
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_key(randomness.token_bytes) + "\n")
    key = read_key(path.read_text().strip())
    async with store.statements() as connection:
        book = KeyBook(connection)
        if key.id not in {one.id for one in await book.keys()}:
            until = utc_now() + _VALID
            await book.enter(key, agency=_AGENCY, scopes=SCOPES, until=until, by=by)
