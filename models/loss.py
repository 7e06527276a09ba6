"""What training minimises: Charbonnier on colours, plus errors of gradients (texture, SSIM) and of frame differences (steadiness)."""
import torch

WEIGHTS = {"charbonnier": 1., "gradient": .35, "coarse": .15, "temporal": .35}


def charbonnier(e, epsilon=.01):
    return torch.sqrt(e * e + epsilon * epsilon).mean()


def gradients(e):
    return (e[..., 1:] - e[..., :-1]).abs().mean() + (e[..., 1:, :] - e[..., :-1, :]).abs().mean()


def loss(y, truth):
    """[B, T, 3, H, W] each -> scalar"""
    e = y - truth
    coarse = torch.nn.functional.avg_pool2d(e.flatten(0, 1), 2)
    return (WEIGHTS["charbonnier"] * charbonnier(e) + WEIGHTS["gradient"] * gradients(e) + WEIGHTS["coarse"] * gradients(coarse)
            + WEIGHTS["temporal"] * (e[:, 1:] - e[:, :-1]).abs().mean())
