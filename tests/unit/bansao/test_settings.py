"""Where an installation lies, and what its rooms are told."""

from pathlib import Path

from bansao.database import with_password
from bansao.settings import Settings


def test_everything_lies_in_the_data_directory_unless_named() -> None:
    settings = Settings.from_env({"BANSAO_DATA": "/srv/copies", "BANSAO_SECRETS": "/run/secrets"})
    assert settings.secrets == Path("/run/secrets")
    assert settings.trust == Path("/srv/copies/trust")
    assert settings.blobs == Path("/srv/copies/blobs")
    assert settings.database_url is None


def test_paths_hold_wherever_a_child_starts() -> None:
    settings = Settings.from_env({})
    assert settings.data == Path.cwd() / ".bansao"


def test_rooms_read_back_what_the_front_door_was_told() -> None:
    told = {
        "BANSAO_DATA": "/srv/copies",
        "BANSAO_PORTAL_URL": "https://kiemtra.example",
        "BANSAO_ORIGIN": "example.vn/log",
    }
    environment = Settings.from_env(told).room_environment("postgresql://127.0.0.1:5433/bansao")
    assert told.items() <= environment.items()
    assert environment["BANSAO_DATABASE_URL"] == "postgresql://127.0.0.1:5433/bansao"
    assert "BANSAO_TSA_URL" not in environment


def test_a_password_comes_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "db_postgres").write_text("a/b c\n")
    url = "postgresql://postgres@db:5432/bansao"
    assert with_password(url, tmp_path) == "postgresql://postgres:a%2Fb%20c@db:5432/bansao"
    for kept in ("postgresql://postgres:x@db/bansao", "postgresql://db/bansao"):
        assert with_password(kept, tmp_path) == kept
