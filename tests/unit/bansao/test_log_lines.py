"""Log lines hold no row of the database."""

from bansao.log_lines import without_rows


def test_the_row_that_a_driver_repeats_is_withheld() -> None:
    said = (
        "UniqueViolationError: duplicate key\n"
        "DETAIL:  Key (requester_name)=(Nguyễn Thị Lan) already exists.\n"
        "[parameters: ('Nguyễn Thị Lan',)]"
    )
    told = without_rows(None, "error", {"event": "failed", "exception": said})
    assert "Lan" not in told["exception"]
    assert "duplicate key" in told["exception"]
    assert told["event"] == "failed"
