"""One transformer block and the head, both under a constant (or strength-dependent) modulation (steps 5 and 6)."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from .attention import Attention


def modulate(x, shift, scale, eps):
    """LayerNorm without affine, then * (1 + scale) + shift"""
    return F.layer_norm(x, x.shape[-1:], eps=eps) * (1 + scale) + shift


class Block(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        # shift, scale, gate of attention; the same of ffn
        self.modulation = nn.Parameter(torch.zeros(1, 6, config.dim))
        self.self_attn = Attention(config)
        self.ffn = nn.Sequential(
            nn.Linear(config.dim, config.ffn), nn.GELU(approximate="tanh"), nn.Linear(config.ffn, config.dim)
        )
        with torch.no_grad():
            self.modulation[0, [2, 5]] = 0.5

    def forward(self, x, row=None, taps=None, name=""):
        """x [B, L, h, w, D]; row [6, D], [6, B, L, 1, 1, D] or None"""
        m = self.modulation[0]
        if row is not None:
            m = m.view(6, *[1] * (row.dim() - 2), -1) + row
        shift_a, scale_a, gate_a, shift_f, scale_f, gate_f = m
        x = x + gate_a * self.self_attn(modulate(x, shift_a, scale_a, self.config.layer_norm_eps), taps, name)
        return x + gate_f * self.ffn(modulate(x, shift_f, scale_f, self.config.layer_norm_eps))


class Head(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.modulation = nn.Parameter(torch.zeros(1, 2, config.dim))  # shift, scale
        self.head = nn.Linear(config.dim, config.token[0] * config.latent_channels * config.patch**2)

    def forward(self, x):
        """x [B, L, h, w, D] -> g [B * T, latent_channels, H / 4, W / 4]"""
        B, L, h, w, _ = x.shape
        config, p = self.config, self.config.patch
        shift, scale = self.modulation[0]
        y = self.head(modulate(x, shift, scale, config.layer_norm_eps))
        y = y.view(B, L, h, w, config.token[0], config.latent_channels, p, p).permute(0, 1, 4, 5, 2, 6, 3, 7)
        return y.reshape(-1, config.latent_channels, h * p, w * p)


class Slider(nn.Module):
    """A number in [0, 1] -> a row for every block's modulation and a change of every axis of the residual, both zero at the start of training."""

    def __init__(self, config, width):
        super().__init__()
        self.width = width
        D = config.dim
        self.embedding = nn.Sequential(nn.Linear(self.width, D), nn.SiLU(), nn.Linear(D, D))
        self.projection = nn.Linear(D, 6 * D)
        self.gain = nn.Linear(D, config.axes)
        for layer in (self.projection, self.gain):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        # the others turn once or more between two marks of a slider: with them PSNR went up and down with strength
        slow = (1000 * self.frequencies() <= 10).repeat(2)
        first = self.embedding[0].weight
        with torch.no_grad():
            first.mul_(slow)
        first.register_hook(lambda gradient: gradient * slow.to(gradient.device))

    def frequencies(self):
        half = self.width // 2
        return 10000 ** (-torch.arange(half).float() / half)

    def changes(self, value):
        """A number, or a tensor [...] of them -> row [6, D] and change [axes], or [..., 6, D] and [..., axes]"""
        where = self.gain.weight.device
        angle = (
            1000 * torch.as_tensor(value, dtype=torch.float32, device=where)[..., None] * self.frequencies().to(where)
        )
        e = F.silu(self.embedding(torch.cat([angle.cos(), angle.sin()], -1)))
        return self.projection(e).unflatten(-1, (6, -1)), self.gain(e)


class Strength(Slider):
    """Strength in [0, 1]: both stand still at strength 1, where the model is what it is without them."""

    def __init__(self, config):
        super().__init__(config, config.strength["embed"])

    def forward(self, strength):
        """-> row [6, D], gain [axes]"""
        row, change = self.changes(strength)
        left = 1 - strength
        return left * row, 1 + left * change


class Quantiser(Slider):
    """The quantiser of the encoder that the input comes from, 0 (finest) to 1, of every latent."""

    def __init__(self, config):
        super().__init__(config, config.quantiser["embed"])

    def forward(self, quantiser):
        """[B, L] -> row [6, B, L, 1, 1, D], gain [B, L, axes]"""
        row, change = self.changes(quantiser)
        return row.permute(2, 0, 1, 3)[:, :, :, None, None], 1 + change
