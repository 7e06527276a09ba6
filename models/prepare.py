"""Makes training pairs (truth, damaged input) ahead of time: uint8 arrays in a folder and one line per pair in pairs.jsonl.

    python models/prepare.py --packs PACK ... --out DIR --rounds 0 2      # two draws of every clip and photo
    python models/prepare.py --packs PACK ... --out DIR --families        # the same under every family of docs/LADDER.md
    python models/prepare.py --packs PACK ... --out DIR --scale 4 --clean .5    # one scale alone, so large a share of it without damage
    python models/prepare.py --packs PACK ... --out DIR --scale 2 --kept        # what is kept small of what was captured at full size, and films with grain
    python models/prepare.py --packs PACK ... --out DIR --validation      # the held-out stems, fixed and drawn damages

Every draw has its own region, moment and recipe. It can run beside training: a pair appears in pairs.jsonl only when it is complete."""

import argparse
import glob
import json
import os

import numpy as np
import torch
from degradation import damage, families, operations, recipe
from degradation.encoders import read_rgb
from held_out import VALIDATION, is_held_out
from model.condition import resize
from model.motion import clip_vectors
from PIL import Image
from pool import as_tensor

REGION, FRAMES, PHOTO_FRAMES = (512, 384), 24, 12
SCALES = {2: 0.62, 4: 0.15, 1: 0.23}


def photo_clip(path, frames, size, rng):
    """A one-picture video: a window that drifts, shakes and zooms over a photo -> uint8 [T, h, w, 3]"""
    picture = Image.open(path).convert("RGB")
    W, H = picture.size
    zoom = max(1.0, min(W / size[0], H / size[1], rng.uniform(1.0, 2.2)))
    w, h = min(size[0] * zoom, W), min(size[1] * zoom, H)
    at = np.array([rng.uniform(0, W - w), rng.uniform(0, H - h)])
    speed = rng.normal(0, 2.2, 2) * zoom * float(rng.random() < 0.8)
    growth = 0.002 * rng.choice([-1, 0, 0, 1])
    out = []
    for t in range(frames):
        at = at + speed + rng.normal(0, 0.4, 2) * zoom
        g = 1 + growth * t
        x, y = (float(np.clip(a, 0, max(whole - part * g, 0))) for a, whole, part in zip(at, (W, H), (w, h)))
        out.append(np.asarray(picture.resize(size, Image.BICUBIC, box=(x, y, min(x + w * g, W), min(y + h * g, H)))))
    return np.stack(out)


def region_of(clip, rng, region=REGION, frames=FRAMES):
    """A random part of a clip, whole frames in a row"""
    T, H, W, _ = clip.shape
    frames = min(frames, T) // 2 * 2
    w, h = min(region[0], W) // 8 * 8, min(region[1], H) // 8 * 8
    t, y, x = (int(rng.integers(n + 1)) for n in (T - frames, H - h, W - w))
    return clip[t : t + frames, y : y + h, x : x + w]


def weights_of(packs):
    """sharpness.tsv -> {path: weight}: soft clips are shown less often"""
    weights = {}
    for pack in packs:
        table = os.path.join(pack, "sharpness.tsv")
        if os.path.exists(table):
            with open(table, encoding="utf-8") as file:
                for line in file.read().splitlines()[1:]:
                    name, _, _, top20, _ = line.split("\t")
                    weights[os.path.join(pack, name)] = float(np.clip(1 + (float(top20) + 2) * 0.7 / 3, 0.3, 1))
    return weights


def motion_of(damaged, scale):
    """int8 [T, H / 8, W / 8, 2]: what the model will find in the resized input, found once"""
    return clip_vectors(resize(as_tensor(damaged), scale)).to(torch.int8).numpy()


def store(folder, name, truth, damaged, line):
    for kind, array in (("truth", truth), ("input", damaged), ("motion", motion_of(damaged, line["recipe"]["scale"]))):
        np.save(os.path.join(folder, f"{name}.{kind}.npy"), np.ascontiguousarray(array))
    with open(os.path.join(folder, "pairs.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps({"name": name, **line}) + "\n")


def of_families(truth, scale, rng):
    """A damage of families.py, a quarter clean or light -> truth, recipe for pairs.jsonl, damaged. The truth is faded already, where the damage fades; the
    whole recipe stands beside."""
    r = (
        recipe.draw(rng, scale, str(rng.choice(["clean", "light"])))
        if rng.random() < 0.25
        else families.draw(rng, scale)
    )
    return damage.target(truth, r), {**r, "tone": None, "drawn": r}, damage.apply(truth, r)


def grainy(truth, rng):
    """uint8 [T, h, w, 3] -> the same with a film's grain, which belongs to the picture and is to stay"""
    x = torch.from_numpy(np.array(truth)).permute(0, 3, 1, 2).float()
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    return damage.as_frames(
        operations.sensor_noise(x, rng.uniform(0.3, 2.0), rng.uniform(0, 3.0), rng.uniform(0.4, 1.5), generator)
    )


def of_kept(truth, scale, rng):
    """A small copy of what a camera or a tape gave at full size, damaged there, in fields most often; or a clip with grain and little damage -> truth, recipe, damaged"""
    if rng.random() < 0.35:
        truth, r = grainy(truth, rng), recipe.draw(rng, scale, str(rng.choice(["clean", "light"])))
        r["noise"] = None
    else:
        family = str(rng.choice(["dv", "fields", "noise", "mpeg2"], p=[0.5, 0.3, 0.1, 0.1]))
        r = {
            **recipe.draw(rng, scale, "clean"),
            "first": families.draw(rng, 1, family, level=0.55 * float(rng.random())),
        }
        r.update(codec=recipe.choose(rng, {"none": 0.6, "h264": 0.25, "mjpeg": 0.15}), q=float(rng.uniform(0, 0.4)))
    return damage.target(truth, r), {**r, "tone": None}, damage.apply(truth, r)


def training(packs, out, rounds, make=None, only_scale=None, clean=0.0):
    videos = sorted(v for p in packs for v in glob.glob(os.path.join(p, "video", "*.mp4")) if not is_held_out(v))
    photos = sorted(v for p in packs for v in glob.glob(os.path.join(p, "photo", "*.jpg")))
    weights = weights_of(packs)
    for number in range(*rounds):
        jobs = [(v, "video") for v in videos] + [(p, "photo") for p in photos]
        np.random.default_rng(number).shuffle(jobs)
        for path, kind in jobs:
            stem = os.path.splitext(os.path.basename(path))[0]
            name = f"{number:02d}-{stem}"
            if os.path.exists(os.path.join(out, name + ".input.npy")):
                continue
            rng = np.random.default_rng([number, *stem.encode()])
            scale = only_scale or int(recipe.choose(rng, SCALES))
            truth = photo_clip(path, PHOTO_FRAMES, REGION, rng) if kind == "photo" else region_of(read_rgb(path), rng)
            if make:
                truth, r, damaged = make(truth, scale, rng)
            else:
                r = recipe.coarsen(rng, recipe.draw(rng, scale, "clean" if clean and rng.random() < clean else None))
                damaged = damage.apply(truth, r)
            store(out, name, truth, damaged, {"kind": kind, "weight": weights.get(path, 1.0), "recipe": r})
            print(name, f"x{scale}", r["family"], r["codec"], flush=True)


def middle(clip, frames=16):
    """The middle of a clip: 640x256 or, upright, 480x384 at most"""
    T, H, W, _ = clip.shape
    w, h = min(640, W) // 16 * 16, min(256 if W >= H else 384, H) // 16 * 16
    y, x = (H - h) // 2, (W - w) // 2
    return clip[8 : 8 + frames, y : y + h, x : x + w]


def clean_small(truth, name, out):
    """The classic protocol: a quarter of the size by a bicubic filter, and no other damage"""
    r = {**recipe.draw(np.random.default_rng(0), 4, "clean"), "kernel": "bicubic"}
    store(out, name, truth, damage.apply(truth, r), {"kind": "video", "weight": 1.0, "recipe": r})
    print(name, truth.shape, flush=True)


def drawn_validation(videos, out, draws=2):
    """Another moment of every held-out stem under damages drawn from the ladder at x2, as training draws them; and clean at x4"""
    for stem in VALIDATION:
        if stem + "-b" not in videos:
            continue
        truth = middle(read_rgb(videos[stem + "-b"]))
        clean_small(truth, f"x4-b-{stem}-clean-none", out)
        for number in range(draws):
            r = recipe.draw(np.random.default_rng([2026, number, *stem.encode()]), 2)
            name = f"x2-draw{number}-{stem}-{r['family']}-{r['codec']}"
            store(
                out, name, truth, damage.apply(truth, r), {"kind": "video", "weight": 1.0, "drawn": True, "recipe": r}
            )
            print(name, truth.shape, flush=True)


def validation(packs, out):
    videos = {
        os.path.splitext(os.path.basename(v))[0]: v for p in packs for v in glob.glob(os.path.join(p, "video", "*.mp4"))
    }
    for stem, damages in VALIDATION.items():
        path = videos.get(stem + "-a")
        if not path:
            continue
        truth = middle(read_rgb(path))
        clean_small(truth, f"x4-{stem}-clean-none", out)
        cases = [(2, *d) for d in damages] + [(4, *damages[0]), (1, *damages[1]), (1, "clean", "none", 0, 0, None)]
        for number, (scale, family, codec, q, blur, noise) in enumerate(cases):
            rng = np.random.default_rng([99, number, *stem.encode()])
            r = recipe.draw(rng, scale, family if scale < 4 or family != "vhs" else "codec")
            r.update(codec=codec, q=q, blur=blur, noise=noise, kernel="area", tone=None)
            name = f"x{scale}-{stem}-{r['family']}-{codec}"
            store(out, name, truth, damage.apply(truth, r), {"kind": "video", "weight": 1.0, "recipe": r})
            print(name, truth.shape, flush=True)
    drawn_validation(videos, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packs", nargs="+", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--rounds", nargs=2, type=int, default=(0, 1))
    parser.add_argument("--families", action="store_true")
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--scale", type=int, choices=(1, 2, 4), help="pairs of this scale only")
    parser.add_argument(
        "--clean", type=float, default=0.0, help="share of the pairs that are undamaged whatever the ladder says"
    )
    parser.add_argument("--validation", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(args.out, exist_ok=True)
    if args.validation:
        validation(args.packs, args.out)
    else:
        training(
            args.packs,
            args.out,
            args.rounds,
            of_families if args.families else of_kept if args.kept else None,
            args.scale,
            args.clean,
        )


if __name__ == "__main__":
    main()
