import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.capture.page import Page, Quality
from intake.capture.print_marks import direction_of, find_marks
from intake.capture.quality import (
    believable_dpi,
    cut_edges_of,
    glare_of,
    page_flags,
    sharpness_of,
)
from intake.capture.sheet import find_sheet, flatten
from tests.testkit.pictures import photographed, printed_page, turned

PAGE = printed_page()


def grey_of(pixels: np.ndarray) -> np.ndarray:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


@settings(max_examples=12, deadline=None)
@given(st.floats(-30, 30))
def test_the_lean_is_measured_to_a_fifth_of_a_degree(degrees: float) -> None:
    measured = direction_of(find_marks(grey_of(turned(PAGE, degrees)))).lean
    assert measured == pytest.approx(degrees, abs=0.2)


@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_a_turned_page_is_never_called_upright(quarter: int) -> None:
    turned_page = np.ascontiguousarray(np.rot90(PAGE, quarter))
    assert not direction_of(find_marks(grey_of(turned_page))).upright


def test_an_empty_page_has_no_direction() -> None:
    direction = direction_of(find_marks(np.full((1754, 1240), 250, np.uint8)))
    assert (direction.lean, direction.upright) == (0.0, False)


def test_a_photographed_sheet_is_found_and_flattened_with_all_its_print() -> None:
    photo = photographed(PAGE)
    grey = grey_of(photo)
    corners = find_sheet(grey, find_marks(grey))
    assert corners is not None
    assert corners == pytest.approx(
        np.array([[300, 200], [1300, 260], [1420, 1800], [160, 1740]]), abs=20
    )
    flat = find_marks(grey_of(flatten(photo, corners)))
    assert direction_of(flat).lean == pytest.approx(0, abs=0.6)
    assert len(flat.boxes) >= 0.9 * len(find_marks(grey_of(PAGE)).boxes)


def with_dark_band(page: np.ndarray) -> np.ndarray:
    """A sheet whose lower quarter is a coloured band with print on it."""
    banded = page.copy()
    banded[1300:] = np.minimum(banded[1300:], np.array([90, 120, 120], np.uint8))
    return banded


@pytest.mark.parametrize("picture", [PAGE, with_dark_band(PAGE), np.rot90(PAGE)])
def test_nothing_of_a_page_that_fills_the_picture_is_cut(picture: np.ndarray) -> None:
    grey = grey_of(np.ascontiguousarray(picture))
    assert find_sheet(grey, find_marks(grey)) is None


def test_two_sheets_side_by_side_stay_together() -> None:
    table = np.full((1400, 2000, 3), 40, np.uint8)
    sheet = cv2.resize(PAGE, (780, 1103))
    table[150:1253, 100:880] = sheet
    table[150:1253, 1000:1780] = sheet
    grey = grey_of(table)
    assert find_sheet(grey, find_marks(grey)) is None


def test_blur_lowers_sharpness_whatever_the_contrast() -> None:
    grey = grey_of(PAGE)
    pale = np.asarray(255 - (255 - grey) // 2, np.uint8)
    soft = np.asarray(cv2.GaussianBlur(grey, (0, 0), 4), np.uint8)
    assert sharpness_of(grey) > 0.6
    assert sharpness_of(pale) == pytest.approx(sharpness_of(grey), abs=0.1)
    assert sharpness_of(soft) < 0.22


def test_glare_is_a_white_patch_on_grey_paper_only() -> None:
    shaded = np.asarray(grey_of(PAGE) * 0.8, np.uint8)
    shining = shaded.copy()
    shining[300:700, 300:800] = 255
    assert glare_of(grey_of(PAGE)) == 0
    assert glare_of(shaded) == 0
    assert glare_of(shining) == pytest.approx(400 * 500 / shaded.size, rel=0.2)


def test_cut_print_is_told_by_edge() -> None:
    marks = find_marks(grey_of(np.ascontiguousarray(PAGE[:, 200:])))
    assert cut_edges_of(marks) == ("left",)
    assert cut_edges_of(find_marks(grey_of(PAGE))) == ()


@pytest.mark.parametrize(
    ("told", "size", "dpi"),
    [
        (300, (2480, 3508), 300),
        (72, (2480, 3508), 300),
        (0, (1240, 1754), 150),
        (600, (2022, 1275), 600),
    ],
)
def test_an_unbelievable_resolution_is_replaced(
    told: float, size: tuple[int, int], dpi: int
) -> None:
    assert believable_dpi(told, *size) == pytest.approx(dpi, abs=1)


def test_flags_name_their_page() -> None:
    poor = Page(
        image=b"", media_type="image/jpeg", width=600, height=800, dpi=70,
        quality=Quality(
            sharpness=0.1, contrast=0.2, skew_degrees=-20, glare=0.2, cut_edges=("top", "left")
        ),
    )  # fmt: skip
    flags = page_flags(poor, 3)
    assert {flag.code.removeprefix("flag-page-") for flag in flags} == {
        "blurred", "faint", "coarse", "glare", "askew", "cut-top", "cut-left"
    }  # fmt: skip
    assert {(flag.about, flag.values["page"]) for flag in flags} == {("page-3", "3")}
