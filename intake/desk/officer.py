"""An officer, and the check of a password. Argon2id costs tens of milliseconds on purpose."""

import asyncio

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
# Checked in the place of an unknown user's hash, so that the answer takes as long.
_NOBODY = _HASHER.hash("nobody has this password")


class Officer(msgspec.Struct, frozen=True, kw_only=True):
    """A login account; `officer_id` is who that is in the registry's authority data, `signer` names
    the key pair in the secrets directory. Full name and title are what the desk shows.
    """

    username: str
    full_name: str
    title: str
    unit_code: str
    signer: str
    officer_id: str


def hash_password(password: str) -> str:
    """An Argon2id hash in PHC form. Blocks."""
    return _HASHER.hash(password)


async def password_matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is the hash's; without a hash it never is, after the same time."""
    return await asyncio.to_thread(_matches, password, password_hash)


def _matches(password: str, password_hash: str | None) -> bool:
    try:
        _HASHER.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
