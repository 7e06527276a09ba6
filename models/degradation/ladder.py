"""The ladder: a clip as the last frame of its own decay. Stages 1 .. T, T clean, each earlier stage more damaged.
Every stage draws its own damage from the clean clip; in a chain (each stage made from the next one) older stages would say nothing more
about the clean one. Version 0 of the model is trained on pairs (one stage -> clean); the stages are here because the recipe is the same code."""
import torch
from . import recipe


def stages(truth, scale, count, rng):
    """uint8 [T, H, W, 3] -> list of (recipe, damaged clip), worst first; the last one is light, all independent"""
    families = [recipe.choose(rng, {k: v for k, v in recipe.FAMILIES[scale].items() if k not in ("clean", "light")}) for _ in range(count - 1)] + ["light"]
    drawn = [recipe.draw(rng, scale, family) for family in families]
    severity = lambda r: (r["family"] != "light") * (1 + r["q"] + (sum(r["noise"][:2]) / 10 if r["noise"] else 0) + r["blur"])
    return [(r, recipe.apply(truth, r)) for r in sorted(drawn, key=severity, reverse=True)]


def gaussian_stages(x, deviations, independent, generator):
    """The toy: x [N] -> [N, stages], noise of the given deviations (falling); independent draws, or a chain that only adds noise backwards"""
    if independent:
        return torch.stack([x + s * torch.randn(x.shape, generator=generator) for s in deviations], 1)
    out, value, variance = [], x, 0.
    for s in reversed(deviations):
        value = value + (s * s - variance) ** .5 * torch.randn(x.shape, generator=generator)
        variance = s * s
        out.append(value)
    return torch.stack(out[::-1], 1)


def best_error(x, seen):
    """Mean squared error of the best linear estimate of x [N] from seen [N, k]"""
    weights = torch.linalg.lstsq(seen.double(), x.double()[:, None]).solution
    return float(((seen.double() @ weights)[:, 0] - x.double()).pow(2).mean())
