"""What the network is shown: the resized frame and its recursive mean, unshuffled and whitened (steps 1-3 of docs/heirloom-s.md)."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from . import motion as motions

ALIGN = 64  # output sides are padded to a multiple of one window: 4 tokens x 16 px


def resize(frames, scale):
    """[..., 3, h, w] in [-1, 1] -> [..., 3, h * scale, w * scale], bicubic a = -0.5, clamped."""
    if scale == 1:
        return frames
    flat = frames.reshape(-1, *frames.shape[-3:])
    flat = F.interpolate(flat, scale_factor=scale, mode="bicubic", antialias=True, align_corners=False)
    return flat.clamp(-1, 1).reshape(*frames.shape[:-2], *flat.shape[-2:])


def pad(x):
    """[..., H, W] -> [..., Hp, Wp]: right and bottom edge repeated up to a multiple of 64."""
    bottom, right = -x.shape[-2] % ALIGN, -x.shape[-1] % ALIGN
    flat = x.reshape(-1, *x.shape[-3:])
    flat = F.pad(flat, (0, right, 0, bottom), mode="replicate")
    return flat.reshape(*x.shape[:-2], *flat.shape[-2:])


def box(x, side):
    """Mean over side x side; at the border only over samples that exist."""
    return F.avg_pool2d(x, side, 1, side // 2, count_include_pad=False)


@torch.no_grad()
def recursive_mean(x, floor, sigma, motion=False, vectors=None):
    """x [B, T, 3, H, W] -> the same: a running average that is given up where it no longer fits; with motion it is carried along first.
    vectors [B, T, H / 8, W / 8, 2]: found before by motion.clip_vectors; None: found here. Two frames of state."""
    if motion and vectors is None:
        vectors = torch.stack([motions.clip_vectors(clip) for clip in x])
    mean = x[:, 0]
    means = [mean]
    for t in range(1, x.shape[1]):
        if motion:
            mean = motions.moved(mean, vectors[:, t])
        d = x[:, t] - mean
        e = box(box(d.mean(1, keepdim=True), 3).abs(), 5)
        mean = mean + (floor + (1 - floor) * (1 - torch.exp(-(e / sigma) ** 2))) * d
        means.append(mean)
    return torch.stack(means, 1)


class Whiten(nn.Module):
    """A fixed 1x1 map onto the strongest principal axes. Statistics of the data, not trained."""

    def __init__(self, config):
        super().__init__()
        self.register_buffer("weight", torch.eye(config.whiten, config.unshuffled))
        self.register_buffer("bias", torch.zeros(config.whiten))

    def forward(self, x):
        return F.conv2d(x, self.weight[:, :, None, None], self.bias)


class Condition(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.whiten = Whiten(config)

    def forward(self, x, taps=None, vectors=None):
        """x [B, T, 3, H, W] -> c [B * T, 2 * whiten, H / 4, W / 4]"""
        means = recursive_mean(x, **self.config.mean, vectors=vectors)
        s = self.config.unshuffle
        parts = [self.whiten(F.pixel_unshuffle(v.flatten(0, 1), s)) for v in (x, means)]
        c = torch.cat(parts, 1)
        if taps is not None:
            for t in range(x.shape[1]):
                taps[f"frame.{t}.mean"] = means[0, t]
                taps[f"frame.{t}.condition"] = c[t]
        return c.contiguous(memory_format=torch.channels_last)
