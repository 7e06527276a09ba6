"""What training minimises: Charbonnier on colours and on luma, plus luma errors of gradients (texture, SSIM) and of frame differences (steadiness)."""
import torch

WEIGHTS = {"colour": .5, "luma": 1., "gradient": .25, "coarse": .1, "temporal": .25}
LUMA = (.299, .587, .114)


def charbonnier(e, epsilon=.01):
    return torch.sqrt(e * e + epsilon * epsilon).mean()


def gradients(e):
    return (e[..., 1:] - e[..., :-1]).abs().mean() + (e[..., 1:, :] - e[..., :-1, :]).abs().mean()


def loss(y, truth):
    """[B, T, 3, H, W] each -> scalar"""
    e = y - truth
    luma = sum(w * e[:, :, i] for i, w in enumerate(LUMA))        # [B, T, H, W]
    return (WEIGHTS["colour"] * charbonnier(e) + WEIGHTS["luma"] * charbonnier(luma) + WEIGHTS["gradient"] * gradients(luma)
            + WEIGHTS["coarse"] * gradients(torch.nn.functional.avg_pool2d(luma, 2)) + WEIGHTS["temporal"] * (luma[:, 1:] - luma[:, :-1]).abs().mean())
