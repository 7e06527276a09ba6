"""Features that training compares pictures in: a small network of ours, trained to tell which photo or clip of the packs a crop is from and how coarsely it was encoded.

    python -m keepsake.perception --packs PACK ... --data DIR --out FILE --minutes 10        # inside models/

What keepsake/measure.py measures with is another network, of another shape, trained by others on other pictures: a residual that pleases this one has not seen that one."""

import argparse
import os
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from motion.clips import photo_paths
from PIL import Image
from pool import Pool
from train import save

# channels, side of the filter, stride; the layers between two strides see the same size
LAYERS = ((32, 5, 2), (64, 3, 2), (64, 3, 1), (96, 3, 2), (96, 3, 1), (128, 3, 2))
LONGEST, CROP, BATCH = 720, 96, 24  # side of a photo, of a crop; photos and windows of pairs in one step, each
LEVEL = 4.0  # pull of the quantiser beside the naming


class Perception(nn.Module):
    """[N, 3, H, W] in [-1, 1] -> features of every layer, before anything is named"""

    def __init__(self):
        super().__init__()
        inputs = (3, *(out for out, _, _ in LAYERS))
        self.convs = nn.ModuleList(
            nn.Conv2d(i, o, side, stride, side // 2, bias=False) for i, (o, side, stride) in zip(inputs, LAYERS)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(o) for o, _, _ in LAYERS)

    def forward(self, x):
        found = []
        for conv, norm in zip(self.convs, self.norms):
            x = F.relu(norm(conv(x)))
            found.append(x)
        return found


def directions(features):
    """Every position brought to length 1 over its channels: what stands there, not how strongly"""
    return [f / (f.pow(2).sum(1, keepdim=True) + 1e-3).sqrt() for f in features]


def distance(net, y, truth):
    """[N, 3, H, W] each -> scalar: squared differences of directions, mean over positions, summed over the layers. No gradient to the truth."""
    with torch.no_grad():
        wanted = directions(net(truth))
    return sum((a - b).pow(2).sum(1).mean() for a, b in zip(directions(net(y)), wanted))


def restored(path):
    """The network of a file, ready to compare with: nothing in it changes any more"""
    net = Perception()
    net.load_state_dict(torch.load(path, weights_only=True, map_location="cpu"))
    return net.eval().requires_grad_(False)


class Lesson:
    """Crops of photos and of pairs, what they are from, and how coarsely they were encoded (the truth: 0)"""

    def __init__(self, packs, data):
        self.photos = []
        for path in photo_paths(packs):
            picture = Image.open(path).convert("RGB")
            picture.thumbnail((LONGEST, LONGEST), Image.LANCZOS)
            self.photos.append(np.asarray(picture))
        self.pool = Pool(data)
        # 00-clip-name-a-av145-0 -> clip-name: moments of one shot are one
        shots = [line["name"].split("-", 1)[1].rsplit("-", 3)[0] for line in self.pool.lines]
        names = {shot: n for n, shot in enumerate(sorted(set(shots)))}
        self.shots = [len(self.photos) + names[shot] for shot in shots]
        self.kinds = len(self.photos) + len(names)

    def photo(self, rng):
        n = int(rng.integers(len(self.photos)))
        picture = self.photos[n]
        side = int(CROP * rng.uniform(1, 2.5))
        y, x = (int(rng.integers(size - min(side, size) + 1)) for size in picture.shape[:2])
        cut = Image.fromarray(picture[y : y + side, x : x + side]).resize((CROP, CROP), Image.BILINEAR)
        return np.asarray(cut), n, 0.0

    def window(self, rng):
        n = int(rng.integers(len(self.pool.lines)))
        truth, base, _ = self.pool.pair(n)
        clean = rng.random() < 0.3
        t, y, x = (int(rng.integers(size - part + 1)) for size, part in zip(truth.shape, (1, CROP, CROP)))
        cut = (truth if clean else base)[t, y : y + CROP, x : x + CROP]
        return cut, self.shots[n], 0.0 if clean else self.pool.lines[n]["quantiser"]

    def batch(self, seed, step):
        """-> crops [N, 3, CROP, CROP] in other light and mirrored by chance, what they are from [N], quantisers [N]"""
        rng = np.random.default_rng([seed, step])
        crops, kinds, levels = zip(*(draw(rng) for draw in (self.photo, self.window) for _ in range(BATCH)))
        x = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 127.5 - 1
        x = torch.stack([crop.flip(-1) if rng.random() < 0.5 else crop for crop in x])
        light = torch.from_numpy(rng.uniform(0.7, 1.3, (len(x), 3, 1, 1))).float()
        shift = torch.from_numpy(rng.uniform(-0.2, 0.2, (len(x), 3, 1, 1))).float()
        return x * light + shift, torch.tensor(kinds), torch.tensor(levels, dtype=torch.float32)


def train(lesson, args):
    torch.manual_seed(args.seed)
    net = Perception().to(memory_format=torch.channels_last)
    naming, level = nn.Linear(LAYERS[-1][0], lesson.kinds), nn.Conv2d(LAYERS[-1][0], 1, 1)
    parameters = [p for part in (net, naming, level) for p in part.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=1e-3)
    start, step, done = time.time(), 0, 0.0
    while done < 1:
        for group in optimizer.param_groups:
            group["lr"] = 2e-3 * min(1, (step + 1) / 50) * (1 - done)
        x, kinds, quantisers = lesson.batch(args.seed, step)
        last = net(x.contiguous(memory_format=torch.channels_last))[-1]
        named = naming(last.mean((2, 3)))
        told = level(last).mean((1, 2, 3))
        value = F.cross_entropy(named, kinds) + LEVEL * F.mse_loss(told, quantisers)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()
        step, done = step + 1, (time.time() - start) / 60 / args.minutes
        if step % 100 == 0:
            right = (named.argmax(1) == kinds).float().mean().item()
            off = (told - quantisers).abs().mean().item()
            print(f"step {step} named {right:.2f} quantiser off by {off:.3f} loss {value.item():.3f}", flush=True)
    return net


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packs", nargs="+", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    os.makedirs(os.path.dirname(os.path.abspath(args.out)), exist_ok=True)
    save(args.out, train(Lesson(args.packs, args.data), args).state_dict())


if __name__ == "__main__":
    main()
