"""Reading pictures and feature maps where something lay: backward warp, bilateral cost volume, convex upsampling. Flow is in pixels of the whole
picture everywhere, as (x, y)."""

import math

import torch
import torch.nn.functional as F


def warp(x, flow, cell=1):
    """x [B, C, h, w] of cells of `cell` pixels, flow [B, 2, h, w] -> x at (place + flow / cell), bilinear; places stop at the border"""
    h, w = x.shape[2:]
    column = torch.arange(w, dtype=x.dtype, device=x.device) + flow[:, 0] / cell
    row = torch.arange(h, dtype=x.dtype, device=x.device)[:, None] + flow[:, 1] / cell
    grid = torch.stack([column * (2 / max(w - 1, 1)) - 1, row * (2 / max(h - 1, 1)) - 1], -1)
    return F.grid_sample(x, grid, mode="bilinear", padding_mode="border", align_corners=True)


def displacements(radius):
    """All motions up to so many cells, rows before columns -> [(dy, dx)]"""
    return [(y, x) for y in range(-radius, radius + 1) for x in range(-radius, radius + 1)]


def split(e, t):
    """A whole motion of e cells between the keys, as cells before and after t: e = back + ahead"""
    back = math.floor(t * e + 0.5)
    return back, e - back


def bilateral_cost(a, b, t, radius):
    """a, b [B, C, h, w]: features of the key before and after, each position normed -> [B, (2 radius + 1)^2, h, w]: how alike a(p - back) and
    b(p + ahead) are, for every motion e of `displacements`. Places stop at the border."""
    h, w = a.shape[2:]
    wide = w + 2 * radius
    # rows of positions [B, h, w, C], so that a product of matrices compares a whole row with a whole row
    a, b = (F.pad(x, (radius,) * 4, mode="replicate").permute(0, 2, 3, 1) for x in (a, b))
    columns = torch.arange(w)
    pairs = [split(dx, t) for dx in range(-radius, radius + 1)]
    wanted = torch.cat([(columns + radius - back) * wide + columns + radius + ahead for back, ahead in pairs])
    cost = []
    for dy in range(-radius, radius + 1):
        back, ahead = split(dy, t)
        before, after = a[:, radius - back : radius - back + h], b[:, radius + ahead : radius + ahead + h]
        all_pairs = before @ after.transpose(-1, -2)  # [B, h, wide, wide]
        cost.append(all_pairs.flatten(2)[..., wanted].unflatten(2, (-1, w)))
    return torch.cat(cost, 2).transpose(1, 2) / a.shape[-1]


def channel_norm(x, eps=1e-5):
    """[B, C, h, w] -> mean 0 and variance 1 over the channels of every position"""
    x = x - x.mean(1, keepdim=True)
    return x * torch.rsqrt(x.pow(2).mean(1, keepdim=True) + eps)


def expected_motion(logits, radius, cell):
    """Softmax over the motions [B, (2 radius + 1)^2, h, w] -> their mean in pixels [B, 2, h, w] as (x, y)"""
    share = logits.softmax(1)
    motions = torch.tensor(displacements(radius), dtype=logits.dtype, device=logits.device).flip(1) * cell
    return torch.einsum("bnhw,nc->bchw", share, motions)


def convex_upsample(x, weights, factor):
    """x [B, C, h, w], weights [B, 9 * factor^2, h, w] -> [B, C, h * factor, w * factor]: every new value is a mean of the 3x3 around its cell, the
    shares being the softmax over the 9. Channel of the weights: (n * factor + dy) * factor + dx, n in raster order; the border repeats."""
    B, C, h, w = x.shape
    share = weights.permute(0, 2, 3, 1).unflatten(-1, (9, factor * factor)).softmax(-2)
    x = F.pad(x, (1, 1, 1, 1), mode="replicate").permute(0, 2, 3, 1)
    around = torch.stack([x[:, dy : dy + h, dx : dx + w] for dy in range(3) for dx in range(3)], -2)  # [B, h, w, 9, C]
    fine = around.flatten(0, 2).transpose(1, 2) @ share.flatten(0, 2)  # [B * h * w, C, factor^2]
    return F.pixel_shuffle(fine.view(B, h, w, -1).permute(0, 3, 1, 2), factor)


def nearest(x, factor):
    """[B, C, h, w] -> every cell repeated factor x factor times"""
    return x.repeat_interleave(factor, 2).repeat_interleave(factor, 3)
