import pytest

from intake.identity.face_match import FaceBox, dominant_face, judge


def square(side: int) -> FaceBox:
    return FaceBox(top=10, right=20 + side, bottom=10 + side, left=20)


@pytest.mark.parametrize(("distance", "matched"), [(0.0, True), (0.6, True), (0.6001, False)])
def test_the_threshold_is_stated_with_the_outcome(distance: float, matched: bool) -> None:
    match = judge(distance)
    assert (match.threshold, match.matched) == (0.6, matched)


def test_one_face_or_the_one_that_stands_before_the_others() -> None:
    assert dominant_face([]) is None
    assert dominant_face([square(80)]) == square(80)
    assert dominant_face([square(80), square(200), square(100)]) == square(200)
    assert dominant_face([square(100), square(140)]) is None
    assert dominant_face([square(100), square(100)]) is None
