"""Database roles: who may log in, and with which password.

`bansao_owner` owns every table and cannot log in. Each service logs in as a role of its own, whose
grants stand in the migrations. Passwords are files `db_<role>` in the secrets directory; the server
is only ever told a SCRAM verifier (RFC 5803), so that no password can reach a server's log.
"""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from sqlalchemy import Connection, text

from schema.errors import SecretMissing

OWNER = "bansao_owner"
LOGIN_ROLES = (
    "registry_writer",
    "registry_publisher",
    "registry_reader",
    "registry_clerk",
    "registry_admin",
    "intake_app",
    "analytics_reader",
    "portal_agency",
    "portal_limiter",
)
# PostgreSQL's own default (scram_iterations); passwords here are 256 random bits.
_ITERATIONS = 4096
_CONFINED = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"


def ensure_roles(connection: Connection, secrets_dir: Path) -> None:
    """Create the missing roles and set each password to what its file says.

    Idempotent. Needs CREATEROLE. A missing password file is made (mode 0600).
    """
    known = set(connection.scalars(text("SELECT rolname FROM pg_roles")))
    if OWNER not in known:
        connection.execute(text(f"CREATE ROLE {OWNER} NOLOGIN"))
    _let_caller_act_as_owner(connection)
    for role in LOGIN_ROLES:
        verifier = scram_verifier(role_password(secrets_dir, role))
        # Who is no superuser may not even repeat NOSUPERUSER of a role that is there.
        act = f"ALTER ROLE {role}" if role in known else f"CREATE ROLE {role} {_CONFINED}"
        connection.exec_driver_sql(f"{act} LOGIN PASSWORD '{verifier}'")
    confine_database(connection)


def confine_database(connection: Connection) -> None:
    """Only our roles connect; only the owner creates. `CREATE DATABASE … TEMPLATE` forgets this."""
    name = connection.dialect.identifier_preparer.quote(
        connection.scalar(text("SELECT current_database()")) or ""
    )
    roles = ", ".join(LOGIN_ROLES)
    for statement in (
        f"REVOKE ALL ON DATABASE {name} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {name} TO {roles}",
        f"GRANT CONNECT, CREATE ON DATABASE {name} TO {OWNER}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ):
        connection.exec_driver_sql(statement)


def role_password(secrets_dir: Path, role: str) -> str:
    """The password of a role; made and kept when there is none yet."""
    path = secrets_dir / f"db_{role}"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return _keep_new_password(path)
    except OSError as error:
        raise SecretMissing(f"{path} cannot be read ({error.strerror})") from None


def scram_verifier(password: str, salt: bytes | None = None) -> str:
    """What PostgreSQL stores for a password: `SCRAM-SHA-256$<iterations>:<salt>$<keys>`.

    The password must be ASCII: no SASLprep is applied.
    """
    salt = salt or secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, _ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    salt_text, stored, server = (
        base64.b64encode(part).decode() for part in (salt, stored_key, server_key)
    )
    return f"SCRAM-SHA-256${_ITERATIONS}:{salt_text}${stored}:{server}"


def _keep_new_password(path: Path) -> str:
    password = secrets.token_urlsafe(32)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first; its word counts
        return path.read_text().strip()
    except OSError as error:
        raise SecretMissing(f"{path} is missing and cannot be made ({error.strerror})") from None
    with os.fdopen(handle, "w") as file:
        file.write(password)
    return password


def _let_caller_act_as_owner(connection: Connection) -> None:
    """A caller that is no superuser must be a member of the owner before it can SET ROLE to it."""
    superuser = connection.scalar(
        text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    )
    if not superuser:
        connection.execute(text(f"GRANT {OWNER} TO CURRENT_USER"))
