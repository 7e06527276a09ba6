"""What training minimises: the picture on a Laplacian pyramid, the true flow where it is known, and whether the confidence says what the error is."""

import torch.nn.functional as F

LEVELS = 4
WEIGHTS = {"flow": 0.05, "confidence": 0.01}
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


def flow_loss(flows, truth):
    """flows from coarse to fine [N, 4, h, w], truth [N, 4, H, W]: distance in pixels on every grid, mean; beyond 40 pixels nothing can be found"""
    total, size = 0, truth.shape[-1]
    for flow in flows:
        true = F.avg_pool2d(truth, size // flow.shape[-1]) if flow.shape[-1] < size else truth
        e = ((flow - true).unflatten(1, (2, 2)).pow(2).sum(2) + 0.01).sqrt()
        known = true.abs().amax(1, keepdim=True) < 40
        total = total + (e * known).mean()
    return total / len(flows)


def confidence_loss(logits, y, truth):
    error = F.avg_pool2d((y - truth).abs().mean(1, keepdim=True), 4).detach()
    return F.binary_cross_entropy_with_logits(logits, (error < WRONG).float())


def loss(out, truth, true_flow):
    """out: a Between of N pictures, truth [N, 3, H, W], true_flow [R, 4, H, W] of the first R of them -> scalar"""
    rendered = len(true_flow)
    total = pyramid_loss(out.picture, truth)
    if rendered:
        total = total + WEIGHTS["flow"] * flow_loss([f[:rendered] for f in out.flows], true_flow)
    return total + WEIGHTS["confidence"] * confidence_loss(out.confidence, out.picture, truth)
