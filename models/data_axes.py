"""Fixed axes of the data: whitening of the unshuffled input and the basis of the residual, over the same mix that is trained."""
import torch
import torch.nn.functional as F

GAIN_LIMIT = 50     # axes weaker than 1 / 50 are not blown up further


def measure(pool, seed, crops=240, crop=128):
    """-> mean [48], covariance [48, 48] of the input, second moment [48, 48] of truth - input; float64"""
    inputs, residuals = [], []
    for step in range(crops):
        x, truth, _ = pool.sample(seed, step, crop, 1)
        for store, v in ((inputs, x), (residuals, truth - x)):
            store.append(F.pixel_unshuffle(v[0], 4).permute(0, 2, 3, 1).reshape(-1, 48))
    X, R = torch.cat(inputs).double(), torch.cat(residuals).double()
    mean = X.mean(0)
    return mean, (X - mean).T @ (X - mean) / len(X), R.T @ R / len(R)


def axes(mean, covariance, second_moment, count):
    """-> whitening weight [count, 48], bias [count] and residual basis [48, 48]; float32"""
    values, vectors = torch.linalg.eigh(covariance)
    weight = (vectors / values.clamp(min=1e-9).sqrt().clamp(min=1 / GAIN_LIMIT)).T[-count:]
    values, vectors = torch.linalg.eigh(second_moment)
    return weight.float(), (-weight @ mean).float(), (vectors * values.clamp(min=1e-9).sqrt()).float()
