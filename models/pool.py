"""Draws training crops from prepared pairs. Which crop step n gets depends on the seed and n alone, so a resumed run sees exactly what an unbroken one would."""

import json
import os

import numpy as np
import torch
from degradation.operations import tone
from model.condition import resize
from model.motion import BLOCK

CLEAN_AT_1 = 2.0  # clean pairs at x1 are shown twice as often: they teach to leave a good picture alone


def is_clean_at_1(line):
    return line["recipe"]["scale"] == 1 and line["recipe"].get("family") == "clean"


def as_tensor(frames):
    """uint8 [T, h, w, 3] -> float [T, 3, h, w] in [-1, 1]"""
    return torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 127.5 - 1


class Pool:
    """limit: how many lines of pairs.jsonl belong to this run (None: all there are now).
    Fading stays in the target: from one window of a picture nobody can tell a faded tape from a misty morning, and a model that guesses
    shifts the brightness of clips that were right. Tone is a setting of the editor, not of this model.
    A line may carry "offset" (R, G, B in 8-bit steps): added to the input, where the way it was made is known to have shifted it."""

    def __init__(self, folder, limit=None, scale_shares=None):
        with open(os.path.join(folder, "pairs.jsonl"), encoding="utf-8") as file:
            lines = [json.loads(line) for line in file.read().splitlines()]
        self.lines = lines[:limit]
        if not self.lines:
            raise ValueError(f"{folder}/pairs.jsonl lists no pairs; run models/prepare.py first")
        self.folder = folder
        self.arrays = {}
        weights = np.array(
            [
                line["weight"]
                * (1.0 if line["kind"] == "video" else 0.55)
                * (CLEAN_AT_1 if is_clean_at_1(line) else 1.0)
                for line in self.lines
            ]
        )
        if scale_shares:
            scales = np.array([line["recipe"]["scale"] for line in self.lines])
            for scale, share in scale_shares.items():
                total = weights[scales == scale].sum()
                if total > 0:
                    weights[scales == scale] *= share / total
        self.chances = np.cumsum(weights / weights.sum())
        self.strengths = {}
        stages = os.path.join(folder, "stages.jsonl")
        if os.path.exists(stages):
            with open(stages, encoding="utf-8") as file:
                self.strengths = {line["name"]: line["strength"] for line in map(json.loads, file)}

    def strength(self, index):
        return self.strengths.get(self.lines[index]["name"])

    def given(self, index):
        """What the model is told with a pair, when that is not a stage: full strength"""
        return 1.0

    def pair(self, index, target="truth"):
        if (index, target) not in self.arrays:
            base = os.path.join(self.folder, self.lines[index]["name"])
            self.arrays[index, target] = tuple(
                np.load(f"{base}.{kind}.npy", mmap_mode="r") for kind in (target, "input", "motion")
            )
        return self.arrays[index, target]

    def sample(self, seed, step, crop, frames, of_strength=False):
        """-> (input resized to output size, truth), both [1, frames, 3, crop, crop] in [-1, 1], the input's motion [1, frames, crop / 8, crop / 8, 2] and a strength.
        of_strength: only pairs that have a stage (models/strength.py), which stands in the truth's place, and its strength; otherwise that is 1. Crops start at whole blocks of the motion, as the windows of a whole picture do."""
        rng = np.random.default_rng([seed, step])
        for _ in range(1000):
            index = min(int(np.searchsorted(self.chances, rng.random())), len(self.lines) - 1)
            strength = self.strength(index) if of_strength else self.given(index)
            if strength is None:
                continue
            truth, damaged, motion = self.pair(index, "stage" if of_strength else "truth")
            if truth.shape[0] >= frames and min(truth.shape[1:3]) >= crop:
                break
        else:
            raise ValueError(
                f"{self.folder} has hardly a pair of {frames} frames and {crop} x {crop} pixels; prepare larger ones or ask for less"
            )
        scale = self.lines[index]["recipe"]["scale"]
        side = crop // scale
        t = int(rng.integers(truth.shape[0] - frames + 1))
        y, x = (int(rng.integers((n - side) * scale // BLOCK + 1)) * BLOCK // scale for n in damaged.shape[1:3])
        blocks = [slice(n * scale // BLOCK, (n * scale + crop) // BLOCK) for n in (y, x)]
        v = torch.from_numpy(motion[t : t + frames, blocks[0], blocks[1]].astype(np.int64))
        a = as_tensor(damaged[t : t + frames, y : y + side, x : x + side])
        b = as_tensor(truth[t : t + frames, y * scale : (y + side) * scale, x * scale : (x + side) * scale])
        if self.lines[index]["recipe"].get("tone") and not of_strength:
            # the truth fades along: see the class
            b = (tone((b + 1) * 127.5, *self.lines[index]["recipe"]["tone"]) / 127.5 - 1).clamp(-1, 1)
        if "offset" in self.lines[index]:
            a = a + torch.tensor(self.lines[index]["offset"]).view(3, 1, 1) / 127.5
        flip = int(rng.integers(4))  # no transposition: tape damage knows its lines
        for bit, axis in ((1, -1), (2, -2)):
            if flip & bit:
                a, b, v = a.flip(axis), b.flip(axis), v.flip(axis - 1)
                v[..., axis] *= -1
        return resize(a, scale)[None], b[None], v[None], strength
