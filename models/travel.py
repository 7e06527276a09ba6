"""Packs what training pairs are made from, small enough to travel to a machine without the footage: the first frames of every training clip as they are coded
(nothing is coded again), photos as WebP, and the ffmpeg that damages them there. Held-out stems stay behind.

    python models/travel.py --packs PACK ... --ffmpeg STATIC_FFMPEG --out .cache/m

The folder holds sources.json, the files it names and ffmpeg.xz; models/fresh_pool.py makes pairs of it."""

import argparse
import glob
import json
import lzma
import os

from degradation.encoders import run, size_of
from held_out import is_held_out
from PIL import Image
from prepare import weights_of

FRAMES = 16  # of a clip that are used
SPARE = 4  # coded frames more: the last ones of a cut stream may lack the frames between them
PHOTO_WEIGHT = 0.55  # as in pool.py


def cut(path, out):
    run(["-i", path, "-c", "copy", "-frames:v", str(FRAMES + SPARE), out])


def photo(path, out, side, quality):
    picture = Image.open(path).convert("RGB")
    share = min(1, side / max(picture.size))
    picture.resize([round(n * share) for n in picture.size], Image.LANCZOS).save(out, "WEBP", quality=quality, method=5)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packs", nargs="+", required=True)
    parser.add_argument("--ffmpeg", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--photo-side", type=int, default=960)
    parser.add_argument("--photo-quality", type=int, default=80)
    parser.add_argument(
        "--third-moment", type=int, default=280_000, help="bytes that the third moment of one shot may cost"
    )
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    weights, sources = weights_of(args.packs), []
    for path in sorted(
        v for p in args.packs for v in glob.glob(os.path.join(p, "video", "*.mp4")) if not is_held_out(v)
    ):
        name = os.path.basename(path)
        cut(path, os.path.join(args.out, name))
        if name.endswith("-c.mp4") and os.path.getsize(os.path.join(args.out, name)) > args.third_moment:
            os.remove(os.path.join(args.out, name))
            continue
        sources.append({"file": name, "kind": "video", "size": size_of(path), "weight": weights.get(path, 1.0)})
    for path in sorted(v for p in args.packs for v in glob.glob(os.path.join(p, "photo", "*.jpg"))):
        name = os.path.splitext(os.path.basename(path))[0] + ".webp"
        photo(path, os.path.join(args.out, name), args.photo_side, args.photo_quality)
        sources.append({"file": name, "kind": "photo", "weight": PHOTO_WEIGHT * weights.get(path, 1.0)})
    with open(args.ffmpeg, "rb") as program, lzma.open(os.path.join(args.out, "ffmpeg.xz"), "wb") as file:
        file.write(program.read())
    with open(os.path.join(args.out, "sources.json"), "w", encoding="utf-8") as file:
        json.dump(sources, file, indent=0)
    size = sum(os.path.getsize(os.path.join(args.out, name)) for name in os.listdir(args.out))
    print(f"{args.out}: {len(sources)} sources, {size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
