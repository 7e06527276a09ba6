"""The decoder at 1/4 resolution: the condition carries the picture, the latent planes advise (step 7)."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def sloped(x, slope):
    """PReLU in the precision of x"""
    return F.prelu(x, slope.to(x.dtype))


class SlopedConv(nn.Conv2d):
    """3x3 with the PReLU slopes that follow it, one per channel."""

    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, 3, padding=1)
        self.slope = nn.Parameter(torch.full((outputs,), 0.1))

    def forward(self, x):
        return sloped(super().forward(x), self.slope)


class FactoredOutput(nn.Module):
    """The last convolution while training: a zero start for the features, and a linear path from what is seen with its own learning rate.
    `weight` and `bias` are what gets exported."""

    def __init__(self, features, seen, outputs):
        super().__init__()
        self.detail = nn.Conv2d(features, outputs, 3, padding=1)
        self.linear = nn.Conv2d(seen, outputs, 3, padding=1)
        for parameter in self.parameters():
            nn.init.zeros_(parameter)

    @property
    def weight(self):
        return torch.cat([self.detail.weight, self.linear.weight], 1)

    @property
    def bias(self):
        return self.detail.bias + self.linear.bias


def previous_frame(x, batch):
    """[B * T, C, h, w] -> the frame before, zeros at the start of the stream"""
    y = x.view(batch, -1, *x.shape[1:])
    return torch.cat([torch.zeros_like(y[:, :1]), y[:, :-1]], 1).view_as(x)


class DecoderBlock(nn.Module):
    def __init__(self, config):
        super().__init__()
        channels = config.decoder["channels"]
        self.shifted = int(channels * config.decoder["shift"])
        self.conv0 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.slope = nn.Parameter(torch.full((channels,), 0.1))

    def forward(self, a, batch):
        b = torch.cat([previous_frame(a[:, : self.shifted], batch), a[:, self.shifted :]], 1)
        return a + self.conv1(sloped(self.conv0(b), self.slope))


class Decoder(nn.Module):
    def __init__(self, config, factored):
        super().__init__()
        channels = config.decoder["channels"]
        self.config = config
        seen = config.condition + config.neighbours
        self.input = SlopedConv(seen + config.latent_channels, channels)
        self.blocks = nn.ModuleList(DecoderBlock(config) for _ in range(config.decoder["blocks"]))
        self.output = (
            FactoredOutput(channels, seen, config.axes)
            if factored
            else nn.Conv2d(channels + seen, config.axes, 3, padding=1)
        )
        if config.axes < config.unshuffled:
            # axes of the residual's cells; of the data, not trained
            self.register_buffer("basis", torch.eye(config.unshuffled, config.axes))

    def forward(self, c, n, g, batch, gain=None, taps=None):
        """c [B * T, 48, H / 4, W / 4], n [B * T, 32 or 48, H / 4, W / 4] or None, g [B * T, 16, H / 4, W / 4],
        gain [axes], [B * T, axes] or None -> residual [B * T, 3, H, W]"""
        seen = c if n is None else torch.cat([c, n], 1)
        a = self.input(torch.cat([c, g] if n is None else [c, g, n], 1))
        for block in self.blocks:
            a = block(a, batch)
        if taps is not None:
            for t in range(a.shape[0]):
                taps[f"frame.{t}.features"] = a[t]
        o = F.conv2d(torch.cat([a, seen], 1), self.output.weight, self.output.bias, padding=1)
        if gain is not None:
            o = o * gain[..., None, None]
        if self.config.axes < self.config.unshuffled:
            o = F.conv2d(o, self.basis[:, :, None, None])
        return F.pixel_shuffle(o, self.config.unshuffle)
