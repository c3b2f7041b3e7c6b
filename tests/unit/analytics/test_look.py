from pathlib import Path

from analytics import look


def test_a_units_name_cannot_become_markup() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    pieces = [
        look.kpi_row(hostile, [look.Kpi(label=hostile, value=hostile, note=hostile)]),
        look.table(hostile, [hostile], [look.Row(heading=hostile, cells=[hostile])]),
        look.state(hostile, hostile),
        look.note(hostile),
        look.lead(hostile),
        look.result(hostile),
    ]
    assert all("<img" not in piece for piece in pieces)


def test_a_bar_is_as_long_as_its_share() -> None:
    row = look.Row(heading="Phường Hoàn Kiếm", cells=["12"], bar=0.25)
    assert "width:25.0%" in look.table("Theo đơn vị", ["Đơn vị", "Bản sao"], [row])


def test_the_page_keeps_its_style_where_no_font_is_installed(tmp_path: Path) -> None:
    sheet = look.stylesheet(tmp_path)
    assert "@font-face" not in sheet
    assert ".bs-kpi" in sheet


def test_installed_fonts_travel_inside_the_sheet(tmp_path: Path) -> None:
    files = tmp_path / look.FONT_FILES
    files.mkdir(parents=True)
    (files / "be-vietnam-pro-vietnamese-400-normal.woff2").write_bytes(b"font")
    assert "data:font/woff2;base64,Zm9udA==" in look.stylesheet(tmp_path)
