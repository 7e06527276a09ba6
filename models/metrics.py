"""How close and how steady: PSNR-Y, SSIM and temporal error on 8-bit luma. None of them is what training minimises."""
import numpy as np


def psnr(a, b):
    """uint8 [T, H, W] each -> mean over frames of the PSNR in dB"""
    error = ((a.astype(np.float64) - b) ** 2).mean((1, 2))
    return float((10 * np.log10(255 ** 2 / np.maximum(error, 1e-9))).mean())


def window(x, kernel):
    """Separable filter, only where the window fits: [T, H, W] -> [T, H - 10, W - 10]"""
    n = len(kernel)
    x = sum(k * x[:, i:x.shape[1] - n + 1 + i] for i, k in enumerate(kernel))
    return sum(k * x[:, :, i:x.shape[2] - n + 1 + i] for i, k in enumerate(kernel))


def ssim(a, b):
    """Wang et al. 2004: Gaussian window 11x11, sd 1.5, mean over all places and frames"""
    kernel = np.exp(-np.arange(-5, 6) ** 2 / 4.5)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    total = 0.
    for p, q in zip(a.astype(np.float32), b.astype(np.float32)):
        p, q = p[None], q[None]
        mp, mq = window(p, kernel), window(q, kernel)
        vp, vq = window(p * p, kernel) - mp * mp, window(q * q, kernel) - mq * mq
        vpq = window(p * q, kernel) - mp * mq
        total += float((((2 * mp * mq + 6.5025) * (2 * vpq + 58.5225)) / ((mp ** 2 + mq ** 2 + 6.5025) * (vp + vq + 58.5225))).mean())
    return total / len(a)


def temporal_error(a, b):
    """Steadiness: mean |change from frame to frame of the result - the same of the truth|, in 8-bit steps; lower is steadier"""
    change = lambda x: np.diff(x.astype(np.float32), axis=0)
    return float(np.abs(change(a) - change(b)).mean())


def all_of(a, b):
    return {"psnr": psnr(a, b), "ssim": ssim(a, b), "temporal": temporal_error(a, b)}
