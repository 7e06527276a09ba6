"""Fixed axes of the data: whitening of the unshuffled input and the basis of the residual, over the same mix that is trained."""

import torch
import torch.nn.functional as F
from loss import LUMA

GAIN_LIMIT = 50  # axes weaker than 1 / 50 are not blown up further


def measure(pool, seed, crops=240, crop=128):
    """-> mean [48], covariance [48, 48] of the input, second moment [48, 48] of truth - input; float64"""
    inputs, residuals = [], []
    for step in range(crops):
        x, truth, _, _ = pool.sample(seed, step, crop, 1)
        for store, v in ((inputs, x), (residuals, truth - x)):
            store.append(F.pixel_unshuffle(v[0], 4).permute(0, 2, 3, 1).reshape(-1, 48))
    X, R = torch.cat(inputs).double(), torch.cat(residuals).double()
    mean = X.mean(0)
    return mean, (X - mean).T @ (X - mean) / len(X), R.T @ R / len(R)


def spread(moment):
    """Principal axes of a second moment, weakest first, and how far they reach"""
    values, vectors = torch.linalg.eigh(moment)
    return vectors, values.clamp(min=1e-9).sqrt()


def whitening(mean, covariance, count):
    """-> weight [count, n], bias [count]: the strongest axes, each of variance 1"""
    vectors, deviations = spread(covariance)
    weight = (vectors / deviations.clamp(min=1 / GAIN_LIMIT)).T[-count:]
    return weight, -weight @ mean


def axes(mean, covariance, second_moment, config):
    """-> {name of a buffer: float32}: whitening of all planes and of luma alone; of the residual all patterns of luma and, of what is left, the strongest"""
    cells = config.unshuffle**2
    fixed = dict(zip(("condition.whiten.weight", "condition.whiten.bias"), whitening(mean, covariance, config.whiten)))
    if config.neighbours:
        luma = torch.cat([w * torch.eye(cells, dtype=torch.float64) for w in LUMA], 1)
        weight, bias = whitening(luma @ mean, luma @ covariance @ luma.T, cells)
        fixed["condition.luma.weight"], fixed["condition.luma.bias"] = weight @ luma, bias
    if config.axes < config.unshuffled:
        grey = torch.eye(cells, dtype=torch.float64).repeat(3, 1) / 3**0.5
        rest = torch.eye(config.unshuffled, dtype=torch.float64) - grey @ grey.T
        vectors, deviations = spread(grey.T @ second_moment @ grey)
        colours, colour_deviations = spread(rest @ second_moment @ rest)
        count = config.axes - cells
        fixed["decoder.basis"] = torch.cat([grey @ vectors * deviations, (colours * colour_deviations)[:, -count:]], 1)
    return {name: value.float() for name, value in fixed.items()}
