"""What a recipe says, done to frames."""

import numpy as np
import torch

from . import operations as op
from .encoders import recode


def picture(truth, r):
    """uint8 [T, H, W, 3] and recipe -> what goes into its encoder: float [T, 3, H / scale, W / scale], neither rounded nor clamped.
    Keys that only families.py draws: first (a recipe at x1 that comes before this one), disc, enlarged, weave, cast."""
    if r.get("first"):
        truth = apply(truth, r["first"])
    generator = torch.Generator().manual_seed(r["seed"])
    x = torch.from_numpy(np.array(truth)).permute(0, 3, 1, 2).float()
    if r.get("disc"):
        x = op.disc(x, r["disc"])
    x = op.downscale(op.gaussian(x, r["blur"]), r["scale"], r["kernel"])
    if r.get("enlarged"):
        x = op.there_and_back(x, *r["enlarged"])
    if r["noise"]:
        x = op.sensor_noise(x, *r["noise"], generator)
    if r["vhs"]:
        x = op.vhs(x, r["vhs"], generator)
    if r.get("weave"):
        x = op.weave(x, *r["weave"], torch.Generator().manual_seed(r["seed"] + 2))
    if r["chroma"]:
        x = op.soft_chroma(x, *r["chroma"])
    return faded(x, r)


def faded(x, r):
    """[T, 3, h, w] of any size, with the fading and the cast of this recipe"""
    if r["tone"]:
        x = op.tone(x, *r["tone"])
    return op.cast(x, *r["cast"]) if r.get("cast") else x


def target(truth, r):
    """uint8 [T, H, W, 3] -> the same, as the model should give it: clean, but faded as the damaged clip is. Nobody can tell a faded tape from
    a misty morning by a small window, and a model that guesses shifts the brightness of clips that were right."""
    chain = []
    while r:
        chain, r = [r] + chain, r.get("first")
    x = torch.from_numpy(np.array(truth)).permute(0, 3, 1, 2).float()
    for link in chain:
        x = faded(x, link)
    return as_frames(x)


def as_frames(x):
    """[T, 3, h, w] -> uint8 [T, h, w, 3]"""
    return x.round().clamp(0, 255).byte().permute(0, 2, 3, 1).contiguous().numpy()


def apply(truth, r):
    """uint8 [T, H, W, 3] and recipe -> damaged uint8 [T, H / scale, W / scale, 3]"""
    return recode(as_frames(picture(truth, r)), r["codec"], r["q"])
