"""Causal, locality-constrained, top-k block-sparse attention over a ring of latents (step 5).
This is the plain version: it selects windows by the rule and then masks a dense product."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F


def rope_angles(config, latents, h, w, device=None):
    """-> [L, h, w, head / 2]: angle of each interleaved pair, time then row then column"""
    axes = []
    for d, n in zip(config.rope_dims, (latents, h, w)):
        frequency = config.rope_base ** (-torch.arange(d // 2, device=device).float() * 2 / d)
        axes.append(torch.outer(torch.arange(n, device=device).float(), frequency))
    t, y, x = axes
    return torch.cat(
        [
            t[:, None, None].expand(-1, h, w, -1),
            y[None, :, None].expand(latents, -1, w, -1),
            x[None, None].expand(latents, h, -1, -1),
        ],
        -1,
    )


def rotate(x, cos, sin):
    """x [B, L, h, w, heads, head]; cos, sin [L, h, w, 1, head / 2]"""
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)


def partition(x, window):
    """[B, L, h, w, heads, e] -> [B, heads, L, n, tokens, e], windows and tokens in raster order"""
    B, L, h, w, heads, e = x.shape
    _, wh, ww = window
    x = x.view(B, L, h // wh, wh, w // ww, ww, heads, e).permute(0, 6, 1, 2, 4, 3, 5, 7)
    return x.reshape(B, heads, L, (h // wh) * (w // ww), wh * ww, e)


def unpartition(x, window, h, w):
    """[B, heads, L, n, tokens, e] -> [B, L, h, w, heads * e]"""
    B, heads, L, _, _, e = x.shape
    _, wh, ww = window
    x = x.view(B, heads, L, h // wh, w // ww, wh, ww, e).permute(0, 2, 3, 5, 4, 6, 1, 7)
    return x.reshape(B, L, h, w, heads * e)


def locality(rows, columns, local_range, device=None):
    """[n, n]: may window i look at window j? Borders truncate, nothing shifts."""
    index = torch.arange(rows * columns, device=device)
    dy = index[None] // columns - index[:, None] // columns
    dx = index[None] % columns - index[:, None] % columns
    low, high = -(local_range // 2), local_range - 1 - local_range // 2
    return (dy >= low) & (dy <= high) & (dx >= low) & (dx <= high)


@torch.no_grad()
def select(q, k, local, config):
    """q [B, heads, n, tokens, e]; k [B, heads, S * n, tokens, e], current latent last -> keep [B, heads, n, S * n]"""
    n, keys = q.shape[2], k.shape[2]
    scores = q.mean(3) @ k.mean(3).transpose(-1, -2) / math.sqrt(q.shape[-1])
    p = scores.masked_fill(~local.repeat(1, keys // n), float("-inf")).softmax(-1)
    top = min(int(config.topk_per_window * n), n * keys - 1)
    theta = p.flatten(2).sort(-1, descending=True)[0][..., top]
    keep = p > theta[..., None, None]
    if config.force_own_window:
        keep[..., keys - n :] |= torch.eye(n, dtype=torch.bool, device=keep.device)
    return keep


class Attention(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        D = config.dim
        self.q, self.k, self.v, self.o = (nn.Linear(D, D) for _ in range(4))
        self.norm_q, self.norm_k = nn.RMSNorm(D, eps=1e-6), nn.RMSNorm(D, eps=1e-6)

    def forward(self, x, taps=None, name=""):
        """x [B, L, h, w, D] -> the same"""
        config = self.config
        B, L, h, w, D = x.shape
        _, wh, ww = config.window
        n = (h // wh) * (w // ww)
        angles = rope_angles(config, L, h, w, x.device)[..., None, :]
        cos, sin = angles.cos(), angles.sin()
        split = lambda t: t.view(B, L, h, w, config.heads, D // config.heads)
        q = partition(rotate(split(self.norm_q(self.q(x))), cos, sin), config.window)
        k = partition(rotate(split(self.norm_k(self.k(x))), cos, sin), config.window)
        v = partition(split(self.v(x)), config.window)
        local = locality(h // wh, w // ww, config.local_range, x.device)
        out = []
        for i in range(L):
            first = max(0, i - config.kv_segments)
            ring_k, ring_v = k[:, :, first : i + 1].flatten(2, 3), v[:, :, first : i + 1].flatten(2, 3)
            keep = select(q[:, :, i], ring_k, local, config)  # [B, heads, n, S * n]
            if taps is not None:
                taps[f"latent.{i}.mask.{name}"] = keep[0].to(torch.uint8)
            tokens = wh * ww
            mask = keep[:, :, :, None, :, None].expand(-1, -1, -1, tokens, -1, tokens).flatten(4, 5).flatten(2, 3)
            y = F.scaled_dot_product_attention(
                q[:, :, i].flatten(2, 3), ring_k.flatten(2, 3), ring_v.flatten(2, 3), attn_mask=mask
            )
            out.append(y.view(B, config.heads, n, tokens, -1))
        return self.o(unpartition(torch.stack(out, 2), config.window, h, w))
