"""What training minimises. The main term is the logarithm of the squared error of the crop, luma first: every clip counts alike, so hopeless grass does
not outvote what can be repaired. Small terms for gradients (texture) and frame differences (steadiness) of luma stand beside it."""

import torch

WEIGHTS = {"luma": 0.06, "colour": 0.03, "gradient": 0.06, "temporal": 0.08}
LUMA = (0.299, 0.587, 0.114)
# rms of 2 of 255 steps: below that an error hardly matters, and clean pairs must not drown the others
FLOOR = (2 / 127.5) ** 2


def level(e):
    return torch.log(e.pow(2).flatten(1).mean(1) + FLOOR).mean()


def luma_of(x):
    """[B, T, 3, H, W] -> [B, T, H, W]"""
    return sum(w * x[:, :, i] for i, w in enumerate(LUMA))


def gain(y, x, truth):
    """How much closer y is to the truth than x: PSNR-Y in dB, mean over the crops (errors below FLOOR count as FLOOR)"""
    near, far = (luma_of(v - truth).pow(2).flatten(1).mean(1) + FLOOR for v in (y, x))
    return 10 * torch.log10(far / near).mean()


def gradients(e):
    return (e[..., 1:] - e[..., :-1]).abs().mean() + (e[..., 1:, :] - e[..., :-1, :]).abs().mean()


def loss(y, truth):
    """[B, T, 3, H, W] each -> scalar, the mean over the crops"""
    e = y - truth
    luma = luma_of(e)
    return (
        WEIGHTS["luma"] * level(luma)
        + WEIGHTS["colour"] * level(e)
        + WEIGHTS["gradient"] * gradients(luma)
        + WEIGHTS["temporal"] * (luma[:, 1:] - luma[:, :-1]).abs().mean()
    )
