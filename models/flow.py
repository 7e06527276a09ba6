"""The network in several steps instead of one, for models/ablate.py: flow matching on the residual in the decoder's own axes (24 numbers per 4x4 cell,
of variance 1 over the data). State z = (1 - time) * noise + time * residual; the network is shown z and the time and says the clean residual,
which gives the velocity (residual - z) / (1 - time). z enters the tokens where the one-step model has its noise, and the decoder as further planes; the
time goes where the strength goes, and into the decoder as one more plane."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from data_axes import axes
from model.config import Config
from model.heirloom_s import HeirloomS


@dataclass(frozen=True)
class FlowConfig(Config):
    noise_channels: int = 4 * 24 * 16  # z under one token: frames x axes x positions of the 1/4 grid

    @property
    def neighbours(self):
        return super().neighbours + self.axes + 1


class Flow(HeirloomS):
    def __init__(self, config):
        super().__init__(config)
        self.register_buffer("inverse", torch.zeros(config.axes, config.unshuffled))

    def set_axes(self, *statistics):
        fixed = axes(*statistics, self.config)
        self.load_state_dict(
            {**fixed, "inverse": torch.linalg.pinv(fixed["decoder.basis"].double()).float()}, strict=False
        )

    def coefficients(self, residual):
        """[B, T, 3, H, W] -> [B * T, axes, H / 4, W / 4]; takes back what the decoder's basis does"""
        return F.conv2d(
            F.pixel_unshuffle(residual.flatten(0, 1), self.config.unshuffle), self.inverse[:, :, None, None]
        )

    def picture(self, z):
        """[B * T, axes, H / 4, W / 4] -> [B * T, 3, H, W]; the other way round"""
        return F.pixel_shuffle(F.conv2d(z, self.decoder.basis[:, :, None, None]), self.config.unshuffle)

    def tokens_of(self, z, batch):
        """[B * T, axes, H / 4, W / 4] -> [B, L, h, w, noise_channels]"""
        p, frames = self.config.patch, self.config.token[0]
        _, channels, rows, columns = z.shape
        z = z.view(batch, -1, frames, channels, rows // p, p, columns // p, p).permute(0, 1, 4, 6, 2, 3, 5, 7)
        return z.flatten(4)

    def predict(self, shown, z, time, batch):
        """What the condition gives, z [B * T, axes, H / 4, W / 4], time in [0, 1] -> the clean residual [B * T, 3, H, W]. What z alone says of a residual of
        variance 1, and the network's answer at the size of the error of that (the preconditioning of Karras et al. 2022)"""
        c, n = shown
        y = self.projection(c, batch) + self.noise_embedding(self.tokens_of(z, batch))
        row, gain = self.strength(time)
        for block in self.blocks:
            y = block(y, row)
        g = self.head(y).contiguous(memory_format=torch.channels_last)
        variance = time**2 + (1 - time) ** 2
        said = self.decoder(c, torch.cat([n, z, torch.full_like(z[:, :1], time)], 1), g, batch, gain)
        return time / variance * self.picture(z) + (1 - time) / variance**0.5 * said

    def between(self, x, truth, noise, time, vectors):
        """One training step's answer: the truth's residual at `time` on its way from noise -> the picture the network sees in it, like x"""
        z = (1 - time) * noise + time * self.coefficients(truth - x)
        return x + self.predict(self.condition(x, vectors), z, time, x.shape[0]).view_as(x)

    @torch.no_grad()
    def sample(self, x, z, steps, vectors):
        """Euler from noise z [B * T, axes, H / 4, W / 4] in equal steps -> y like x, not clamped"""
        shown = self.condition(x, vectors)
        for k in range(steps):
            residual = self.predict(shown, z, k / steps, x.shape[0]).view_as(x)
            # (residual - z) / (1 - time) over a step of 1 / steps
            z = z + (self.coefficients(residual) - z) / (steps - k)
        return x + residual
