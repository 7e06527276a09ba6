"""The scale net: which Gaussian table each symbol of y has, out of the symbols z of its tile. The engine's is of whole numbers (native/src/entropy/scale_net.h);
here are the same numbers, and the floats that become them: in training every weight, bias and layer is rounded, and the gradient passes as if it were not."""

import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

from .config import TILE

MOST_HIDDEN, MOST_INDEX, MOST_SYMBOL, MOST_WEIGHT = 127, 63, 127, 127
MOST_FACTOR, MOST_SHIFT = 65535, 40
ENLARGE = (2, 2, 1)  # before the convolution
LEAST, MOST = 0.11, 64.0  # standard deviations of the first and the last table
GAINS = (16.0, 1.0, 0.5)  # training's: what a weight is worth, so that a layer uses its 127 steps from the start
FIRST_INDEX = 20.0


def rounded(x):
    """A half goes up, everywhere in this codec"""
    return torch.floor(x + 0.5)


def straight(x):
    """Rounded; the gradient is that of x"""
    return x + (rounded(x) - x).detach()


class Kept(torch.autograd.Function):
    """In 0..most, rounded. What is outside learns to come back, and nothing else."""

    @staticmethod
    def forward(ctx, x, most):
        ctx.save_for_backward(x)
        ctx.most = most
        return rounded(x).clamp(0, most)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * (((x >= 0) | (grad < 0)) & ((x <= ctx.most) | (grad > 0))), None


def enlarged(x, times):
    return x if times == 1 else F.interpolate(x, scale_factor=times, mode="nearest")


def deviation(index):
    """The standard deviation of table `index`, which may lie between two"""
    return LEAST * (MOST / LEAST) ** (index / MOST_INDEX)


@dataclass
class WholeLayer:
    weight: torch.Tensor  # int8 [out, 3, 3, in]
    bias: torch.Tensor  # int32 [out]
    factor: torch.Tensor  # int32 [out], 0..65535
    shift: int  # 1..40
    enlarge: int


class Scales(nn.Module):
    """The floats of training"""

    def __init__(self, c):
        super().__init__()
        widths = (c.hyper, c.hyper_hidden, c.hyper_hidden, c.latent)
        self.layers = nn.ModuleList([nn.Conv2d(i, o, 3, padding=1) for i, o in zip(widths, widths[1:])])
        for layer in self.layers:
            nn.init.zeros_(layer.bias)
        nn.init.constant_(self.layers[-1].bias, FIRST_INDEX / GAINS[-1])

    def steps(self, layer, gain):
        """What one step of a whole weight is worth, [out]"""
        return (gain * layer.weight.detach().abs().amax((1, 2, 3)) / MOST_WEIGHT).clamp_min(1e-6)

    def forward(self, zs):
        """zs [B, hyper, h, w], a tile each -> indices as floats [B, latent, 4h, 4w]"""
        x = zs.clamp(-MOST_SYMBOL, MOST_SYMBOL)
        for layer, gain, enlarge in zip(self.layers, GAINS, ENLARGE):
            step = self.steps(layer, gain)
            weight = straight(gain * layer.weight / step[:, None, None, None]) * step[:, None, None, None]
            bias = straight(gain * layer.bias / step) * step
            most = MOST_INDEX if layer is self.layers[-1] else MOST_HIDDEN
            x = Kept.apply(F.conv2d(enlarged(x, enlarge), weight, bias, padding=1), most)
        return x

    def whole(self):
        """-> the layers as whole numbers"""
        found = []
        for layer, gain, enlarge in zip(self.layers, GAINS, ENLARGE):
            step = self.steps(layer, gain).double()
            shift = min(MOST_SHIFT, int(math.floor(math.log2(MOST_FACTOR / step.max().item()))))
            weight = rounded(gain * layer.weight.detach().double() / step[:, None, None, None])
            found.append(
                WholeLayer(
                    weight.permute(0, 2, 3, 1).to(torch.int8).contiguous(),
                    rounded(gain * layer.bias.detach().double() / step).to(torch.int32),
                    rounded(step * 2.0**shift).to(torch.int32),
                    shift,
                    enlarge,
                )
            )
        return found


def tile_indices(layers, zs):
    """Whole layers and one tile of symbols, [hyper, h, w] -> [latent, 4h, 4w] of 0..63. Sums are exact: float64 holds all of them."""
    x = zs.double().clamp(-MOST_SYMBOL, MOST_SYMBOL)[None]
    for layer in layers:
        weight = layer.weight.permute(0, 3, 1, 2).double()
        sums = F.conv2d(enlarged(x, layer.enlarge), weight, layer.bias.double(), padding=1).to(torch.int64)
        product = sums * layer.factor.to(torch.int64)[None, :, None, None] + (1 << (layer.shift - 1))
        most = MOST_INDEX if layer is layers[-1] else MOST_HIDDEN
        x = (product.clamp_min(0) >> layer.shift).clamp_max(most).double()
    return x[0].to(torch.int64)


def tiles_of(rows, columns):
    """Slices (rows, columns) of the tiles of a map of z, from the upper left, row by row"""
    for y in range(0, rows, TILE):
        for x in range(0, columns, TILE):
            yield slice(y, min(y + TILE, rows)), slice(x, min(x + TILE, columns))


def indices(layers, zs):
    """zs [hyper, h, w] of a whole picture -> [latent, 4h, 4w], tile by tile"""
    found = torch.zeros(len(layers[-1].bias), 4 * zs.shape[1], 4 * zs.shape[2], dtype=torch.int64)
    for y, x in tiles_of(*zs.shape[1:]):
        found[:, 4 * y.start : 4 * y.stop, 4 * x.start : 4 * x.stop] = tile_indices(layers, zs[:, y, x])
    return found
