"""Contact sheets of the damage, one per family, at 100 %: the clean crop and three levels of the damage beside it, for two clips.

    python models/contact_sheets.py --packs PACK-1 PACK-4 --out docs/ladder [--only vhs combing]

Every sheet says at its foot where its clips come from and under which licence."""

import argparse
import csv
import os

import numpy as np
import torch
from degradation import damage, families
from degradation.encoders import read_rgb
from PIL import Image, ImageDraw

LEVELS = (0.15, 0.5, 0.9)
REGION, FRAMES, SHOWN = (512, 384), 12, 7  # the damage is done to this much; frame SHOWN is on the sheet
PANEL, GAP, CAPTION, CAPTION_LETTERS = (248, 184), 4, 15, 44
# clip, and the panel's top left corner inside the region's, which is the clip's middle
CLIPS = {
    "cups-hands-b": (150, 120),
    "table-tennis-a": (160, 100),
    "dog-skateboard-a": (150, 130),
    "london-street-a": (120, 100),
    "man-striped-indoor": (132, 60),
    "oak-leaves-portrait": (100, 100),
    "pouring-coffee-a": (140, 120),
    "magician-hat-a": (150, 60),
}
PAIRS = (
    ("cups-hands-b", "man-striped-indoor"),
    ("table-tennis-a", "london-street-a"),
    ("dog-skateboard-a", "pouring-coffee-a"),
    ("magician-hat-a", "oak-leaves-portrait"),
)
MOVING = PAIRS[1][:1] + PAIRS[2][:1]  # combing wants motion
SEED = 7


def manifest(packs):
    rows = {}
    for pack in packs:
        with open(os.path.join(pack, "manifest.tsv"), encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                rows[os.path.splitext(os.path.basename(row["file"]))[0]] = {
                    **row,
                    "path": os.path.join(pack, row["file"]),
                }
    return rows


def region(path):
    """The middle of a clip -> uint8 [FRAMES, h, w, 3]"""
    clip = read_rgb(path)
    w, h = (min(a, b) // 16 * 16 for a, b in zip(REGION, clip.shape[2:0:-1]))
    y, x = (clip.shape[1] - h) // 2, (clip.shape[2] - w) // 2
    start = (len(clip) - FRAMES) // 2
    return clip[start : start + FRAMES, y : y + h, x : x + w]


def panel(frames, at, number=SHOWN):
    """A crop at 100 %, moved inside the picture where it would stick out"""
    x, y = (max(min(a, whole - part), 0) for a, whole, part in zip(at, frames.shape[2:0:-1], PANEL))
    return Image.fromarray(np.ascontiguousarray(frames[number, y : y + PANEL[1], x : x + PANEL[0]]))


def words(r):
    """What was drawn, as short as it fits under a panel"""
    short = lambda v: f"{v:.2g}" if isinstance(v, float) else str(v)
    said = {k: r[k] for k in ("disc", "blur", "enlarged", "weave", "noise", "tone", "cast") if r.get(k)}
    if r["vhs"]:
        said = {k: r["vhs"][k] for k in ("luma_band", "luma_noise", "chroma_delay", "jitter")}
    if r.get("first"):
        said = {
            "first": "vhs"
            if r["first"]["vhs"]
            else next((k for k in ("weave", "disc", "cast", "blur", "noise") if r["first"].get(k)), r["first"]["codec"])
        }
    text = f"{r['level']:.2f}" + ("" if r["codec"] == "none" else f", {r['codec']} q {r['q']:.2f}")
    for key, value in reversed(said.items()):
        more = f"{text}, {key.replace('_', ' ')} {' '.join(map(short, value)) if isinstance(value, list) else short(value)}"
        text = more if len(more) <= CAPTION_LETTERS else text
    return text


def sheet(family, number, clips, rows):
    names = MOVING if family in ("combing", "fields") else PAIRS[number % len(PAIRS)]
    columns = 1 + len(LEVELS)
    width, height = columns * PANEL[0] + (columns + 1) * GAP, len(names) * (PANEL[1] + GAP + CAPTION) + GAP + CAPTION
    canvas = Image.new("RGB", (width, height), (24, 24, 24))
    pen = ImageDraw.Draw(canvas)
    for row, name in enumerate(names):
        truth, y = clips[name], GAP + row * (PANEL[1] + GAP + CAPTION)
        shown = [("clean: " + name, truth)]
        for level in LEVELS:
            # the same seed: only the level differs
            r = families.draw(np.random.default_rng([SEED, *family.encode(), row]), 1, family, level)
            shown.append((words(r), damage.apply(truth, r)))
        for column, (text, frames) in enumerate(shown):
            x = GAP + column * (PANEL[0] + GAP)
            canvas.paste(panel(frames, CLIPS[name]), (x, y))
            pen.text((x + 2, y + PANEL[1] + 1), text, (215, 215, 215))
    credit = "; ".join(
        f"{name}: {rows[name]['source']}, {rows[name]['author']}, {rows[name]['licence']}" for name in names
    )
    pen.text((GAP + 2, height - CAPTION), credit, (150, 150, 150))
    return canvas


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packs", nargs="+", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--only", nargs="+", choices=list(families.FAMILIES), default=list(families.FAMILIES))
    args = parser.parse_args()
    torch.set_num_threads(1)
    os.makedirs(args.out, exist_ok=True)
    rows = manifest(args.packs)
    clips = {name: region(rows[name]["path"]) for name in CLIPS}
    for number, family in enumerate(families.FAMILIES):
        if family in args.only:
            path = os.path.join(args.out, family + ".jpg")
            sheet(family, number, clips, rows).save(path, quality=86)
            print(path, os.path.getsize(path), flush=True)


if __name__ == "__main__":
    main()
