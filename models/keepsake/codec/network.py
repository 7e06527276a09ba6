"""The residual codec: analysis and hyperprior, the fidelity decoder, and the diffusion of what it left out. The page is docs/residual-codec.md."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from .config import ALIGN, KNOTS, PHOTO, TIME_FEATURES
from .scales import Scales, rounded

SLOPE = 0.1
SYMBOL_LIMITS = (-32768, 32767)
Z_SHARE = 8  # symbols of z are so many times smaller to the mean


def conv(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, padding=1)


def bent(x):
    return F.leaky_relu(x, SLOPE)


def padded(x):
    """[B, 3, H, W] -> both multiples of 64, the border repeated at the bottom and right"""
    h, w = x.shape[-2:]
    return F.pad(x, (0, -w % ALIGN, 0, -h % ALIGN), mode="replicate")


def at_quality(knots, quality, qualities):
    """knots [8, ...], quality [B], 0 to qualities - 1 -> exp of what lies between the knots, [B, ...]"""
    place = quality.to(knots) * (KNOTS - 1) / (qualities - 1)
    below = place.floor().long().clamp(0, KNOTS - 2)
    share = (place - below).reshape(-1, *[1] * (knots.dim() - 1))
    return torch.exp((1 - share) * knots[below] + share * knots[below + 1])


def symbols(x):
    return rounded(x).clamp(*SYMBOL_LIMITS)


class Codec(nn.Module):
    """All but the diffusion"""

    def __init__(self, config=PHOTO):
        super().__init__()
        self.config = c = config
        self.analysis = nn.ModuleList(
            [
                conv(48, c.hidden),
                conv(c.hidden, c.hidden),
                conv(4 * c.hidden, c.eighth),
                conv(4 * c.eighth, 2 * c.hidden),
                conv(2 * c.hidden, c.latent),
            ]
        )
        self.hyper_analysis = nn.ModuleList(
            [
                conv(c.latent, c.hyper_hidden),
                conv(4 * c.hyper_hidden, c.hyper_hidden),
                conv(4 * c.hyper_hidden, c.hyper),
            ]
        )
        self.mean = nn.ModuleList(
            [
                conv(c.hyper, 4 * c.hyper_hidden),
                conv(c.hyper_hidden, 4 * c.hyper_hidden),
                conv(c.hyper_hidden, c.latent),
            ]
        )
        self.scales = Scales(c)
        self.synthesis = nn.ModuleList(
            [conv(c.latent, c.eighth), conv(c.eighth, 4 * c.hidden), conv(c.hidden, 4 * c.quarter)]
        )
        self.fidelity = nn.ModuleList([conv(c.quarter, c.hidden), conv(c.hidden, c.hidden), conv(c.hidden, 48)])
        self.gains = nn.Parameter(torch.linspace(0, 2, KNOTS)[:, None].repeat(1, c.latent))
        self.log_residual_std = nn.Parameter(torch.full((KNOTS,), -3.0))

    def gain(self, quality):
        """[B, latent, 1, 1]"""
        return at_quality(self.gains, quality, self.config.qualities)[:, :, None, None]

    def residual_std(self, quality):
        """[B, 1, 1, 1]"""
        return at_quality(self.log_residual_std, quality, self.config.qualities)[:, None, None, None]

    def latents(self, x, quality):
        """x [B, 3, H, W], sides multiples of 64 -> Y [B, latent, H / 16, W / 16]: y at this quality"""
        a = bent(self.analysis[0](F.pixel_unshuffle(x, 4)))
        a = bent(self.analysis[1](a))
        a = bent(self.analysis[2](F.pixel_unshuffle(a, 2)))
        a = bent(self.analysis[3](F.pixel_unshuffle(a, 2)))
        return self.analysis[4](a) * self.gain(quality)

    def hyper_latents(self, latents):
        """-> z [B, hyper, H / 64, W / 64], not rounded"""
        h = bent(self.hyper_analysis[0](latents))
        h = bent(self.hyper_analysis[1](F.pixel_unshuffle(h, 2)))
        return self.hyper_analysis[2](F.pixel_unshuffle(h, 2))

    def means(self, zs):
        """Of Y, [B, latent, H / 16, W / 16]"""
        h = bent(F.pixel_shuffle(self.mean[0](zs / Z_SHARE), 2))
        h = bent(F.pixel_shuffle(self.mean[1](h), 2))
        return self.mean[2](h)

    def synthesised(self, latents, quality):
        """Y as it is known -> c4 [B, quarter, H / 4, W / 4]"""
        c = bent(self.synthesis[0](latents / self.gain(quality)))
        c = bent(F.pixel_shuffle(self.synthesis[1](c), 2))
        return bent(F.pixel_shuffle(self.synthesis[2](c), 2))

    def faithful(self, c4):
        """[B, 3, H, W], not clamped"""
        f = bent(self.fidelity[0](c4))
        f = bent(self.fidelity[1](f))
        return F.pixel_shuffle(self.fidelity[2](f), 4)

    def encoded(self, x, quality):
        """-> symbols zs, ys"""
        latents = self.latents(x, quality)
        zs = symbols(self.hyper_latents(latents))
        return zs, symbols(latents - self.means(zs))

    def decoded(self, zs, ys, quality):
        """-> c4, the faithful picture"""
        c4 = self.synthesised(ys + self.means(zs), quality)
        return c4, self.faithful(c4).clamp(-1, 1)


def time_features(t):
    """t [B] of 0..1 -> [B, 32]"""
    rates = 10000.0 ** (-torch.arange(TIME_FEATURES, dtype=torch.float64) / TIME_FEATURES)
    angles = 1000 * t.double()[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], 1).float()


class Denoiser(nn.Module):
    """What is left of a picture under noise. It says the residual itself, brought to a standard deviation of 1."""

    def __init__(self, config=PHOTO):
        super().__init__()
        self.config = c = config
        layers = {"0": conv(2 * 48 + c.quarter, c.denoiser)}
        layers |= {str(k): conv(c.denoiser, c.denoiser) for k in range(1, c.denoiser_layers)}
        self.denoiser = nn.ModuleDict({**layers, "out": conv(c.denoiser, 48)})
        self.denoiser_time = nn.Linear(2 * TIME_FEATURES, 2 * c.denoiser * (c.denoiser_layers - 1))
        for layer in (self.denoiser["out"], self.denoiser_time):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, noised, faithful, c4, t):
        """noised, faithful [B, 3, H, W], t [B] -> [B, 3, H, W]"""
        seen = torch.cat([F.pixel_unshuffle(noised, 4), F.pixel_unshuffle(faithful, 4), c4], 1)
        d = self.denoiser["0"](seen)
        told = self.denoiser_time(time_features(t))[:, :, None, None].chunk(2 * (self.config.denoiser_layers - 1), 1)
        for k in range(1, self.config.denoiser_layers):
            scale, shift = told[2 * k - 2], told[2 * k - 1]
            d = d + self.denoiser[str(k)](bent(d * (1 + scale) + shift))
        return F.pixel_shuffle(self.denoiser["out"](bent(d)), 4)


def shares(t):
    """Of what is sought and of noise at 0 <= t <= 1"""
    return (0.0 if t == 1 else math.cos(math.pi * t / 2)), math.sin(math.pi * t / 2)


def denoised(denoiser, noise, faithful, c4):
    """noise [B, 3, H, W] -> what the diffusion says after its steps, without chance beside the noise; tapped one by one"""
    x, steps = noise, denoiser.config.steps
    for k in range(steps):
        (a, b), (next_a, next_b) = shares(1 - k / steps), shares(1 - (k + 1) / steps)
        said = denoiser(x, faithful, c4, torch.full((len(x),), 1 - k / steps))
        x = said if k + 1 == steps else next_a * said + next_b * (x - a * said) / b
        yield said
