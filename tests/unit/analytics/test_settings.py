from pathlib import Path

import pytest

from analytics.errors import NotConfigured
from analytics.settings import Settings


def settings(tmp_path: Path, url: str) -> Settings:
    return Settings.from_env({"BANSAO_DATABASE_URL": url, "BANSAO_SECRETS": str(tmp_path)})


def test_the_dashboard_logs_in_as_its_own_role_whatever_user_the_address_names(
    tmp_path: Path,
) -> None:
    (tmp_path / "db_analytics_reader").write_text("p@ss/word\n")
    named = settings(
        tmp_path, "postgresql://postgres:secret@db.example:5433/bansao?sslmode=require"
    )
    assert named.role_url() == (
        "postgresql://analytics_reader:p%40ss%2Fword@db.example:5433/bansao?sslmode=require"
    )
    anonymous = settings(tmp_path, "postgresql://[::1]:5433/bansao")
    assert anonymous.role_url() == "postgresql://analytics_reader:p%40ss%2Fword@[::1]:5433/bansao"


def test_secrets_lie_in_the_data_directory_unless_named() -> None:
    assert Settings.from_env({"BANSAO_DATA": "/srv/bansao"}).secrets == Path("/srv/bansao/secrets")


def test_a_missing_address_or_password_is_named_without_any_secret(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="BANSAO_DATABASE_URL"):
        Settings.from_env({}).role_url()
    with pytest.raises(NotConfigured, match="analytics_reader") as failure:
        settings(tmp_path, "postgresql://u:hunter2@127.0.0.1/bansao").role_url()
    assert "hunter2" not in str(failure.value)
