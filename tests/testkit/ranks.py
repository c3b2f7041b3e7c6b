"""Whether two samples come from one distribution, by ranks alone: no outlier counts for more than
its place, so that a noisy machine does no harm.
"""

import math
from collections.abc import Sequence

import numpy as np


def mann_whitney_z(first: Sequence[float], second: Sequence[float]) -> float:
    """Standard deviations by which the first sample ranks above the second; about 0 when nothing
    tells them apart. Ties get the mean of their places.

    Label the measurements at random and take them alternately: then it holds whatever the noise.
    """
    both = np.concatenate([first, second])
    _, place, count = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    m, n = len(first), len(second)
    above = ranks[:m].sum() - m * (m + 1) / 2
    return float((above - m * n / 2) / math.sqrt(m * n * (m + n + 1) / 12))
