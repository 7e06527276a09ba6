"""What the codec is trained for: bits, and the squared error of the faithful picture, balanced by the quality."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from .scales import deviation, straight

# what one squared 8-bit step is worth in bits per pixel, of the coarsest and the finest quality; between them on a logarithmic line
LEAST_WORTH, MOST_WORTH = 0.0008, 0.06


def worth(quality, qualities):
    return LEAST_WORTH * (MOST_WORTH / LEAST_WORTH) ** (quality.float() / (qualities - 1))


def gaussian_bits(v, s):
    """Of whole numbers around v, normal with mean 0 and deviation s. The logarithm of a difference far out is exact, so is its gradient."""
    upper, lower = torch.special.log_ndtr((0.5 - v.abs()) / s), torch.special.log_ndtr((-0.5 - v.abs()) / s)
    return -(upper + torch.log1p(-torch.exp(lower - upper).clamp_max(1 - 1e-7))) / math.log(2)


class Prior(nn.Module):
    """Of z in training, a logistic distribution for each channel; afterwards tables are counted"""

    def __init__(self, channels):
        super().__init__()
        self.middle, self.log_width = nn.Parameter(torch.zeros(channels)), nn.Parameter(torch.ones(channels))

    def bits(self, z):
        v = (z - self.middle[:, None, None]).abs()
        width = self.log_width.exp()[:, None, None]
        upper, lower = F.logsigmoid((0.5 - v) / width), F.logsigmoid((-0.5 - v) / width)
        return -(upper + torch.log1p(-torch.exp(lower - upper).clamp_max(1 - 1e-7))) / math.log(2)


def noised(x):
    return x + torch.rand_like(x) - 0.5


def coded(codec, prior, x, quality):
    """-> bits per pixel [B] of y and of z, the faithful picture, not clamped"""
    latents = codec.latents(x, quality)
    z = codec.hyper_latents(latents)
    zs = straight(z)
    means = codec.means(zs)
    bits = gaussian_bits(noised(latents - means), deviation(codec.scales(zs)))
    c4 = codec.synthesised(straight(latents - means) + means, quality)
    pixels = x[0, 0].numel()
    of = lambda b: b.sum((1, 2, 3)) / pixels
    return of(bits), of(prior.bits(noised(z))), codec.faithful(c4)


def loss(codec, prior, x, quality):
    """-> scalar, bits per pixel, mean squared error in 8-bit steps. By the root of the worth every quality pulls about as much as another."""
    y_bits, z_bits, picture = coded(codec, prior, x, quality)
    error = (picture - x).pow(2).mean((1, 2, 3)) * 127.5**2
    each = worth(quality, codec.config.qualities)
    value = ((y_bits + z_bits + each * error) / each.sqrt()).mean()
    return value, (y_bits + z_bits).mean().item(), error.mean().item()
