"""The stages of a ladder as frames, and the toy that shows why each is drawn for itself."""

from dataclasses import dataclass

import numpy as np
import torch

from . import damage, ladder


@dataclass(frozen=True)
class Stage:
    number: int  # 1 .. T
    recipe: dict | None  # None: the clean clip
    frames: np.ndarray  # uint8 [T, H / scale, W / scale, 3]; the clean clip at full size


def stages(truth, scale, count, rng):
    """uint8 [T, H, W, 3] -> list of Stage, worst first, the clean clip last. The same rng state gives the same ladder."""
    damaged = [Stage(number, r, damage.apply(truth, r)) for number, r in ladder.recipes(scale, count, rng).items()]
    return damaged + [Stage(count, None, truth)]


def gaussian_stages(x, deviations, independent, generator):
    """The toy: x [N] -> [N, stages], noise of the given deviations (falling); independent draws, or a chain that only adds noise backwards"""
    if independent:
        return torch.stack([x + s * torch.randn(x.shape, generator=generator) for s in deviations], 1)
    out, value, variance = [], x, 0.0
    for s in reversed(deviations):
        value = value + (s * s - variance) ** 0.5 * torch.randn(x.shape, generator=generator)
        variance = s * s
        out.append(value)
    return torch.stack(out[::-1], 1)


def best_error(x, seen):
    """Mean squared error of the best linear estimate of x [N] from seen [N, k]"""
    weights = torch.linalg.lstsq(seen.double(), x.double()[:, None]).solution
    return float(((seen.double() @ weights)[:, 0] - x.double()).pow(2).mean())
