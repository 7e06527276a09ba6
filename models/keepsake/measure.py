"""Bits at equal perceptual distance: a base alone against the same base with the residual, at the same CRFs, on clips that no training saw, through the native engine.

    npm run evaluate -- keepsake FOOTAGE --features SQUEEZENET.safetensors [--codec av1] [--preset 8] [--crfs 35 45 54 62] [--model DIR] [--engine PROGRAM] [--json OUT]

Per clip the distance of both is interpolated over the logarithm of bits per pixel; the saving is the mean distance of the curves along bits, over the distances that both reach. Beside it what
the share of the residual (alpha) costs in PSNR-Y and gains in distance, and E_warp where nothing moves. The model costs no bits; the base without it is alpha 0."""

import argparse
import json
import os
import tempfile

import numpy as np
import torch
from degradation.encoders import read_rgb
from degradation.encoders import run as ffmpeg
from evaluate import ROOT, Engine, from_rgb
from metrics import motion, psnr, warp_error
from motion.clips import HELD_OUT

from .distance import Features
from .encode import encoder_version, packet_bytes, quantiser_of, write_base

SIZE, FRAMES = (448, 320), 16
EVERY = 5  # of the frames, for the distance
ALPHAS = (0.25, 0.5, 0.75, 1.0)
GRID = 64  # distances at which two curves are compared
SLACK = 0.2  # dB over 10 log10(1 + alpha^2)


def held_out(footage):
    """Paths of the clips that are there"""
    places = [os.path.join(footage, folder) for folder in ("", "train/pack-1/video", "train/pack-4/video")]
    found = [os.path.join(place, name) for name in HELD_OUT for place in places]
    return [path for path in found if os.path.exists(path)]


def middle(path):
    """The middle of a clip, uint8 [T, H, W, 3]"""
    clip = read_rgb(path)
    T, H, W, _ = clip.shape
    w, h, frames = min(SIZE[0], W) // 64 * 64, min(SIZE[1], H) // 64 * 64, min(FRAMES, T)
    t, y, x = (T - frames) // 2, (H - h) // 2 // 2 * 2, (W - w) // 2 // 2 * 2
    return from_rgb(clip[t : t + frames, y : y + h, x : x + w])


class Base:
    """A clip after the encoder: bits per pixel, quantiser, and what the engine makes of it at a share of the residual."""

    def __init__(self, truth, codec, crf, preset):
        size = (truth.width, truth.height)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "base.mp4")
            write_base(truth.data, "yuv420p", size, codec, crf, preset, path)
            self.bits = 8 * packet_bytes(path) / (truth.frames * size[0] * size[1])
            self.quantiser = quantiser_of(path, codec)
            self.pixels = "yuv420p10le" if codec == "av1" else "yuv420p"
            self.data = ffmpeg(["-i", path, "-f", "rawvideo", "-pix_fmt", self.pixels, "-"])

    def restored(self, engine, size, alpha):
        """-> Clip, 8 bit as the truth"""
        engine.more = ["--quantiser", str(self.quantiser)]
        engine.more += ["--format", "420p10", "--out-format", "420"] if self.pixels != "yuv420p" else []
        return engine(Packed(self.data, *size), 1, strength=alpha)[0]


class Packed:
    """Frames of a base as the engine takes them"""

    def __init__(self, data, width, height, frames):
        self.data, self.width, self.height, self.frames = data, width, height, frames


def still(found):
    """Of metrics.motion: only the blocks that match where they were"""
    return [(moves, good & (np.abs(moves).sum(-1) == 0)) for moves, good in found]


class Judge:
    """What one clip is compared with, looked at once"""

    def __init__(self, truth, features):
        self.features, self.luma = features, truth.luma()
        self.seen = range(2, truth.frames, EVERY)
        with torch.no_grad():
            self.layers = [features.layers(truth.rgb(t)) for t in self.seen]
        self.still = still(motion(self.luma))
        self.warp = warp_error(self.luma, self.still)

    def __call__(self, clip):
        distance = np.mean([self.features.distance(at, clip.rgb(t)) for at, t in zip(self.layers, self.seen)])
        warp = warp_error(clip.luma(), self.still)
        return {"distance": float(distance), "psnr": psnr(clip.luma(), self.luma), "warp": warp}


def saving(bits, alone, ours):
    """Bits per pixel and two lists of distances at them -> share of bits saved at equal distance, or None where no distance is reached by both"""
    low, high = max(min(alone), min(ours)), min(max(alone), max(ours))
    if low >= high:
        return None
    grid, logs = np.linspace(low, high, GRID), np.log(bits)
    at = lambda distances: np.interp(grid, *(np.array(v)[np.argsort(distances)] for v in (distances, logs)))
    return float(1 - np.exp(np.mean(at(ours) - at(alone))))


def measure(path, judge, truth, engine, args):
    rows = []
    for crf in args.crfs:
        base = Base(truth, args.codec, crf, args.preset)
        size = (truth.width, truth.height, truth.frames)
        row = {"crf": crf, "bits": base.bits, "quantiser": base.quantiser}
        row["alphas"] = {str(a): judge(base.restored(engine, size, a)) for a in (0.0, *ALPHAS)}
        rows.append(row)
        told = "  ".join(f"{a}: {v['distance']:.4f} {v['psnr']:.2f} dB" for a, v in row["alphas"].items())
        print(f"{os.path.basename(path):38s} CRF {crf} {base.bits:.4f} bpp q {base.quantiser:.3f}  {told}", flush=True)
    alone, ours = ([row["alphas"][a]["distance"] for row in rows] for a in ("0.0", "1.0"))
    return {
        "clip": os.path.basename(path),
        "rows": rows,
        "warp": judge.warp,
        "saving": saving([row["bits"] for row in rows], alone, ours),
    }


def summary(results):
    """-> lines: saving, the slider, steadiness"""
    savings = [r["saving"] for r in results if r["saving"] is not None]
    lines = [f"bits at equal distance: {100 * np.mean(savings):+.1f} % saved, mean of {len(savings)} clips (bar 25)"]
    rows = [row for r in results for row in r["rows"]]
    mean = lambda a, what: np.mean([row["alphas"][a][what] for row in rows])
    for alpha in ("0.0", *map(str, ALPHAS)):
        loss, allowed = mean("0.0", "psnr") - mean(alpha, "psnr"), 10 * np.log10(1 + float(alpha) ** 2) + SLACK
        lines.append(
            f"alpha {alpha}: distance {mean(alpha, 'distance'):.4f}, PSNR-Y {mean(alpha, 'psnr'):.2f} dB, loss {loss:+.2f} (at most {allowed:.2f})"
        )
    warp = [np.mean([row["alphas"][a]["warp"] for row in rows]) for a in ("0.0", "1.0")]
    source = np.mean([r["warp"] for r in results])
    lines.append(
        f"E_warp where nothing moves: film {source:.3f}, base {warp[0]:.3f}, restored {warp[1]:.3f} (bar 1.1 x film: {1.1 * source:.3f})"
    )
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("footage")
    parser.add_argument("--features", required=True)
    parser.add_argument("--codec", choices=("av1", "hevc", "h264"), default="av1")
    parser.add_argument("--preset", default="8")
    parser.add_argument("--crfs", type=int, nargs="+", default=[35, 45, 54, 62])
    parser.add_argument("--clips", type=int, help="the first so many")
    parser.add_argument("--engine", default=os.path.join(ROOT, "native", "build", "heirloom-run"))
    parser.add_argument("--model", default=os.path.join(ROOT, "resources", "models", "heirloom-keepsake"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--json")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    features, engine = Features(args.features), Engine(args.engine, args.model, args.threads)
    print(
        f"{encoder_version(args.codec)}, preset {args.preset}; perceptual distance (SqueezeNet features), PSNR-Y",
        flush=True,
    )
    results = []
    for path in held_out(args.footage)[: args.clips]:
        truth = middle(path)
        results.append(measure(path, Judge(truth, features), truth, engine, args))
        print(f"{results[-1]['clip']}: saving {results[-1]['saving']}", flush=True)
    print("\n".join(summary(results)))
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
