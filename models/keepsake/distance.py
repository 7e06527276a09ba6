"""The perceptual distance (SqueezeNet features): how far apart two pictures lie in the features of a network that was trained to name things. It is measured with, never trained with.

Features of SqueezeNet 1.0 after conv1 and seven fire modules, every position brought to length 1 over its channels; the squared difference, mean over positions, summed over the layers with
equal weights. No weights learnt from opinions: published ones belong to another version's channels. So it is not LPIPS, and its numbers are not to be laid beside LPIPS's."""

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

MEANS = (104.0, 117.0, 123.0)  # blue, green, red
POOLED_AFTER = ("fire4", "fire8")
FIRES = tuple(f"fire{n}" for n in range(2, 9))


class Features:
    def __init__(self, path):
        self.weights = {name: value.float() for name, value in load_file(path).items()}

    def conv(self, x, name, **how):
        return F.relu(F.conv2d(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], **how))

    def fire(self, x, name):
        x = self.conv(x, f"{name}/squeeze1x1")
        return torch.cat([self.conv(x, f"{name}/expand1x1"), self.conv(x, f"{name}/expand3x3", padding=1)], 1)

    def layers(self, frame):
        """uint8 [H, W, 3] red, green, blue -> eight lists of unit vectors, [1, C, h, w]"""
        x = torch.from_numpy(np.ascontiguousarray(frame[..., ::-1])).float() - torch.tensor(MEANS)
        x = self.conv(x.permute(2, 0, 1)[None], "conv1", stride=2)
        found = [x]
        x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        for name in FIRES:
            x = self.fire(x, name)
            found.append(x)
            if name in POOLED_AFTER:
                x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        return [F.normalize(layer, dim=1) for layer in found]

    @torch.no_grad()
    def distance(self, layers, frame):
        """What layers() gave of one picture, and another picture -> 0 (the same) to 16"""
        return float(sum((a - b).pow(2).sum(1).mean() for a, b in zip(layers, self.layers(frame))))
