"""How close, how alike to the eye and how steady: PSNR-Y, SSIM, GMSD, temporal error, tOF and E_warp on 8-bit luma, and how much fine structure. None of them is what training minimises."""

import cv2
import numpy as np


def psnr(a, b):
    """uint8 [T, H, W] each -> mean over frames of the PSNR in dB"""
    error = ((a.astype(np.float64) - b) ** 2).mean((1, 2))
    return float((10 * np.log10(255**2 / np.maximum(error, 1e-9))).mean())


def window(x, kernel):
    """Separable filter, only where the window fits: [T, H, W] -> [T, H - 10, W - 10]"""
    n = len(kernel)
    x = sum(k * x[:, i : x.shape[1] - n + 1 + i] for i, k in enumerate(kernel))
    return sum(k * x[:, :, i : x.shape[2] - n + 1 + i] for i, k in enumerate(kernel))


def ssim(a, b):
    """Wang et al. 2004: Gaussian window 11x11, sd 1.5, mean over all places and frames"""
    kernel = np.exp(-(np.arange(-5, 6) ** 2) / 4.5)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    total = 0.0
    for p, q in zip(a.astype(np.float32), b.astype(np.float32)):
        p, q = p[None], q[None]
        mp, mq = window(p, kernel), window(q, kernel)
        vp, vq = window(p * p, kernel) - mp * mp, window(q * q, kernel) - mq * mq
        vpq = window(p * q, kernel) - mp * mq
        total += float(
            (((2 * mp * mq + 6.5025) * (2 * vpq + 58.5225)) / ((mp**2 + mq**2 + 6.5025) * (vp + vq + 58.5225))).mean()
        )
    return total / len(a)


def gradient_magnitude(frame):
    """uint8 [H, W] -> Prewitt gradient magnitude of its 2x2 means, values in 0..255"""
    h, w = frame.shape[0] // 2 * 2, frame.shape[1] // 2 * 2
    small = frame[:h, :w].reshape(h // 2, 2, w // 2, 2).mean((1, 3), dtype=np.float32)
    kernel = np.array([[1, 0, -1]] * 3, np.float32) / 3
    return np.hypot(
        cv2.filter2D(small, -1, kernel, borderType=cv2.BORDER_REFLECT),
        cv2.filter2D(small, -1, kernel.T.copy(), borderType=cv2.BORDER_REFLECT),
    )


def gmsd(a, b):
    """Gradient magnitude similarity deviation (Xue et al. 2014), a perceptual distance without a trained network; mean over frames, lower is closer"""
    total = 0.0
    for p, q in zip(a, b):
        p, q = gradient_magnitude(p), gradient_magnitude(q)
        total += float(((2 * p * q + 170) / (p * p + q * q + 170)).std())
    return total / len(a)


def flow(before, now):
    """Dense motion (Farneback 2003) in pixels, [H, W, 2]"""
    return cv2.calcOpticalFlowFarneback(before, now, None, 0.5, 4, 15, 3, 5, 1.2, 0)


def flow_error(a, truth_flows):
    """tOF (Chu et al. 2020): mean distance in pixels between the motion seen in the result and the truth's; lower is steadier"""
    return float(
        np.mean([np.hypot(*np.moveaxis(flow(a[t - 1], a[t]) - f, -1, 0)).mean() for t, f in enumerate(truth_flows, 1)])
    )


def temporal_error(a, b):
    """Steadiness: mean |change from frame to frame of the result - the same of the truth|, in 8-bit steps; lower is steadier"""
    change = lambda x: np.diff(x.astype(np.float32), axis=0)
    return float(np.abs(change(a) - change(b)).mean())


def fine(a):
    """Root mean square of the finest structure, what a Gaussian of one pixel takes away: uint8 [T, H, W] -> 8-bit steps"""
    parts = [frame.astype(np.float32) - cv2.GaussianBlur(frame.astype(np.float32), (0, 0), 1.0) for frame in a]
    return float(np.sqrt(np.mean(np.square(parts))))


def all_of(a, b):
    return {"psnr": psnr(a, b), "ssim": ssim(a, b), "gmsd": gmsd(a, b), "temporal": temporal_error(a, b)}


BLOCK, REACH, MATCHED = 8, 6, 4.0  # pixels, pixels, 8-bit steps


def motion(truth):
    """Block matching on the truth: uint8 [T, H, W] -> per pair of frames (dy, dx of each block, which blocks match well)"""
    T, H, W = truth.shape
    rows, columns = H // BLOCK, W // BLOCK
    crop = truth[:, : rows * BLOCK, : columns * BLOCK].astype(np.int16)
    padded = np.pad(crop, ((0, 0), (REACH, REACH), (REACH, REACH)), mode="edge")
    moves = [(dy, dx) for dy in range(-REACH, REACH + 1) for dx in range(-REACH, REACH + 1)]
    found = []
    for t in range(1, T):
        best = np.full((rows, columns), np.inf)
        where = np.zeros((rows, columns), int)
        for number, (dy, dx) in enumerate(moves):
            before = padded[t - 1, REACH + dy : REACH + dy + rows * BLOCK, REACH + dx : REACH + dx + columns * BLOCK]
            cost = np.abs(crop[t] - before).reshape(rows, BLOCK, columns, BLOCK).mean(
                (1, 3), dtype=np.float32
            ) + 0.02 * (abs(dy) + abs(dx))
            better = cost < best
            best[better], where[better] = cost[better], number
        found.append((np.array(moves)[where], best < MATCHED))
    return found


def warp_error(result, found):
    """E_warp: mean |frame - the one before, moved by the truth's motion|, over blocks where the truth itself matches; 8-bit steps, lower is steadier"""
    total, count = 0.0, 0
    for t, (moves, good) in enumerate(found, 1):
        rows, columns = good.shape
        y = np.arange(rows * BLOCK)[:, None] + moves[..., 0].repeat(BLOCK, 0).repeat(BLOCK, 1)
        x = np.arange(columns * BLOCK)[None] + moves[..., 1].repeat(BLOCK, 0).repeat(BLOCK, 1)
        before = result[t - 1, : rows * BLOCK, : columns * BLOCK][
            y.clip(0, rows * BLOCK - 1), x.clip(0, columns * BLOCK - 1)
        ]
        error = (
            np.abs(result[t, : rows * BLOCK, : columns * BLOCK].astype(np.int16) - before)
            .reshape(rows, BLOCK, columns, BLOCK)
            .mean((1, 3))
        )
        total, count = total + error[good].sum(), count + good.sum()
    return float(total / max(count, 1))
