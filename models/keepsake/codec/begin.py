"""Where training begins: a block transform. The principal components of 4x4 pixels, of 2x2 of those, and of 2x2 of those again, in the middle tap of every layer; the way back is their transpose. Every channel
that is used gets a bias of three deviations, so that `bent` is a straight line to it, and what is left of a layer begins at random and unheard. From random layers a short run does not get that far."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from .network import SLOPE
from .scales import GAINS, LEAST, MOST, MOST_INDEX

LIFT = 3.0  # deviations
# of y, in symbols per unit: the step that is best for what a squared error is worth (loss.py), of a transform that keeps lengths
GAIN_LIMITS = (0.2, 2.36)  # logarithms
QUIET = 0.1


def components(x, count):
    """x [N, D] -> rows [count, D] that keep lengths, of the largest second moments"""
    moments = (x.double().T @ x.double()) / len(x)
    _, vectors = torch.linalg.eigh(moments)
    return vectors.flip(1).T[:count].float()


def positions(x):
    """[B, C, h, w] -> [B h w, C]"""
    return x.permute(0, 2, 3, 1).flatten(0, 2)


def through(rows, x):
    """rows [K, C] at every position"""
    return F.conv2d(x, rows[:, :, None, None])


class Line:
    """Layers one after the other, each linear in its middle tap on the channels that are used; what the channels of the last one were lifted by goes on to the next"""

    def __init__(self):
        self.lift = None

    def set(self, layer, rows, out, squeeze=1, spread=1):
        """rows: what this layer is to do to what was meant before the lift; out: what it then has [B, used, h, w], or None of a layer that is not bent"""
        layer.weight.mul_(0.5)
        nn.init.zeros_(layer.bias)
        used = len(rows)
        layer.weight[:used] = 0
        layer.weight[:used, : rows.shape[1], 1, 1] = rows
        if self.lift is not None:
            lift = self.lift.repeat_interleave(squeeze**2)
            layer.bias[:used] = -rows @ lift
        if out is None:
            return
        lift = LIFT * out.pow(2).mean((0, 2, 3)).sqrt()
        layer.bias[:used] += lift.repeat_interleave(spread**2)
        self.lift = lift


@torch.no_grad()
def begun(codec, x):
    """x [B, 3, s, s]: crops that components are found on"""
    for layer in codec.modules():
        if isinstance(layer, nn.Conv2d) and layer not in set(codec.scales.layers):
            nn.init.kaiming_normal_(layer.weight, a=SLOPE, nonlinearity="leaky_relu")
            nn.init.zeros_(layer.bias)
    c = codec.config
    pixels = F.pixel_unshuffle(x, 4)
    first = components(positions(pixels), min(48, c.hidden, c.quarter))
    quarter = through(first, pixels)
    second = components(positions(F.pixel_unshuffle(quarter, 2)), min(c.eighth, 4 * len(first)))
    eighth = through(second, F.pixel_unshuffle(quarter, 2))
    kept = min(c.latent, 2 * c.hidden, c.eighth, 4 * len(second))
    third = components(positions(F.pixel_unshuffle(eighth, 2)), kept)
    y = through(third, F.pixel_unshuffle(eighth, 2))
    same = torch.eye
    line = Line()
    line.set(codec.analysis[0], first, quarter)
    line.set(codec.analysis[1], same(len(first)), quarter)
    line.set(codec.analysis[2], second, eighth, squeeze=2)
    line.set(codec.analysis[3], third, y, squeeze=2)
    line.set(codec.analysis[4], same(kept), None)
    back(codec, first, second, third, y)
    hyperprior(codec, y)
    return codec


def back(codec, first, second, third, y):
    c, line = codec.config, Line()
    wide = min(c.hidden, len(second))
    line.set(codec.synthesis[0], torch.eye(len(third)), y)
    # channel k at the place p of a 2x2 is row 4 k + p
    rows = third.T[: 4 * wide]
    eighth = F.pixel_shuffle(through(rows, y), 2)
    line.set(codec.synthesis[1], rows, eighth, spread=2)
    rows = second[:wide].T
    quarter = F.pixel_shuffle(through(rows, eighth), 2)
    line.set(codec.synthesis[2], rows, quarter, spread=2)
    for layer in codec.fidelity[:2]:
        line.set(layer, torch.eye(len(first)), quarter)
    line.set(codec.fidelity[2], first.T, None)


def hyperprior(codec, y):
    """Gains, the table that each channel has by itself, and layers that begin quietly"""
    codec.gains.copy_(torch.linspace(*GAIN_LIMITS, len(codec.gains))[:, None].expand_as(codec.gains))
    middle = math.exp(sum(GAIN_LIMITS) / 2)
    deviations = (middle * y.pow(2).mean((0, 2, 3)).sqrt()).clamp(LEAST, MOST)
    index = MOST_INDEX * torch.log(deviations / LEAST) / math.log(MOST / LEAST)
    last = codec.scales.layers[-1]
    last.bias[: len(index)] = index / GAINS[-1]
    last.weight.mul_(QUIET)
    codec.mean[2].weight.mul_(QUIET)
    codec.hyper_analysis[0].weight.mul_(0.5)
