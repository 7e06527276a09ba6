"""What a strength below 1 should make of a pair: the clip with less of its decay. Every number of the recipe that damages is taken back by the strength, with the seeds
as they were, so that the grain that stays is the clip's own; of the detail that the smaller size lost the same share comes back.

    python models/strength.py --data DIR --pairs 260      # adds NAME.stage.npy for so many pairs, and lines in stages.jsonl"""

import argparse
import copy
import json
import os

import numpy as np
import torch
from degradation import damage
from model.condition import resize
from pool import as_tensor

LOWEST, HIGHEST = 0.1, 0.9


def softened(r, strength):
    """recipe -> the same damage, less of it. Tone is not damage here (pool.py)."""
    r, left = copy.deepcopy(r), 1 - strength
    r["blur"] *= left
    r["q"] *= left
    if r["noise"]:
        r["noise"][:2] = [left * v for v in r["noise"][:2]]
    if r["chroma"]:
        r["chroma"][0] *= left
    if r["vhs"]:
        v = r["vhs"]
        for band in ("luma_band", "chroma_band"):
            v[band] = 1 - left * (1 - v[band])
        for name in ("ringing", "chroma_noise", "chroma_delay", "luma_noise", "jitter"):
            v[name] *= left
        for name in ("chroma_drop", "head_switch", "dropouts"):
            v[name] = round(left * v[name])
    return r


def target(truth, r, strength):
    """uint8 [T, H, W, 3], recipe, strength in (0, 1) -> uint8 [T, H, W, 3]"""
    scale = r["scale"]
    less = resize(as_tensor(damage.apply(truth, softened(r, strength))), scale)
    plain = {
        "scale": scale,
        "seed": 0,
        "kernel": r["kernel"],
        "blur": r["blur"],
        "noise": None,
        "vhs": None,
        "chroma": None,
        "tone": None,
        "codec": "none",
        "q": 0.0,
    }
    lost = as_tensor(truth) - resize(as_tensor(damage.apply(truth, plain)), scale)
    out = less + (strength * lost if scale > 1 else 0)
    return ((out + 1) * 127.5).round().clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--pairs", type=int, default=260)
    parser.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    with open(os.path.join(args.data, "pairs.jsonl"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    rng = np.random.default_rng(args.seed)
    for index in rng.permutation(len(lines))[: args.pairs]:
        line, strength = lines[index], round(float(rng.uniform(LOWEST, HIGHEST)), 3)
        base = os.path.join(args.data, line["name"])
        if os.path.exists(base + ".stage.npy"):
            continue
        np.save(base + ".stage.npy", target(np.load(base + ".truth.npy"), line["recipe"], strength))
        with open(os.path.join(args.data, "stages.jsonl"), "a", encoding="utf-8") as file:
            file.write(json.dumps({"name": line["name"], "strength": strength}) + "\n")


if __name__ == "__main__":
    main()
