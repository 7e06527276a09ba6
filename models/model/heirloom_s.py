"""The whole graph for one stream: condition, projection, blocks, head, decoder (docs/heirloom-s.md).
Works on whole clips; the native engine streams the same arithmetic."""

import torch
import torch.nn as nn

from .block import Block, Head, Quantiser, Strength
from .condition import Condition, pad
from .decoder import Decoder
from .motion import clip_vectors
from .projection import Projection


class HeirloomS(nn.Module):
    """factored: the training form of the output convolution; False: the exported form."""

    def __init__(self, config, factored=True):
        super().__init__()
        self.config = config
        self.condition = Condition(config)
        self.projection = Projection(config)
        self.noise_embedding = nn.Linear(config.noise_channels, config.dim, bias=False)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.head = Head(config)
        self.decoder = Decoder(config, factored)
        self.strength = Strength(config) if config.strength else None
        self.quantiser = Quantiser(config) if config.quantiser else None

    def forward(self, x, noise, strength=None, taps=None, vectors=None, quantiser=None):
        """x [B, T, 3, H, W] in [-1, 1] at output size, H and W multiples of 64, T of 4; noise [B, T / 4, h * w, 16];
        vectors: of the recursive mean, if they are known already; quantiser [B, T / 4], of a model that is told -> y like x, not clamped"""
        B = x.shape[0]
        if vectors is None and self.config.mean.get("motion"):
            vectors = torch.stack([clip_vectors(clip) for clip in x])
        c, n = self.condition(x, vectors, taps)
        y = self.projection(c, B)  # [B, L, h, w, D]
        y = y + self.noise_embedding(noise).view_as(y)
        row, gain = self.changes(strength, quantiser)
        self.tap_tokens(taps, "tokens", y)
        for i, block in enumerate(self.blocks):
            y = block(y, row, taps, str(i))
            self.tap_tokens(taps, f"block.{i}", y)
        g = self.head(y)  # [B * T, 16, H / 4, W / 4]
        out = x + self.decoder(c, n, g.contiguous(memory_format=torch.channels_last), B, gain, taps).view_as(x)
        if taps is not None:
            for t in range(x.shape[1]):
                taps[f"frame.{t}.latent_planes"] = g[t]
                taps[f"frame.{t}.out"] = out[0, t]
        return out

    def changes(self, strength, quantiser):
        """-> row for every block and gain of the axes, or nothing; gain [axes], or [B * T, axes] of a quantiser, where the strength is the share of the residual"""
        if self.quantiser:
            row, gain = self.quantiser(quantiser)
            share = 1.0 if strength is None else strength
            return row, share * gain.repeat_interleave(self.config.token[0], 1).flatten(0, 1)
        return self.strength(strength) if self.strength and strength is not None else (None, None)

    @staticmethod
    def tap_tokens(taps, name, y):
        if taps is not None:
            for i in range(y.shape[1]):
                taps[f"latent.{i}.{name}"] = y[0, i].flatten(0, 1)  # [h * w, D], raster order

    @torch.no_grad()
    def enhance(self, x, noise_seed=0):
        """x [T, 3, H, W] resized frames of any size and number -> [T, 3, H, W] clamped"""
        T, _, H, W = x.shape
        frames = self.config.token[0]
        x = torch.cat([x, x[-1:].expand(-T % frames, -1, -1, -1)])
        padded = pad(x)
        latents = padded.shape[0] // frames
        tokens = (padded.shape[2] // self.config.token[1]) * (padded.shape[3] // self.config.token[2])
        noise = torch.randn(
            1, latents, tokens, self.config.noise_channels, generator=torch.Generator().manual_seed(noise_seed)
        )
        return self(padded[None], noise)[0, :T, :, :H, :W].clamp(-1, 1)
