"""Fit and measure the probabilities of answers (``kgqa.inference.calibration``)."""

from __future__ import annotations

import torch

from kgqa.model.config import UNFITTED

RIDGE = 1e-3  # keeps the weights finite where the pairs can be told apart without error


def calibration_error(pairs: list[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error in percent, over bins of equal width.

    ``pairs``: probabilities in [0, 1], and whether the answer was right.
    """
    total = 0.0
    for i in range(bins):
        inside = [(p, c) for p, c in pairs if min(int(p * bins), bins - 1) == i]
        if inside:
            gap = sum(p - c for p, c in inside) / len(inside)
            total += abs(gap) * len(inside) / len(pairs)
    return round(100 * total, 2)


def fit_calibration(pairs: list[tuple[tuple[float, ...], bool]]) -> tuple[float, ...]:
    """Weights by maximum likelihood with a light ridge, for features of answers."""
    values = torch.tensor([v for v, _ in pairs], dtype=torch.float64)
    right = torch.tensor([float(c) for _, c in pairs], dtype=torch.float64)
    weights = torch.tensor(UNFITTED, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        likelihood = torch.nn.functional.binary_cross_entropy_with_logits(values @ weights, right)
        loss = likelihood + RIDGE * weights.square().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return tuple(round(w, 4) for w in weights.tolist())
