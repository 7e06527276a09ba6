"""The estimator: a tiny network that looks at pairs of neighbouring frames and says how noisy, blocky, soft and combed they are, each 0..1, and with that
where on the ladder a clip stands. Luma alone, at 100 %, because every resize changes what it looks for. What it sees are statistics of a few fixed filters over
tiles of the picture; a network on pixels was tried first and learnt less from as many examples (models/LOG.md).

Scales of the four (8-bit luma steps; train_estimator.py measures them against the truth): noise log(1 + s) / log 13, s its deviation; blockiness log(1 + b) / log 9, b the
jumps at 8x8 borders beyond those inside; blur sigma / 2.5 pixels of the Gaussian that makes the truth most alike; combing c / 12, c the deviation of what interlacing did."""

import json
import math
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

NAMES = ("noise", "blockiness", "blur", "combing")
FLOORS, TOPS = (1.0, 1.0, None, None), (12.0, 8.0, 2.5, 12.0)
TILE = 32
# of the tiles that lie below: calm ones, the middle, busy ones, the one that answers most
SHARES = (0.1, 0.5, 0.9, 1.0)
SMALL = 0.05  # steps; what is less than this counts as nothing
MAPS, PHASES = 15, 8
COMB_DOWN, COMB_ACROSS = 3, 4  # among the maps
FEATURES = MAPS * (len(SHARES) + 1) + 2 * 3 + 2 * 2
HIDDEN, DROPOUT = 128, 0.3


def as_level(value, index):
    """What was measured -> 0..1"""
    if FLOORS[index] is None:
        return min(value / TOPS[index], 1.0)
    return min(math.log1p(value / FLOORS[index]) / math.log1p(TOPS[index] / FLOORS[index]), 1.0)


def shifted(x, dy, dx):
    """x[y + dy, x + dx], the edge repeated"""
    h, w = x.shape
    return x[np.clip(np.arange(h) + dy, 0, h - 1)][:, np.clip(np.arange(w) + dx, 0, w - 1)]


def grain(x):
    """|second difference across of the second difference down|: no edge along rows or columns answers, noise does"""
    down = shifted(x, -1, 0) - 2 * x + shifted(x, 1, 0)
    return np.abs(shifted(down, 0, -1) - 2 * down + shifted(down, 0, 1)) / 6


def comb(x, dy, dx):
    """How far a line stands out from both its neighbours, beyond what these differ from each other"""
    before, after = shifted(x, -dy, -dx), shifted(x, dy, dx)
    return np.maximum(np.sqrt(np.maximum((x - before) * (x - after), 0)) - np.abs(before - after), 0)


def maps(first, second):
    """luma of two neighbouring frames [h, w], in steps -> MAPS pictures of answers [h, w], none negative"""
    change = second - first
    across = [np.abs(shifted(first, 0, n) - shifted(first, 0, -n)) for n in (1, 2, 4)]
    down = [np.abs(shifted(first, n, 0) - shifted(first, -n, 0)) for n in (1, 2, 4)]
    fine = [np.abs(first - shifted(first, 0, 1)), np.abs(first - shifted(first, 1, 0))]
    return [
        grain(first),
        grain(change),
        np.abs(change),
        comb(first, 1, 0),
        comb(first, 0, 1),
        *fine,
        *across,
        *down,
        np.abs(shifted(first, -1, 0) - 2 * first + shifted(first, 1, 0)),
        np.abs(shifted(first, 0, -1) - 2 * first + shifted(first, 0, 1)),
    ]


def tiles(answer):
    """-> means over whole tiles"""
    h, w = (min(TILE, side) for side in answer.shape)
    rows, columns = answer.shape[0] // h, answer.shape[1] // w
    return answer[: rows * h, : columns * w].reshape(rows, h, columns, w).mean((1, 3)).ravel()


def at_shares(values, shares):
    ordered = np.sort(values)
    return [ordered[int(share * (len(ordered) - 1) + 0.5)] for share in shares]


def grid(x):
    """Jumps between columns that slopes do not explain, by the column's number modulo 8: how much the strongest phase stands out -> two numbers"""
    jump = np.abs(shifted(x, 0, 1) - x - (x - shifted(x, 0, -1) + shifted(x, 0, 2) - shifted(x, 0, 1)) / 2)
    columns = jump.mean(0)[2:-2]
    phases = np.array([columns[n::PHASES].mean() for n in range(PHASES)])
    top = phases.max()
    rest = (phases.sum() - top) / (PHASES - 1)
    return [math.log((top + SMALL) / (rest + SMALL)), math.log(top - rest + SMALL)]


def features(first, second):
    """luma of two neighbouring frames [h, w], float64 in 8-bit steps -> [FEATURES]"""
    means = [tiles(answer) for answer in maps(first, second)]
    found = []
    for of in means:
        found += [math.log(v + SMALL) for v in [*at_shares(of, SHARES), of.mean()]]
    # combs lie down the picture; texture answers in both directions
    down, across = means[COMB_DOWN], means[COMB_ACROSS]
    found += [math.log(max(v, 0) + SMALL) for v in at_shares(down - across, SHARES[1:])]
    found += at_shares(np.log((down + SMALL) / (across + SMALL)), SHARES[1:])
    return np.array(found + grid(first) + grid(first.T))


class Estimator(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(FEATURES))
        self.register_buffer("scale", torch.ones(FEATURES))
        self.layer1, self.layer2, self.output = (
            nn.Linear(FEATURES, HIDDEN),
            nn.Linear(HIDDEN, HIDDEN),
            nn.Linear(HIDDEN, len(NAMES)),
        )

    def forward(self, x):
        """x [B, FEATURES], the mean over a clip's pairs -> [B, 4] in 0..1"""
        # a clip unlike all examples is not taken further than the furthest of them
        x = ((x - self.mean) * self.scale).clamp(-4, 4)
        for layer in (self.layer1, self.layer2):
            x = F.dropout(F.relu(layer(x)), DROPOUT, self.training)
        return self.output(x).sigmoid()


def position(levels, weights, power):
    """[..., 4] -> where on the ladder, 0 clean .. 1: a weighted norm between sum and largest"""
    return ((weights * levels).pow(power).sum(-1)).pow(1 / power).clamp(0, 1)


def write_folder(folder, net, ladder, version):
    """ladder: {"weights": four numbers, "power": p, "from": a, "to": b}; strength 0 below a, full from b on"""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "model.safetensors")
    save_file({k: v.detach().contiguous() for k, v in net.state_dict().items()}, path + ".part")
    os.chmod(path + ".part", 0o644)  # safetensors writes for the owner alone
    os.replace(path + ".part", path)
    description = {
        "format": 1,
        "name": "estimator",
        "version": version,
        "graph": "heirloom-estimator",
        "weights": "model.safetensors",
        "features": FEATURES,
        "ladder": ladder,
    }
    with open(os.path.join(folder, "model.json"), "w", encoding="utf-8") as file:
        file.write(json.dumps(description, indent=2) + "\n")


def read_folder(folder):
    with open(os.path.join(folder, "model.json"), encoding="utf-8") as file:
        description = json.load(file)
    net = Estimator()
    net.load_state_dict({k: v.float() for k, v in load_file(os.path.join(folder, description["weights"])).items()})
    return net.eval(), description
