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


def taken_in(x, mean, floor, sigma):
    """The mean after it has seen x: given up where it does not fit. Both [B, 3, H, W]"""
    d = x - mean
    e = box(box(d.mean(1, keepdim=True), 3).abs(), 5)
    return mean + (floor + (1 - floor) * (1 - torch.exp(-((e / sigma) ** 2)))) * d


@torch.no_grad()
def recursive_mean(x, floor, sigma, motion=False, vectors=None):
    """x [B, T, 3, H, W] -> the same: a running average that is given up where it no longer fits; with motion it is carried along first.
    vectors [B, T, H / 8, W / 8, 2]: of motion.clip_vectors. Two frames of state."""
    mean = x[:, 0]
    means = [mean]
    for t in range(1, x.shape[1]):
        if motion:
            mean = motions.moved(mean, vectors[:, t])
        mean = taken_in(x[:, t], mean, floor, sigma)
        means.append(mean)
    return torch.stack(means, 1)


@torch.no_grad()
def mean_ahead(x, latent, floor, sigma, motion=False, vectors=None):
    """The same from the other side: for each frame the running average that begins at the end of the next latent and comes back to it.
    What moved by v from the frame before is taken to move on by as much. Last latent: begins at the end of the clip."""
    means, mean = torch.empty_like(x), None
    for k in reversed(range(2 * latent)):
        now = x[:, k::latent]  # frame k of each latent that has one
        if mean is not None and mean.shape[1]:
            going = mean.shape[1]  # the later latents have only begun
            before = mean.flatten(0, 1)
            if motion:
                before = motions.moved(before, -vectors[:, k + 1 :: latent][:, :going].flatten(0, 1))
            taken = taken_in(now[:, :going].flatten(0, 1), before, floor, sigma)
            now = torch.cat([taken.view_as(mean), now[:, going:]], 1)
        mean = now
        if k < latent:
            means[:, k::latent] = mean
    return means


@torch.no_grad()
def frame_before(x, motion=False, vectors=None):
    """x [B, T, 3, H, W] -> the frame before each, carried along; frame 0: itself"""
    before = x[:, :-1]
    if motion:
        before = motions.moved(before.flatten(0, 1), vectors[:, 1:].flatten(0, 1)).view_as(before)
    return torch.cat([x[:, :1], before], 1)


@torch.no_grad()
def frame_after(x, motion=False, vectors=None):
    """x [B, T, 3, H, W] -> the frame after each, carried back by its vectors turned round; the last frame: itself"""
    after = x[:, 1:]
    if motion:
        after = motions.moved(after.flatten(0, 1), -vectors[:, 1:].flatten(0, 1)).view_as(after)
    return torch.cat([after, x[:, -1:]], 1)


class Whiten(nn.Module):
    """A fixed 1x1 map onto the strongest principal axes. Statistics of the data, not trained."""

    def __init__(self, config, axes):
        super().__init__()
        self.register_buffer("weight", torch.eye(axes, config.unshuffled))
        self.register_buffer("bias", torch.zeros(axes))

    def forward(self, x):
        return F.conv2d(x, self.weight[:, :, None, None], self.bias)


class Condition(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.whiten = Whiten(config, config.whiten)
        self.luma = Whiten(config, config.unshuffle**2) if config.neighbours else None

    def planes(self, pictures, whiten):
        cells = [whiten(F.pixel_unshuffle(v.flatten(0, 1), self.config.unshuffle)) for v in pictures]
        return torch.cat(cells, 1).contiguous(memory_format=torch.channels_last)

    def forward(self, x, vectors, taps=None):
        """x [B, T, 3, H, W] -> c [B * T, 2 * whiten, H / 4, W / 4] and what the decoder alone sees, [B * T, 32 or 48, H / 4, W / 4] or None"""
        # weak axes are blown up here: what is rounded before would come out large
        with torch.autocast(x.device.type, enabled=False):
            means = recursive_mean(x, **self.config.mean, vectors=vectors)
            c, n = self.planes((x, means), self.whiten), None
            if self.luma:
                follow = (x, self.config.mean.get("motion"), vectors)
                seen = [mean_ahead(x, self.config.token[0], **self.config.mean, vectors=vectors), frame_before(*follow)]
                if self.config.decoder.get("after"):
                    seen.append(frame_after(*follow))
                n = self.planes(seen, self.luma)
        if taps is not None:
            for t in range(x.shape[1]):
                taps[f"frame.{t}.mean"] = means[0, t]
                taps[f"frame.{t}.condition"] = c[t]
                if n is not None:
                    taps[f"frame.{t}.neighbours"] = n[t]
        return c, n
