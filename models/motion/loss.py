"""What training minimises: the picture on a Laplacian pyramid and its PSNR, the flow and what every cost volume finds where the truth is known, and
whether the confidence says what the error is."""

import math

import torch
import torch.nn.functional as F

from .sampling import displacements, nearest

LEVELS = 4
WEIGHTS = {"picture": 1.0, "psnr": 0.1, "flow": 0.15, "match": 0.05, "confidence": 0.01}
LUMA = (0.2126, 0.7152, 0.0722)
FLOOR = 1.5 / 127.5  # 8-bit steps: below it an error is noise
WRONG = 10 / 127.5  # mean error of a cell, ten 8-bit steps, from which a frame had better show a key


def absolute(e):
    return (e * e + 1e-6).sqrt()


def pyramid_loss(y, truth):
    """[N, 3, H, W] each: absolute error of every band of a Laplacian pyramid, coarser bands counting more, as they cost more"""
    e, total = y - truth, absolute(y - truth).mean()
    for level in range(1, LEVELS):
        e = F.avg_pool2d(e, 2)
        total = total + absolute(e).mean() * 2 ** (level - 1) / 2
    return total


def psnr_loss(y, truth):
    """Half the logarithm of the mean square error of luma, mean over the pictures: what PSNR is, so that a still scene counts like a lively one"""
    e = torch.einsum("c,nchw->nhw", torch.tensor(LUMA), y - truth)
    return 0.5 * (e.pow(2).mean((1, 2)) + FLOOR**2).log().mean()


def flow_loss(flows, truth, known):
    """flows from coarse to fine [N, 4, h, w], truth [N, 4, H, W], known [N, 1, H, W]: root of the distance in pixels on every grid, mean over what is known.
    The root: half a pixel that is won counts the more, the closer the flow already is, as in the picture."""
    total, there, sums = 0, known, truth * known
    for flow in reversed(flows):
        cell = there.shape[-1] // flow.shape[-1]
        there, sums = F.avg_pool2d(there, cell), F.avg_pool2d(sums, cell)
        true = sums / there.clamp(min=1e-3)
        e = ((flow - true).unflatten(1, (2, 2)).pow(2).sum(2) + 0.01).pow(0.25)
        total = total + (e * there).mean()
    return total / len(flows)


def match_loss(costs, flows, truth, known):
    """Whether each cost volume finds the true motion: cross entropy of its softmax against where the pixels of a cell really went, each shared by
    the four motions around it; what lies beyond the search does not count. costs, flows: those of a Between"""
    total, step = 0, 4
    part = lambda x: x[..., step // 2 :: step, step // 2 :: step]
    there, motion = part(known), part(truth[:, 2:] - truth[:, :2])
    for grid, logits in enumerate(costs):
        cell, radius = truth.shape[-1] // logits.shape[-1], math.isqrt(logits.shape[1]) // 2
        rest = motion
        if grid:
            begun = flows[grid].detach()
            rest = motion - nearest(begun[:, 2:] - begun[:, :2], cell // step)
        y, x = torch.tensor(displacements(radius), dtype=rest.dtype).T[..., None, None]
        share = (1 - (rest[:, :1] / cell - x).abs()).clamp(min=0) * (1 - (rest[:, 1:] / cell - y).abs()).clamp(min=0)
        share = F.avg_pool2d(share * there, cell // step)
        total = total - (share * logits.log_softmax(1)).sum(1).mean()
    return total / len(costs)


def confidence_loss(logits, y, truth):
    error = F.avg_pool2d((y - truth).abs().mean(1, keepdim=True), 4).detach()
    return F.binary_cross_entropy_with_logits(logits, (error < WRONG).float())


def loss(out, truth, true_flow, known):
    """out: a Between of N pictures, truth [N, 3, H, W], true_flow [N, 4, H, W] where known [N, 1, H, W] is 1 -> scalar"""
    parts = {
        "picture": pyramid_loss(out.picture, truth),
        "psnr": psnr_loss(out.picture, truth),
        "flow": flow_loss(out.flows, true_flow, known),
        "match": match_loss(out.costs, out.flows, true_flow, known),
        "confidence": confidence_loss(out.confidence, out.picture, truth),
    }
    return sum(WEIGHTS[name] * value for name, value in parts.items())
