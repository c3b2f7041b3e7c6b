"""QR codes as vector drawings."""

from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

_QUIET_MODULES = 4


def qr_svg(text: str) -> bytes:
    """An SVG of the QR code (error correction M) with its quiet zone of 4 modules; 1 unit a module.

    Runs of dark modules become one rectangle each, so that no hairline shows between modules.
    """
    code = QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET_MODULES)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    side = len(matrix)
    path = "".join(_row(y, row) for y, row in enumerate(matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{path}"/></svg>'
    ).encode()


def _row(y: int, row: list[bool]) -> str:
    drawn = []
    x = 0
    for dark, modules in groupby(row):
        width = sum(1 for _ in modules)
        if dark:
            drawn.append(f"M{x} {y}h{width}v1h-{width}z")
        x += width
    return "".join(drawn)
