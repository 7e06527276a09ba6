"""Condition projection: four frames and the one before them become the tokens of one latent (step 4)."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Projection(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.embed = nn.Linear(config.condition * config.patch**2, config.embed)
        self.conv = nn.Conv2d(config.embed * (config.token[0] + 1), config.dim, 3, padding=1)

    def forward(self, c, batch):
        """c [B * T, 48, H / 4, W / 4] -> tokens [B, L, h, w, D]; L = T / 4 latents"""
        frames = self.config.token[0]
        u = self.embed(F.pixel_unshuffle(c, self.config.patch).permute(0, 2, 3, 1))  # [B * T, h, w, 32]
        h, w = u.shape[1:3]
        u = u.permute(0, 3, 1, 2).reshape(batch, -1, frames, self.config.embed, h, w)  # [B, L, 4, 32, h, w]
        before = torch.cat([u[:, :1, :1], u[:, :-1, -1:]], 1)  # [B, L, 1, 32, h, w]
        u = torch.cat([before, u], 2).flatten(2, 3).flatten(0, 1)  # [B * L, 160, h, w]
        y = self.conv(F.silu(u))
        return y.permute(0, 2, 3, 1).reshape(batch, -1, h, w, self.config.dim)
