"""heirloom-motion: features once per key, retention over the keys, flow from coarse to fine, warp at full size, blend and a thin residual."""

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F

from .config import MOTION
from .layer import Retention
from .need import feather, need_mask
from .sampling import bilateral_cost, channel_norm, convex_upsample, expected_motion, nearest, warp

ALIGN = 16
SLOPE = 0.1
SHARPNESS = 40.0  # of the softmax over the cost volume: what `sharpness` = 1 is


def conv(inputs, outputs, size=3):
    return nn.Conv2d(inputs, outputs, size, padding=size // 2)


def bent(x):
    return F.leaky_relu(x, SLOPE)


def quiet(layer):
    """Begins by adding nothing"""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


@dataclass
class Key:
    picture: torch.Tensor  # [B, 3, H, W] in [-1, 1]
    quarter: torch.Tensor  # [B, 24, H / 4, W / 4]
    eighth: torch.Tensor  # [B, 48, H / 8, W / 8]
    tokens: torch.Tensor  # [B, 64, H / 16, W / 16]


@dataclass
class Gap:
    """What every frame between two keys is asked with"""

    before: Key
    after: Key
    state: list  # for each layer [B, windows, heads, dk, dv]: what the keys of the history wrote
    serial: int  # of the key before, in the history


@dataclass
class Between:
    picture: torch.Tensor  # [B, 3, H, W], not clamped
    # on 1/16, 1/8, 1/4 and at full size, each [B, 4, h, w]: pixels to the key before (x, y) and to the key after
    flows: list
    # on 1/16, 1/8, 1/4, each [B, motions, h, w]: before the softmax over the cost volume
    costs: list
    occlusion: torch.Tensor  # logits [B, 1, H, W]
    confidence: torch.Tensor  # logits [B, 1, H / 4, W / 4]
    need: torch.Tensor  # bool [B, 1, H / 8, W / 8]


class Features(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.quarter = nn.ModuleList([conv(48, c.quarter), conv(c.quarter, c.quarter)])
        self.eighth = nn.ModuleList([conv(4 * c.quarter, c.eighth), conv(c.eighth, c.eighth)])
        self.tokens = nn.ModuleList([conv(4 * c.eighth, c.dim), conv(c.dim, c.dim)])

    def forward(self, x):
        through = lambda layers, y: bent(layers[1](bent(layers[0](y))))
        quarter = through(self.quarter, F.pixel_unshuffle(x, 4))
        eighth = through(self.eighth, F.pixel_unshuffle(quarter, 2))
        return Key(x, quarter, eighth, through(self.tokens, F.pixel_unshuffle(eighth, 2)))


class Refinement(nn.Module):
    """One grid: both keys' features where the flow says, what their local cost adds to it, what the coarser grid hands down -> convolutions"""

    def __init__(self, channels, radius, hidden, width, layers, cell):
        super().__init__()
        self.radius, self.cell = radius, cell
        inputs = 2 * channels + (2 * radius + 1) ** 2 + hidden + 5
        self.sharpness = nn.Parameter(torch.tensor(0.5))
        self.layers = nn.ModuleList([conv(inputs if i == 0 else width, width) for i in range(layers)])

    def forward(self, a, b, flow, hidden, t, mask):
        """-> what the convolutions say, the flow with what the cost volume adds to it, and that before its softmax"""
        a, b = warp(a, flow[:, :2], self.cell), warp(b, flow[:, 2:], self.cell)
        cost = bilateral_cost(channel_norm(a), channel_norm(b), t, self.radius)
        logits = SHARPNESS * self.sharpness * cost
        v = masked(expected_motion(logits, self.radius, self.cell), mask)
        flow = flow + torch.cat([-t * v, (1 - t) * v], 1)
        x = torch.cat([a, b, cost, hidden, flow / 16, torch.full_like(flow[:, :1], t)], 1)
        x = masked(x, mask)
        for layer in self.layers:
            x = masked(bent(layer(x)), mask)
        return x, flow, logits


def masked(x, mask):
    """Cells that are not needed are zero to their neighbours, as what lies beyond the border is"""
    return x if mask is None else x * mask


class Motion(nn.Module):
    def __init__(self, config=MOTION):
        super().__init__()
        self.config = c = config
        self.features = Features(c)
        self.sharpness = nn.Parameter(torch.tensor(1.0))
        self.coarse = conv(2 * c.dim + (2 * c.search + 1) ** 2 + 3, c.dim)
        self.retention = nn.ModuleList([Retention(c) for _ in range(c.layers)])
        self.coarse_head = conv(c.dim, 4 * (4 + c.hidden))
        self.middle = Refinement(c.eighth, c.local[0], c.hidden, c.flow, 3, 8)
        self.middle_head = conv(c.flow, 4 * (4 + c.hidden), 1)
        self.fine = Refinement(c.quarter, c.local[1], c.hidden, c.fine, 2, 4)
        self.fine_head = quiet(conv(c.fine, 7, 1))
        self.upsampling = quiet(conv(c.fine, 9 * 16, 1))
        self.residual = nn.ModuleList([conv(48 + c.fine, c.residual), quiet(conv(c.residual, 48))])
        with torch.no_grad():
            for head in (self.coarse_head, self.middle_head):
                head.weight[: 4 * 4] = 0
                head.bias[: 4 * 4] = 0
            self.fine_head.bias[5] = -3.0
            # itself first
            self.upsampling.bias[4 * 16 : 5 * 16] = 3.0

    def gap(self, keys):
        """The keys since the last cut, oldest first, up to the later one of the gap; the last `history` of them count -> Gap. An estimate depends on these
        alone, not on where a stream began."""
        keys, state = keys[-self.config.history :], None
        for serial, key in enumerate(keys):
            tokens, after = key.tokens.permute(0, 2, 3, 1), []
            for i, layer in enumerate(self.retention):
                before = state[i] if serial else layer.start(tokens)
                after.append(layer.written(tokens, before, serial, serial == 0))
                if i + 1 < len(self.retention):
                    tokens = layer(tokens, before, serial, 0.0)
            state = after
        return Gap(keys[-2], keys[-1], state, len(keys) - 2)

    def coarse_flow(self, gap, t):
        """-> flows [B, 4, H / 8, W / 8], hidden [B, 16, H / 8, W / 8], the flow of the cost volume alone [B, 4, H / 16, W / 16], and that before its softmax"""
        a, b, radius = gap.before.tokens, gap.after.tokens, self.config.search
        cost = bilateral_cost(channel_norm(a), channel_norm(b), t, radius)
        logits = SHARPNESS * self.sharpness * cost
        v = expected_motion(logits, radius, 16)
        first = torch.cat([-t * v, (1 - t) * v], 1)
        seen = [warp(a, first[:, :2], 16), warp(b, first[:, 2:], 16), cost, v / 16]
        tokens = bent(self.coarse(torch.cat([*seen, torch.full_like(v[:, :1], t)], 1))).permute(0, 2, 3, 1)
        for layer, state in zip(self.retention, gap.state):
            tokens = layer(tokens, state, gap.serial, t)
        flow, hidden = self.handed_down(self.coarse_head(tokens.permute(0, 3, 1, 2)), first)
        return flow, hidden, first, logits

    def handed_down(self, x, flow):
        """What a head says of the four cells below each of its own -> flow and hidden of the finer grid"""
        x = F.pixel_shuffle(x, 2)
        return nearest(flow, 2) + 16 * x[:, :4], x[:, 4:]

    def between(self, gap, t, need=None):
        """The frame at 0 < t < 1 -> Between. need: None (the dense path), "asked" (by the rule of need.py), or a mask [B, 1, H / 8, W / 8]"""
        a, b = gap.before, gap.after
        flow, hidden, first, coarse = self.coarse_flow(gap, t)
        asked = need_mask(a.picture, b.picture, flow[:, :2], flow[:, 2:]) if need == "asked" else need
        mask = None if asked is None else asked.to(flow)
        flows = [first, flow]
        x, flow, middle = self.middle(a.eighth, b.eighth, flow, hidden, t, mask)
        flow, hidden = self.handed_down(self.middle_head(x), flow)
        flows.append(flow)
        mask4 = None if mask is None else nearest(mask, 2)
        x, flow, fine = self.fine(a.quarter, b.quarter, flow, hidden, t, mask4)
        said = self.fine_head(x)
        flow = flow + 16 * said[:, :4]
        planes = convex_upsample(torch.cat([flow, said[:, 4:6]], 1), self.upsampling(x), 4)
        picture, occlusion = self.picture(a, b, planes, x, t, mask4)
        if asked is not None:
            plain = (1 - t) * a.picture + t * b.picture
            weight = feather(asked)
            picture = torch.where(weight == 1, picture, weight * picture + (1 - weight) * plain)
        else:
            asked = torch.ones_like(flows[1][:, :1], dtype=torch.bool)
        flows.append(planes[:, :4])
        return Between(picture, flows, [coarse, middle, fine], occlusion, said[:, 6:], asked)

    def picture(self, a, b, planes, x, t, mask):
        """Both keys where the flow says, blended; where neither shows what is there, their plain mean; and the residual"""
        before, after = warp(a.picture, planes[:, :2]), warp(b.picture, planes[:, 2:4])
        share = torch.sigmoid(planes[:, 4:5] + float(torch.logit(torch.tensor(1.0 - t))))
        hidden = torch.sigmoid(planes[:, 5:])
        plain = (1 - t) * a.picture + t * b.picture
        y = (1 - hidden) * (share * before + (1 - share) * after) + hidden * plain
        r = masked(torch.cat([F.pixel_unshuffle(y, 4), x], 1), mask)
        r = masked(bent(self.residual[0](r)), mask)
        return y + F.pixel_shuffle(self.residual[1](r), 4), planes[:, 5:]


def padded(x):
    """[..., H, W] -> both multiples of 16 and at least 32, the border repeated at the bottom and right"""
    h, w = x.shape[-2:]
    bottom, right = max(-h % ALIGN, 32 - h), max(-w % ALIGN, 32 - w)
    return F.pad(x, (0, right, 0, bottom), mode="replicate")
