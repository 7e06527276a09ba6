"""Pairs of (truth, what a base of ours makes of it): a region of a clean clip, or a photo that moves, through our own encoders, and windows cut from it, with the quantiser in their line of pairs.jsonl.

    python -m keepsake.pairs --packs PACK ... --out DIR --rounds 0 2       # inside models/

Four rates of AV1 for every clip and round, and one each of H.265 and H.264; CRFs are drawn within bands, so that all quantisers occur. It can run beside training."""

import argparse
import os

import numpy as np
import torch
from degradation.encoders import read_rgb
from motion.clips import photo_paths, video_paths
from prepare import photo_clip, region_of, store, weights_of

from .encode import encode

# bands of CRF, from about 0.15 to 0.01 bit per pixel, and the presets of which one is drawn
AV1, AV1_PRESETS = ((30, 38), (39, 46), (47, 54), (55, 63)), (6, 8, 8, 8)
OTHERS = {"hevc": ((24, 38), "superfast"), "h264": ((22, 37), "veryfast")}
REGION, FRAMES = (448, 320), 20
WINDOW, WINDOW_FRAMES, WINDOWS = 192, 16, 2


def draws(rng):
    """-> what one clip is encoded with: (codec, CRF, preset)"""
    jobs = [("av1", int(rng.integers(low, high + 1)), int(rng.choice(AV1_PRESETS))) for low, high in AV1]
    return jobs + [(codec, int(rng.integers(low, high + 1)), preset) for codec, ((low, high), preset) in OTHERS.items()]


def windows(truth, base, rng):
    """-> some windows of both, in space and time"""
    T, H, W, _ = truth.shape
    for _ in range(WINDOWS):
        t, y, x = (
            int(rng.integers((n - part) // 2 + 1)) * 2 for n, part in ((T, WINDOW_FRAMES), (H, WINDOW), (W, WINDOW))
        )
        cut = np.s_[t : t + WINDOW_FRAMES, y : y + WINDOW, x : x + WINDOW]
        yield truth[cut], base[cut]


def prepare(path, kind, number, weight, out):
    """One clip or photo in one round"""
    stem = os.path.splitext(os.path.basename(path))[0]
    rng = np.random.default_rng([number, *stem.encode()])
    truth = photo_clip(path, FRAMES, REGION, rng) if kind == "photo" else region_of(read_rgb(path), rng, REGION, FRAMES)
    if len(truth) < WINDOW_FRAMES or min(truth.shape[1:3]) < WINDOW:
        return
    for codec, crf, preset in draws(rng):
        name = f"{number:02d}-{stem}-{codec}"
        encoded = encode(truth, codec, crf, preset)
        r = {"scale": 1, "family": "keepsake", "codec": codec, "crf": crf, "preset": preset}
        told = {"kind": kind, "weight": weight, "recipe": r, "quantiser": round(encoded.quantiser, 4)}
        told["bits_per_pixel"] = round(encoded.bits_per_pixel, 5)
        for i, (clean, base) in enumerate(windows(truth, encoded.frames, rng)):
            store(out, f"{name}{crf}-{i}", clean, base, told)
        print(name, crf, told["quantiser"], told["bits_per_pixel"], flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packs", nargs="+", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--rounds", nargs=2, type=int, default=(0, 1))
    args = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(args.out, exist_ok=True)
    weights = weights_of(args.packs)
    for number in range(*args.rounds):
        jobs = [(path, "video") for path in video_paths(args.packs)]
        jobs += [(path, "photo") for path in photo_paths(args.packs)]
        np.random.default_rng(number).shuffle(jobs)
        for path, kind in jobs:
            done = os.path.join(args.out, f"{number:02d}-{os.path.splitext(os.path.basename(path))[0]}.done")
            if not os.path.exists(done):
                prepare(path, kind, number, weights.get(path, 1.0), args.out)
                open(done, "w", encoding="utf-8").close()


if __name__ == "__main__":
    main()
