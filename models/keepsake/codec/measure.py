"""Bits per pixel, PSNR and perceptual distance of stills that no training saw: the residual codec at shares of its residual against JPEG, WebP and AVIF of equal size, and against the direct
way if its checkpoint is given.

    npm run evaluate -- photo-codec FOOTAGE --features SQUEEZENET.safetensors --model DIR [--direct CHECKPOINT] [--qualities 0 21 42 63] [--pictures 10] [--look FOLDER] [--json OUT]

Photos are halved, so that pixels are sharper than the camera's own JPEG, and cut to their middle; of clips it is the middle frame. Sizes are those of SideCoder's bytes, without the file around them, and of
the others' whole files. What JPEG, WebP and AVIF have at our size is read between their own points, over the logarithm of bits per pixel; beyond them it is not said."""

import argparse
import glob
import io
import json
import os

import numpy as np
import PIL
import torch
from held_out import HELD_OUT_PHOTOS
from motion.clips import frames_of, held_out_paths
from PIL import Image, features

from ..distance import Features
from .entropy import estimated_bytes
from .export import residual_of
from .files import read_folder
from .network import denoised, padded
from .noise import noise

SIZE = (384, 256)
ALPHAS = (0.0, 0.25, 0.5, 0.75, 1.0)
SEED = 1
OTHERS = {
    "JPEG": (("JPEG", {"optimize": True}), (4, 8, 14, 24, 40, 60, 80, 92)),
    "WebP": (("WEBP", {"method": 4}), (1, 10, 25, 45, 65, 85, 95)),
    "AVIF": (("AVIF", {"speed": 6}), (10, 22, 34, 48, 62, 76, 90)),
}


def middle(picture):
    """The middle of a picture, uint8 [h, w, 3], at most SIZE"""
    h, w = picture.shape[:2]
    width, height = (min(n, m) for n, m in zip((w, h), SIZE))
    y, x = (h - height) // 2, (w - width) // 2
    return np.ascontiguousarray(picture[y : y + height, x : x + width])


def pictures(footage, count):
    """(name, uint8 [h, w, 3]) of the held-out photos and clips, in turn"""
    photos = [glob.glob(os.path.join(footage, "train", "*", "photo", stem + "*.jpg")) for stem in HELD_OUT_PHOTOS]
    clips = held_out_paths(footage)
    named = lambda path: os.path.splitext(os.path.basename(path))[0]
    for i in range(max(len(photos), len(clips))):
        if i < len(photos) and photos[i] and count > 0:
            with Image.open(photos[i][0]) as picture:
                yield named(photos[i][0]), middle(np.asarray(picture.convert("RGB").reduce(2)))
            count -= 1
        if i % 2 and i // 2 < len(clips) and count > 0:
            frames = frames_of(clips[i // 2], 33)
            yield named(clips[i // 2]), middle(frames[len(frames) // 2])
            count -= 1


class Judge:
    def __init__(self, picture, net):
        self.picture, self.net = picture.astype(np.float64), net
        with torch.no_grad():
            self.layers = net.layers(picture)

    def __call__(self, shown, size):
        error = max(((shown - self.picture) ** 2).mean(), 1e-3)
        bits = 8 * size / self.picture[..., 0].size
        distance = self.net.distance(self.layers, shown)
        return {"bpp": bits, "psnr": 10 * float(np.log10(255**2 / error)), "distance": distance}


def other(picture, how, quality):
    """-> the picture after another codec, bytes"""
    kind, settings = how
    file = io.BytesIO()
    Image.fromarray(picture).save(file, kind, quality=quality, **settings)
    size = file.tell()
    file.seek(0)
    with Image.open(file) as shown:
        return np.asarray(shown.convert("RGB")), size


def frame(x, picture):
    """[1, 3, H, W] -> uint8 like the picture"""
    h, w = picture.shape[:2]
    return ((x[0, :, :h, :w].clamp(-1, 1) + 1) * 127.5 + 0.5).floor().permute(1, 2, 0).to(torch.uint8).numpy()


@torch.no_grad()
def ours(model, direct, picture, quality):
    """-> {name: picture}, bytes; a name is a share of the residual, or "direct" """
    x = padded(torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1)
    q = torch.tensor([quality])
    zs, ys = model.codec.encoded(x, q)
    size = estimated_bytes(model.z_tables, model.layers, zs[0], ys[0])
    c4, faithful = model.codec.decoded(zs, ys, q)
    drawn = noise(SEED, *x.shape[2:])[None]
    *_, said = denoised(model.denoiser, drawn, faithful, c4)
    residual = model.codec.residual_std(q) * said
    shown = {str(alpha): frame(faithful + alpha * residual, picture) for alpha in ALPHAS}
    if direct:
        *_, said = denoised(direct, drawn, torch.zeros_like(faithful), c4)
        shown["direct"] = frame(said, picture)
    return shown, size


def between(points, bits, what):
    """What a codec has at so many bits, or None beyond its points"""
    places = [p["bpp"] for p in points]
    if not places[0] <= bits <= places[-1]:
        return None
    return float(np.interp(np.log(bits), np.log(places), [p[what] for p in points]))


def measured(name, picture, model, direct, net, args):
    judge, row = Judge(picture, net), {"name": name, "ours": {}, "others": {}}
    for codec, (how, qualities) in OTHERS.items():
        row["others"][codec] = [judge(*other(picture, how, quality)) for quality in qualities]
    for quality in args.qualities:
        shown, size = ours(model, direct, picture, quality)
        row["ours"][quality] = {share: judge(each, size) for share, each in shown.items()}
        if args.look:
            look(args.look, name, quality, picture, shown, size, row)
    return row


def look(folder, name, quality, picture, shown, size, row):
    """Filmed, faithful, half and whole residual, and JPEG of the nearest size not below ours, side by side at 100 %"""
    os.makedirs(folder, exist_ok=True)
    how, qualities = OTHERS["JPEG"]
    sizes = [p["bpp"] * picture[..., 0].size / 8 for p in row["others"]["JPEG"]]
    near = next((q for q, n in zip(qualities, sizes) if n >= size), qualities[-1])
    jpeg, _ = other(picture, how, near)
    strip = np.concatenate([picture, shown["0.0"], shown["0.5"], shown["1.0"], jpeg], 1)
    Image.fromarray(strip).save(os.path.join(folder, f"{name}-{quality}.png"))


def mean(values):
    values = [v for v in values if v is not None]
    return (float(np.mean(values)) if values else float("nan")), len(values)


def summary(rows, qualities):
    """-> lines: for every quality what each share has, and what the others have at the same sizes"""
    lines = []
    for quality in qualities:
        mine = [row["ours"][quality] for row in rows]
        bits = mean([each["0.0"]["bpp"] for each in mine])[0]
        lines.append(f"quality {quality}: {bits:.3f} bpp")
        for share in mine[0]:
            psnr, distance = (mean([each[share][what] for each in mine])[0] for what in ("psnr", "distance"))
            lines.append(f"  {share:>10}: PSNR {psnr:.2f} dB, distance {distance:.3f}")
        for codec in OTHERS:
            told = []
            for what, share in (("psnr", "0.0"), ("distance", "0.0"), ("distance", "1.0")):
                at = [between(row["others"][codec], row["ours"][quality]["0.0"]["bpp"], what) for row in rows]
                over = [None if b is None else row["ours"][quality][share][what] - b for row, b in zip(rows, at)]
                told.append((mean(at)[0], *mean(over)))
            (p, dp, n), (d, dd, _), (_, d1, _) = told
            lines.append(
                f"  {codec:>10}: PSNR {p:.2f} dB, distance {d:.3f}, of {n}; ours over it {dp:+.2f} dB, {dd:+.3f} faithful, {d1:+.3f} at alpha 1"
            )
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("footage")
    add("--features", required=True)
    add("--model", required=True)
    add("--direct")
    add("--qualities", type=int, nargs="+", default=[0, 16, 32, 48, 63])
    add("--pictures", type=int, default=18)
    add("--look")
    add("--json")
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, net = read_folder(args.model), Features(args.features)
    direct = residual_of(args.direct, model.codec.config)[0] if args.direct else None
    versions = [f"{kind} {features.version(kind.lower())}" for kind in ("WebP", "AVIF")]
    print(
        f"Pillow {PIL.__version__}, JPEG {features.version('jpg')}, {', '.join(versions)}; RGB PSNR; SqueezeNet features"
    )
    rows = []
    for name, picture in pictures(args.footage, args.pictures):
        rows.append(measured(name, picture, model, direct, net, args))
        told = {q: round(row["0.0"]["bpp"], 3) for q, row in rows[-1]["ours"].items()}
        print(f"{name}: bits per pixel {told}", flush=True)
    print("\n".join(summary(rows, args.qualities)))
    if args.json:
        with open(args.json, "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
