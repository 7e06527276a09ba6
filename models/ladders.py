"""Prepares whole ladders of clips at x2 (degradation/ladder.py) and draws training pairs (stage t -> stage t') from them, for models/ablate.py.

    python models/ladders.py --data DIR --out LADDERS      # DIR: pairs of prepare.py; only their truths are used

Fading and casts are left out of every stage: they stay in a target (pool.py), and two stages of one ladder fade differently."""

import argparse
import json
import os

import numpy as np
import torch
from degradation import damage, ladder
from model.condition import resize
from model.motion import BLOCK
from pool import as_tensor
from prepare import motion_of

SCALE, STAGES = 2, 5
SIZE, FRAMES = (256, 320), 12  # rows, columns; of the truth
CHANGING = 0.5  # of the clips of a changing ladder: the damage lessens from frame to frame


def unfaded(r):
    r = {**r, "tone": None}
    r.pop("cast", None)
    return {**r, "first": unfaded(r["first"])} if r.get("first") else r


def region(truth, rng):
    """uint8 [T, H, W, 3] -> [12, 256, 320, 3] of it, at whole blocks of the motion"""
    t = int(rng.integers(len(truth) - FRAMES + 1))
    y, x = (int(rng.integers((n - side) // BLOCK + 1)) * BLOCK for n, side in zip(truth.shape[1:3], SIZE))
    return np.ascontiguousarray(truth[t : t + FRAMES, y : y + SIZE[0], x : x + SIZE[1]])


def prepare(data, out, count, seed):
    """Videos and photos in turn. A ladder appears in ladders.jsonl only when it is complete."""
    with open(os.path.join(data, "pairs.jsonl"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    kinds = [[line["name"] for line in lines if line["kind"] == kind] for kind in ("video", "photo")]
    shuffled = [np.random.default_rng([seed, k]).permutation(sorted(names)) for k, names in enumerate(kinds)]
    names = [str(name) for both in zip(*shuffled) for name in both][:count]
    for number, name in enumerate(names):
        base = os.path.join(out, name)
        if os.path.exists(base + ".truth.npy"):
            continue
        rng = np.random.default_rng([seed, 2, number])
        truth = region(np.load(os.path.join(data, name + ".truth.npy"), mmap_mode="r"), rng)
        stages = {n: unfaded(r) for n, r in ladder.recipes(SCALE, STAGES, rng).items()}
        for n, r in stages.items():
            damaged = damage.apply(truth, r)
            np.save(f"{base}.{n}.npy", damaged)
            np.save(f"{base}.{n}.motion.npy", motion_of(damaged, SCALE))
        np.save(base + ".truth.npy", truth)
        with open(os.path.join(out, "ladders.jsonl"), "a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, "number": number, "stages": stages}) + "\n")


class Ladders:
    """Where a step's crop lies, its stages and its flip depend on the seed and the step alone and are the same for every kind of pair:

    direct     (stage t -> clean), one stage over the clip
    ladder     (stage t -> stage t'), one stage over the clip, t' mostly clean; how far t' lies on the way from t to clean is the strength
    changing   the same, but in half of the clips the frames climb from stage t to the best damaged one: the pseudo video of models.md"""

    def __init__(self, folder, kind):
        with open(os.path.join(folder, "ladders.jsonl"), encoding="utf-8") as file:
            self.lines = sorted((json.loads(line) for line in file), key=lambda line: line["number"])
        self.folder, self.kind, self.arrays = folder, kind, {}

    def array(self, name):
        if name not in self.arrays:
            self.arrays[name] = np.load(os.path.join(self.folder, name + ".npy"), mmap_mode="r")
        return self.arrays[name]

    def steps(self, seed, step):
        """-> rng to go on with, line, stage t, stage t', is the damage changing?"""
        rng = np.random.default_rng([seed, step])
        line = self.lines[int(rng.integers(len(self.lines)))]
        numbers = sorted(map(int, line["stages"])) + [STAGES]
        start, end = ladder.pair(numbers, rng)
        is_changing = bool(rng.random() < CHANGING) and self.kind == "changing"
        return rng, line, start, STAGES if self.kind == "direct" else end, is_changing

    def weight(self, seed, step, progress):
        return ladder.weight(self.steps(seed, step)[3], STAGES, progress)

    def sample(self, seed, step, crop, frames):
        """-> (input resized to output size, target), both [1, frames, 3, crop, crop] in [-1, 1], the input's motion [1, frames, crop / 8, crop / 8, 2] and the strength"""
        rng, line, start, end, is_changing = self.steps(seed, step)
        t = int(rng.integers(FRAMES - frames + 1))
        y, x = (int(rng.integers((n - crop) // BLOCK + 1)) * BLOCK for n in SIZE)
        there = [n for n in map(int, line["stages"]) if n >= start]
        of_frame = [there[i * len(there) // frames] if is_changing else start for i in range(frames)]
        small = np.s_[y // SCALE : (y + crop) // SCALE, x // SCALE : (x + crop) // SCALE]
        blocks = np.s_[y // BLOCK : (y + crop) // BLOCK, x // BLOCK : (x + crop) // BLOCK]
        cut = lambda ending, part: np.stack(
            [self.array(f"{line['name']}.{n}{ending}")[t + i][part] for i, n in enumerate(of_frame)]
        )
        v = torch.from_numpy(cut(".motion", blocks).astype(np.int64))
        a = resize(as_tensor(cut("", small)), SCALE)
        if end == STAGES:
            b = as_tensor(self.array(line["name"] + ".truth")[t : t + frames, y : y + crop, x : x + crop])
        else:
            b = resize(as_tensor(self.array(f"{line['name']}.{end}")[t : t + frames][(slice(None), *small)]), SCALE)
        flip = int(rng.integers(4))  # as in pool.py
        for bit, axis in ((1, -1), (2, -2)):
            if flip & bit:
                a, b, v = a.flip(axis), b.flip(axis), v.flip(axis - 1)
                v[..., axis] *= -1
        return a[None], b[None], v[None], (end - start) / (STAGES - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=4)
    args = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(args.out, exist_ok=True)
    prepare(args.data, args.out, args.count, args.seed)


if __name__ == "__main__":
    main()
