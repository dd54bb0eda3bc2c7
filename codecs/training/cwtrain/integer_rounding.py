"""Rounding of weights to 8 bits so that the layer's outputs, not its weights, come out best.

What rounding one weight does to the outputs is made up for by those that are not rounded
yet, as far as inputs are correlated (GPTQ, Frantar et al., ICLR 2023, arXiv:2210.17323,
after Optimal Brain Surgeon), and the mean of what remains goes into the bias (Nagel et
al., ICCV 2019, arXiv:1906.04721). numpy only.
"""

from __future__ import annotations

from typing import Optional, Tuple

import numpy as np

LARGEST = 127  # of a weight
DAMPING = 0.01  # added to the moments' diagonal, of its mean


def round_weights(
    weight: np.ndarray, step: np.ndarray, moments: Optional[np.ndarray], mean: Optional[np.ndarray]
) -> Tuple[np.ndarray, np.ndarray]:
    """Integers [out, K] for weights [out, K] in steps [out], and what to add to the bias
    [out]. moments [K, K] and mean [K] are those of the layer's inputs, E[x x'] and E[x];
    without them weights are rounded to the nearest."""
    scaled = weight / step[:, None]
    if moments is None or mean is None:
        return np.clip(np.rint(scaled), -LARGEST, LARGEST), np.zeros(len(weight))
    order = np.argsort(-np.diag(moments), kind="stable")  # what matters most has most left to make up for it
    rounded = np.empty_like(scaled)
    rounded[:, order] = _feedback(scaled[:, order], moments[np.ix_(order, order)])
    return rounded, (scaled - rounded) @ mean * step


def _feedback(weight: np.ndarray, moments: np.ndarray) -> np.ndarray:
    k = len(moments)
    damped = moments + np.eye(k) * (DAMPING * np.trace(moments) / k + 1e-12)
    upper = np.linalg.cholesky(np.linalg.inv(damped)).T
    weight, rounded = weight.copy(), np.empty_like(weight)
    for i in range(k):
        rounded[:, i] = np.clip(np.rint(weight[:, i]), -LARGEST, LARGEST)
        error = (weight[:, i] - rounded[:, i]) / upper[i, i]
        weight[:, i + 1 :] -= error[:, None] * upper[i, i + 1 :]
    return rounded
