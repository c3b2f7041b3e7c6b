"""One straightened page of an original, as it will stand in the copy."""

from typing import Literal

import msgspec

Quarter = Literal[0, 90, 180, 270]
Edge = Literal["top", "right", "bottom", "left"]


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """What the camera or scanner delivered, measured before straightening.

    sharpness: how steep the strokes' edges are, 0 (fog) to 1 (print); 1 for a page without strokes
    contrast: 0 to 1, the distance between paper and ink
    skew_degrees: how far the lines leaned, counter-clockwise positive; corrected in the image
    turned: quarter turns in degrees clockwise that were needed to stand the page upright
    flattened: the perspective of a photographed sheet was taken out
    glare: share of the page's area that is blown out by a reflection, 0 to 1
    cut_edges: edges at which print runs out of the picture
    """

    sharpness: float
    contrast: float
    skew_degrees: float
    turned: Quarter = 0
    flattened: bool = False
    glare: float = 0.0
    cut_edges: tuple[Edge, ...] = ()


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """`image` is an encoded picture of `media_type`, `width` x `height` pixels.

    `dpi` is the scan's own resolution where the file tells one that is believable, otherwise the
    one at which the picture would fill an A4 sheet.
    """

    image: bytes
    media_type: str
    width: int
    height: int
    dpi: int
    quality: Quality
