"""Measures what a model that draws texture draws, through the native engine, beside the model it was made from: how much fine structure, how close, how steady;
and writes docs/TEXTURE.md and its sheet.

    python models/evaluate_texture.py --validation DIR --footage DIR --out docs/TEXTURE.md --picture docs/texture.jpg

Folders and clips as models/evaluate.py has them. None of the measures is what training looks at."""

import argparse
import json
import os

import numpy as np
from evaluate import ROOT, Engine, draw_picture, resized, truth_cases, validation_cases
from metrics import fine, gmsd, motion, psnr, ssim, warp_error

GROUPS = {
    "x2 ladder": "x2, chosen damages",
    "x2 drawn": "x2, drawn damages",
    "x2 truth clips": "x2, test clips with truth",
    "x1 ladder": "x1, chosen damages (Lanczos: the input)",
}
# clip and place (x, y of the output) on the sheet
CROPS = (
    ("x2-dog-football-lawn-codec-h264", 200, 60),
    ("x2-dog-run-codec-mjpeg", 110, 60),
    ("x2-bedroom-children-codec-h264", 140, 60),
    ("x2-woman-talking-portrait-codec-h263", 120, 10),
    ("x2-park-trees-codec-none", 200, 30),
    ("x2 DVD, interlaced (ducks)", 380, 200),
    ("x2 VHS-like (flower)", 200, 120),
    ("x1-dog-football-lawn-dv-intrai", 200, 60),
)
CROP_W, CROP_H, FRAME = 256, 180, 8
SLICE = 24  # frames of one row of pixels under each crop: boiling would be broken lines
HARM_BAR = 40  # dB to the input, at Gentle on clean x1


def score(clip, target, found):
    luma = clip.luma()
    return {
        "psnr": psnr(luma, target),
        "ssim": ssim(luma, target),
        "gmsd": gmsd(luma, target),
        "warp": warp_error(luma, found),
        "fine": fine(luma) / fine(target),
    }


def crops(columns, x, y):
    """-> each column's crop, and below it one row of its pixels, frame after frame"""
    parts = []
    for clip in columns:
        x, y = min(x, clip.width - CROP_W), min(y, clip.height - CROP_H)
        frames = [clip.rgb(i)[y : y + CROP_H, x : x + CROP_W] for i in range(min(SLICE, clip.frames))]
        parts.append(
            np.concatenate([frames[min(FRAME, len(frames) - 1)], np.stack([frame[CROP_H // 2] for frame in frames])])
        )
    return parts


def table(results, names):
    head = [
        "clips",
        *(f"{what} {name}" for what in ("fine,", "PSNR-Y", "SSIM", "GMSD", "E_warp") for name in names),
        "E_warp of the truth",
    ]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    digits = {"fine": 2, "psnr": 2, "ssim": 3, "gmsd": 3, "warp": 2}
    for name, rows in results:
        cells = [f"{np.mean([row[who][what] for row in rows]):.{n}f}" for what, n in digits.items() for who in names]
        lines.append("| " + " | ".join([name, *cells, f"{np.mean([row['truth'] for row in rows]):.2f}"]) + " |")
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    models = os.path.join(ROOT, "resources", "models")
    parser.add_argument(
        "--engine", default=os.path.join(ROOT, "native", "build", "heirloom-run"), help="the heirloom-run program"
    )
    parser.add_argument("--model", default=os.path.join(models, "heirloom-m-texture"))
    parser.add_argument("--beside", default=os.path.join(models, "heirloom-m"))
    parser.add_argument("--validation", required=True)
    parser.add_argument("--footage", required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", required=True)
    parser.add_argument("--picture", required=True)
    args = parser.parse_args()
    engines = {os.path.basename(path): Engine(args.engine, path, args.threads) for path in (args.beside, args.model)}
    names, drawing = ["Lanczos", *engines], engines[os.path.basename(args.model)]
    with open(os.path.join(args.model, "model.json"), encoding="utf-8") as file:
        looks = json.load(file)["looks"]
    results, pictures, harm = {}, {}, []
    for name, scale, group, damaged, truth in [*validation_cases(args.validation), *truth_cases(args.footage)]:
        if group == "x1 clean":
            harm.append(
                [
                    psnr(drawing(damaged, 1, **look)[0].luma(), damaged.luma())
                    for look in (looks["gentle"], looks["strong"])
                ]
            )
        if group not in GROUPS:
            continue
        clips = {
            "Lanczos": resized(damaged, scale, "lanczos"),
            **{who: engine(damaged, scale)[0] for who, engine in engines.items()},
        }
        target = truth.luma()
        found = motion(target)
        row = {who: score(clip, target, found) for who, clip in clips.items()} | {"truth": warp_error(target, found)}
        results.setdefault(group, []).append((name, row))
        print(
            f"{name:46s} "
            + "  ".join(
                f"{who} fine {row[who]['fine']:.2f} PSNR-Y {row[who]['psnr']:.2f} SSIM {row[who]['ssim']:.4f} E_warp {row[who]['warp']:.2f}"
                for who in names
            )
            + f"  truth {row['truth']:.2f}",
            flush=True,
        )
        pictures |= {wanted: crops([*clips.values(), truth], x, y) for wanted, x, y in CROPS if wanted == name}
    draw_picture([(name, pictures[name]) for name, _, _ in CROPS if name in pictures], args.picture, list(engines))
    gentle, full = np.min(harm, 0)
    command = f"python models/evaluate_texture.py --validation VALIDATION --footage FOOTAGE/test --out docs/{os.path.basename(args.out)} --picture docs/{os.path.basename(args.picture)}"
    lines = [
        f"# What {names[2]} draws",
        "",
        "Written by `models/evaluate_texture.py` from the frames of the native engine at full strength. Do not edit by hand. Clips and measures are those of [QUALITY-m.md](QUALITY-m.md).",
        "",
        "```",
        command,
        "```",
        "",
        "fine: root mean square of the finest structure (what a Gaussian of one pixel takes away), as a share of the truth's: 1 is as much as was there, less is wax, more is noise.",
        "E_warp: how much changes along the truth's motion; what boils stands well above the truth's own. PSNR-Y and SSIM ask whether the structure is that of the truth, so a model that draws loses some there.",
        f"No harm: clean, sharp clips at x1 keep {gentle:.1f} dB at least against themselves at Gentle (bar {HARM_BAR}: {'met' if gentle >= HARM_BAR else '**not met**'}), {full:.1f} dB at full strength.",
        "",
        f"![Lanczos, {names[1]}, {names[2]}, truth at 100 %; below each crop one row of its pixels through time]({os.path.basename(args.picture)})",
        "",
        "## Means",
        "",
        *table(
            [
                (f"{title} ({len(results[group])})", [row for _, row in results[group]])
                for group, title in GROUPS.items()
                if group in results
            ],
            names,
        ),
        "",
        "## Clip by clip",
        "",
        *table([(name, [row]) for group in GROUPS for name, row in results.get(group, [])], names),
        "",
    ]
    with open(args.out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main()
