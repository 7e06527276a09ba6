"""Measures an exported model through the native engine on clips with ground truth, beside plain resizing and denoise + resize, and writes docs/QUALITY.md.

    python models/evaluate.py --validation DIR --footage DIR --out docs/QUALITY.md --picture docs/quality.jpg

Every method gets the same 8-bit YUV 4:2:0 (BT.709, limited range) frames and is compared on the Y plane of the same kind of file. --validation is a
folder made by prepare.py --validation; --footage holds made/ and truth/ of the test set, its decoded clips are prepared here: deinterlaced by bwdif at
field rate, square pixels, and for x2 halved by area averaging so that the truth's size comes back. --pytorch runs the model in PyTorch instead and
writes no document: for steering only."""

import argparse
import json
import os
import subprocess
import time

import numpy as np
from degradation.encoders import run as ffmpeg
from metrics import all_of, flow, flow_error, motion, psnr, warp_error
from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DENOISERS = ("hqdn3d=2", "hqdn3d=4", "hqdn3d=7", "nlmeans=s=2:p=5:r=9", "nlmeans=s=4:p=5:r=9")
TO_709 = "out_color_matrix=bt709:out_range=tv"
# name, file, truth, filter before resizing, size, frames. The DV file says nothing of its matrix and was made without a change of it: its numbers are those
# of its truth, which is BT.709 (mean of 32 px squares: 0.3 steps apart; read as BT.601, as DV should be, 1.9).
TRUTH_CLIPS = (
    (
        "DV, interlaced (butterfly)",
        "made/dv-ntsc-interlaced-bff.dv",
        "truth/butterfly-640x480-59.94p.mp4",
        "setparams=colorspace=bt709,bwdif=mode=send_field:parity=bff:deint=all,",
        (640, 480),
        32,
    ),
    (
        "DVD, interlaced (ducks)",
        "made/dvd-pal-anamorphic-interlaced-2audio.vob",
        "truth/ducks-1024x576-50p.mp4",
        "bwdif=mode=send_field:parity=tff:deint=all,",
        (1024, 576),
        32,
    ),
    ("VHS-like (flower)", "made/vhs-like-capture-flower.mp4", "truth/flower-640x480-29.97p.mp4", "", (640, 480), 32),
)
# clip and place (x, y of the output) shown in the picture
CROPS = (
    ("x2-bedroom-children-codec-mpeg2", 200, 30),
    ("x2-letter-blocks-hands-codec-mpeg4", 230, 40),
    ("x2-woman-talking-portrait-codec-h263", 120, 60),
    ("x2-dog-football-lawn-codec-h264", 200, 40),
    ("x2-park-trees-codec-none", 200, 30),
    ("x2 VHS-like (flower)", 200, 120),
    ("x1 VHS-like (flower)", 200, 120),
    ("x2 DVD, interlaced (ducks)", 380, 200),
    ("x4-letter-blocks-hands-clean-none", 230, 40),
    ("x4-woman-talking-portrait-clean-none", 120, 60),
)
CROP_W, CROP_H = 240, 150


class Clip:
    """Packed 8-bit 4:2:0 frames: bytes, width, height."""

    def __init__(self, data, width, height):
        self.data, self.width, self.height = data, width, height
        self.frames = len(data) // self.frame_bytes
        if len(data) != self.frames * self.frame_bytes:
            raise RuntimeError(f"{len(data)} bytes are no whole number of {width}x{height} frames")

    @property
    def frame_bytes(self):
        return self.width * self.height + 2 * ((self.width + 1) // 2) * ((self.height + 1) // 2)

    def luma(self):
        """uint8 [T, H, W]"""
        frames = np.frombuffer(self.data, np.uint8).reshape(self.frames, self.frame_bytes)
        return frames[:, : self.width * self.height].reshape(self.frames, self.height, self.width)

    def rgb(self, index):
        out = ffmpeg(
            raw(self)
            + [
                "-vf",
                f"select=eq(n\\,{index}),scale=in_color_matrix=bt709:in_range=tv:flags=accurate_rnd+full_chroma_int",
                "-frames:v",
                "1",
                "-f",
                "rawvideo",
                "-pix_fmt",
                "rgb24",
                "-",
            ],
            self.data,
        )
        return np.frombuffer(out, np.uint8).reshape(self.height, self.width, 3)

    def first(self, frames):
        return Clip(self.data[: frames * self.frame_bytes], self.width, self.height)


def raw(clip):
    return ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{clip.width}x{clip.height}", "-r", "25", "-i", "-"]


def filtered(clip, filters, width, height):
    return Clip(
        ffmpeg(raw(clip) + ["-vf", filters, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"], clip.data), width, height
    )


def from_rgb(frames):
    """uint8 [T, h, w, 3] -> Clip"""
    _, h, w, _ = frames.shape
    out = ffmpeg(
        [
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-s",
            f"{w}x{h}",
            "-r",
            "25",
            "-i",
            "-",
            "-vf",
            f"scale={TO_709}:flags=bicubic+accurate_rnd+full_chroma_int",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-",
        ],
        np.ascontiguousarray(frames).tobytes(),
    )
    return Clip(out, w, h)


def from_file(path, filters, size, frames):
    w, h = size
    out = ffmpeg(
        [
            "-i",
            path,
            "-map",
            "0:v:0",
            "-vf",
            filters,
            "-frames:v",
            str(frames),
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "yuv420p",
            "-",
        ]
    )
    return Clip(out, w, h)


def resized(clip, scale, kernel, before=""):
    w, h = clip.width * scale, clip.height * scale
    if scale == 1 and not before:
        return clip
    return filtered(clip, before + f"scale={w}:{h}:flags={kernel}+accurate_rnd", w, h)


class Engine:
    """The native engine as a program: frames in, frames out, wall time of the process."""

    def __init__(self, program, model, threads):
        self.program, self.model, self.threads = program, model, threads
        self.more = []  # arguments

    def __call__(self, clip, scale, strength=1.0, detail=0.0):
        command = [
            self.program,
            self.model,
            "--size",
            f"{clip.width}x{clip.height}",
            "--scale",
            str(scale),
            "--matrix",
            "bt709",
            "--range",
            "limited",
            "--threads",
            str(self.threads),
            "--strength",
            str(strength),
            "--detail",
            str(detail),
            *self.more,
        ]
        start = time.time()
        result = subprocess.run(command, input=clip.data, capture_output=True)
        seconds = time.time() - start
        if result.returncode:
            raise RuntimeError(f"{' '.join(command)} failed: {result.stderr.decode(errors='replace').strip()}")
        out = Clip(result.stdout, clip.width * scale, clip.height * scale)
        if out.frames != clip.frames:
            raise RuntimeError(f"{clip.frames} frames went in and {out.frames} came out")
        return out, seconds


class PyTorch:
    """The same through PyTorch, for steering before the engine is built."""

    def __init__(self, model):
        import torch
        from model.files import read_folder

        self.torch, self.nets = torch, {scale: read_folder(model, scale) for scale in (1, 2, 4)}
        torch.set_num_threads(1)

    def __call__(self, clip, scale):
        from model.condition import resize
        from pool import as_tensor

        frames = np.stack([clip.rgb(i) for i in range(clip.frames)])
        start = time.time()
        with self.torch.no_grad():
            y = self.nets[scale].enhance(resize(as_tensor(frames), scale))
        out = ((y + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
        return from_rgb(out), time.time() - start


def validation_cases(folder):
    """-> (name, scale, group, input Clip, truth Clip)"""
    with open(os.path.join(folder, "pairs.jsonl"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    for line in lines:
        scale, family = line["recipe"]["scale"], line["recipe"]["family"]
        group = (
            f"x{scale} drawn" if line.get("drawn") else f"x{scale} clean" if family == "clean" else f"x{scale} ladder"
        )
        truth, damaged = (np.load(os.path.join(folder, f"{line['name']}.{kind}.npy")) for kind in ("truth", "input"))
        yield line["name"], scale, group, from_rgb(damaged), from_rgb(truth)


def truth_cases(folder):
    for name, path, truth, filters, (w, h), frames in TRUTH_CLIPS:
        clean = from_file(
            os.path.join(folder, truth), f"scale={w}:{h}:{TO_709}:flags=bicubic+accurate_rnd", (w, h), frames
        )
        yield (
            f"x4 {name}, its truth",
            4,
            "x4 clean",
            filtered(clean, f"scale={w // 4}:{h // 4}:flags=bicubic+accurate_rnd:param0=0:param1=0.5", w // 4, h // 4),
            clean,
        )
        for scale in (2, 1):
            kernel = "area" if scale == 2 else "bicubic"
            size = (w // scale, h // scale)
            damaged = from_file(
                os.path.join(folder, path),
                filters
                + f"scale={w}:{h}:{TO_709}:flags=bicubic+accurate_rnd,scale={size[0]}:{size[1]}:flags={kernel}+accurate_rnd",
                size,
                frames,
            )
            count = min(damaged.frames, clean.frames)
            yield f"x{scale} {name}", scale, f"x{scale} truth clips", damaged.first(count), clean.first(count)


def methods(clip, scale):
    """Yields the baselines, one at a time"""
    yield "bicubic", resized(clip, scale, "bicubic")
    yield "Lanczos", resized(clip, scale, "lanczos")
    for filters in DENOISERS:
        yield filters, resized(clip, scale, "lanczos", filters + ",")


def measure(case, engine):
    name, scale, group, damaged, truth = case
    target = truth.luma()
    found, flows = motion(target), [flow(*target[t - 1 : t + 1]) for t in range(1, len(target))]
    score = lambda clip: {
        **all_of(clip.luma(), target),
        "warp": warp_error(clip.luma(), found),
        "flow": flow_error(clip.luma(), flows),
    }
    rows = {key: score(clip) for key, clip in methods(damaged, scale)}
    rows["denoised"] = max((rows.pop(filters) for filters in DENOISERS), key=lambda row: row["psnr"])
    ours, seconds = engine(damaged, scale)
    rows["ours"] = score(ours)
    rows["ours"]["ms"] = seconds * 1e9 / (ours.frames * ours.width * ours.height)
    crops = [(ours, x, y) for wanted, x, y in CROPS if wanted == name]
    picture = [crop_row(name, damaged, scale, ours, truth, x, y) for _, x, y in crops]
    return {"name": name, "group": group, "rows": rows}, picture


def psnr_of(clip, truth):
    return psnr(clip.luma(), truth.luma())


def strengths_and_looks(cases, engine, looks):
    """-> two tables: PSNR-Y as strength rises, and what each look does to damaged and to clean clips. looks: of model.json, {} for a model without."""
    if not looks:
        return []
    steps, x2 = (0.0, 0.25, 0.5, 0.75, 1.0), [c for c in cases if c[2] in ("x2 drawn", "x2 truth clips")]
    curves = {
        name: [psnr_of(engine(damaged, scale, s)[0], truth) for s in steps] for name, scale, _, damaged, truth in x2
    }
    falls = max(a - b for curve in curves.values() for a, b in zip(curve, curve[1:]))
    lines = [
        "## Strength",
        "",
        "PSNR-Y as strength rises, drawn damages and test clips at x2; strength 0 is the resized input.",
        "",
        "| clip | " + " | ".join(f"{s:g}" for s in steps) + " |",
        "|" + "---|" * (len(steps) + 1),
        *(f"| {name} | " + " | ".join(f"{v:.2f}" for v in curve) + " |" for name, curve in curves.items()),
        "",
        f"Largest fall from one step to the next: {max(falls, 0):.3f} dB (bar 0.05: {'met' if falls <= 0.05 else '**not met**'}).",
        "",
        "## Looks",
        "",
        "Gain: PSNR-Y minus Lanczos, x2 drawn damages and test clips. Clean: the least and the mean PSNR-Y of clean, sharp clips at x1 against themselves (bar for Gentle: 40).",
        "",
        "| look | strength | detail | gain | clean, least | clean, mean |",
        "|---|---|---|---|---|---|",
    ]
    plain = [psnr_of(resized(damaged, scale, "lanczos"), truth) for _, scale, _, damaged, truth in x2]
    clean = [c for c in cases if c[2] == "x1 clean"]
    for name, point in looks.items():
        gain = np.mean(
            [psnr_of(engine(damaged, scale, **point)[0], truth) for _, scale, _, damaged, truth in x2]
        ) - np.mean(plain)
        harm = [psnr_of(engine(c[3], 1, **point)[0], c[3]) for c in clean]
        lines.append(
            f"| {name} | {point['strength']:g} | {point['detail']:g} | {gain:+.2f} | {min(harm):.1f} | {np.mean(harm):.1f} |"
        )
    return lines + [""]


def crop_row(name, damaged, scale, ours, truth, x, y):
    index = min(12, truth.frames - 1)
    parts = [resized(damaged, scale, "lanczos"), ours, truth]
    x, y = min(x, truth.width - CROP_W), min(y, truth.height - CROP_H)
    return name, [part.rgb(index)[y : y + CROP_H, x : x + CROP_W] for part in parts]


def draw_picture(rows, path, models):
    """rows: (clip, its crops by Lanczos, by each of the models, and of the truth: uint8 [h, w, 3], all of one width)"""
    from PIL import ImageDraw

    width, height = rows[0][1][0].shape[1], max(len(parts[0]) for _, parts in rows)
    sheet = Image.new("RGB", ((len(models) + 2) * width, len(rows) * height))
    for j, (name, parts) in enumerate(rows):
        for i, (label, part) in enumerate(
            zip(("Lanczos: " + name if not name.startswith("x1") else "input: " + name, *models, "truth"), parts)
        ):
            sheet.paste(Image.fromarray(np.ascontiguousarray(part)), (i * width, j * height))
            ImageDraw.Draw(sheet).text(
                (i * width + 3, j * height + 1), label, fill=(255, 255, 0), stroke_width=1, stroke_fill=(0, 0, 0)
            )
    sheet.save(path, quality=86)


def mean(results, who, what):
    return float(np.mean([r["rows"][who][what] for r in results]))


def limit(value):
    return "same" if value > 90 else f"{value:.2f}"


MEASURES = ("psnr", "ssim", "gmsd", "temporal", "warp", "flow")


def table(results, model):
    lines = [
        f"| clip | bicubic | Lanczos | denoised | {model} | gain | SSIM Lanczos | ours | GMSD Lanczos | ours | temporal Lanczos | denoised | ours | E_warp Lanczos | ours | tOF Lanczos | ours |",
        "|" + "---|" * 17,
    ]
    rows = [(r["name"], r["rows"]) for r in results]
    rows.append(
        (
            "**mean**",
            {
                who: {what: mean(results, who, what) for what in MEASURES}
                for who in ("bicubic", "Lanczos", "denoised", "ours")
            },
        )
    )
    for name, r in rows:
        plain, denoised, ours = r["Lanczos"], r["denoised"], r["ours"]
        gain = "" if plain["psnr"] > 90 else f"{ours['psnr'] - plain['psnr']:+.2f}"
        lines.append(
            f"| {name} | {limit(r['bicubic']['psnr'])} | {limit(plain['psnr'])} | {limit(denoised['psnr'])} | {ours['psnr']:.2f} | {gain} | {plain['ssim']:.4f} | {ours['ssim']:.4f} | "
            f"{plain['gmsd']:.4f} | {ours['gmsd']:.4f} | {plain['temporal']:.2f} | {denoised['temporal']:.2f} | {ours['temporal']:.2f} | {plain['warp']:.2f} | {ours['warp']:.2f} | "
            f"{plain['flow']:.3f} | {ours['flow']:.3f} |"
        )
    return lines


def verdict(results):
    """The bar: all x2 clips, held-out stems and truth clips together; and each set by itself"""
    x2 = [r for r in results if r["group"].startswith("x2")]
    if not x2:
        return ["No x2 clips were measured: no verdict."]
    parts = [(group, [r for r in x2 if r["group"] == group]) for group in ("x2 ladder", "x2 drawn", "x2 truth clips")]
    names = {"x2 ladder": "chosen damages", "x2 drawn": "drawn damages", "x2 truth clips": "test clips with truth"}
    by_set = ", ".join(
        f"{names[g]} {mean(rs, 'ours', 'psnr') - mean(rs, 'Lanczos', 'psnr'):+.2f} ({len(rs)})" for g, rs in parts if rs
    )
    gain, over_denoised = (
        mean(x2, "ours", "psnr") - mean(x2, "Lanczos", "psnr"),
        mean(x2, "ours", "psnr") - mean(x2, "denoised", "psnr"),
    )
    yes = lambda ok: "met" if ok else "**not met**"
    x4 = [r for r in results if r["group"] == "x4 clean"]
    of_x4 = mean(x4, "ours", "psnr") - mean(x4, "Lanczos", "psnr") if x4 else 0.0
    compare = lambda what: f"{mean(x2, 'Lanczos', what):.4g} → {mean(x2, 'ours', what):.4g}"
    worse = sum(r["rows"]["ours"]["ssim"] < r["rows"]["Lanczos"]["ssim"] for r in x2)
    lower = [
        f"| {name} lower than Lanczos | {compare(what)} | {yes(mean(x2, 'ours', what) < mean(x2, 'Lanczos', what))} |"
        for name, what in (("GMSD", "gmsd"), ("temporal error", "temporal"), ("E_warp", "warp"), ("tOF", "flow"))
    ]
    return [
        "| bar (mean over all x2 clips) | measured | |",
        "|---|---|---|",
        f"| PSNR-Y ≥ Lanczos + 0.8 dB (first version) | {gain:+.2f} dB | {yes(gain >= 0.8)} |",
        f"| PSNR-Y ≥ Lanczos + 1.2 dB (what we ship for good) | {gain:+.2f} dB | {yes(gain >= 1.2)} |",
        f"| PSNR-Y ≥ best denoiser + Lanczos + 0.9 dB | {over_denoised:+.2f} dB | {yes(over_denoised >= 0.9)} |",
        f"| the gain by set (clips) | {by_set} | |",
        f"| SSIM higher than Lanczos | {compare('ssim')} | {yes(mean(x2, 'ours', 'ssim') > mean(x2, 'Lanczos', 'ssim'))} |",
        f"| SSIM higher on every clip | lower on {worse} of {len(x2)} | {yes(worse == 0)} |",
        *lower,
        *(
            [
                f"| clean clips, bicubic x4 ({len(x4)}): PSNR-Y ≥ Lanczos + 1.2 dB | {of_x4:+.2f} dB | {yes(of_x4 >= 1.2)} |"
            ]
            if x4
            else []
        ),
        f"| clips with PSNR-Y below Lanczos | {sum(r['rows']['ours']['psnr'] < r['rows']['Lanczos']['psnr'] for r in x2)} of {len(x2)} | |",
    ]


GROUPS = (
    ("x2 ladder", "Held-out stems, chosen damages, x2"),
    ("x2 drawn", "Held-out stems, other moments, damages drawn from the ladder, x2"),
    ("x2 truth clips", "Test clips with ground truth, halved, x2"),
    ("x4 ladder", "Held-out stems, x4"),
    ("x4 clean", "Clean clips, a quarter of the size by a bicubic filter, x4"),
    ("x1 ladder", "Held-out stems, restore only (x1)"),
    ("x1 truth clips", "Test clips with ground truth, restore only (x1)"),
    ("x1 clean", "No harm: clean clips at x1"),
)


def document(results, args, model, version, more):
    other = "" if model == "heirloom-s" else f"--model resources/models/{model} "
    command = (
        f"npm run evaluate -- {other}--validation VALIDATION --footage FOOTAGE/test --out docs/{os.path.basename(args.out)}"
        + (f" --picture docs/{os.path.basename(args.picture)}" if args.picture else "")
    )
    lines = [
        f"# Quality of {model}",
        "",
        f"Written by `models/evaluate.py` from the frames of the native engine; model version {version}. Do not edit by hand.",
        "",
        "```",
        "python models/prepare.py --packs PACK-1 PACK-4 --out VALIDATION --validation",
        command,
        "```",
        "",
        *verdict(results),
        "",
        "Every method gets the same 8-bit YUV 4:2:0 frames and is compared on the Y plane (BT.709, limited range). PSNR-Y in dB, mean over frames. Gain: "
        + model
        + " minus",
        "Lanczos (at x1: minus the untouched input). denoised: the best of "
        + ", ".join(DENOISERS)
        + ", then Lanczos, chosen per clip by its PSNR against the truth.",
        "SSIM: 11x11 Gaussian. GMSD: gradient magnitude similarity deviation, a perceptual distance, lower is closer.",
        "temporal: mean |change from frame to frame − the truth's change| in 8-bit steps. E_warp: mean |frame − previous frame moved by the truth's motion| (8x8 block matching,",
        "±6 px, only blocks where the truth itself matches within 4 steps); a blurred clip scores well there, noise and flicker badly. tOF: mean distance in pixels of the",
        "motion seen in the result from the truth's (Farneback).",
        f"{model} works at full strength and without giving detail back, the look Strong; what the other looks do stands at the end.",
        "Held-out stems were never trained on; their damages are fixed in `models/prepare.py`. Clean x4 clips are reduced as the literature does it (bicubic, a = -0.5, widened to the scale). The test clips are deinterlaced by bwdif at field rate, made square, and for x2",
        "halved by area averaging (which hides much of their damage); at x1 they are restored at their own size.",
        f"ms per output megapixel (wall time of the whole process with {args.threads} threads, start and weights included, machine not idle): "
        + ", ".join(
            f"x{s} {np.median([r['rows']['ours']['ms'] for r in results if r['group'].startswith(f'x{s}')]):.0f}"
            for s in (1, 2, 4)
            if any(r["group"].startswith(f"x{s}") for r in results)
        )
        + " (median).",
        "",
    ]
    if args.picture:
        lines += [f"![Lanczos, {model}, truth at 100 %]({os.path.basename(args.picture)})", ""]
    for group, title in GROUPS:
        chosen = [r for r in results if r["group"] == group]
        if chosen:
            lines += [f"## {title}", "", *table(chosen, model), ""]
    return "\n".join(lines + more)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--engine", default=os.path.join(ROOT, "native", "build", "heirloom-run"), help="the heirloom-run program")
    add("--pytorch", action="store_true")
    add("--model", default=os.path.join(ROOT, "resources", "models", "heirloom-s"))
    add("--validation")
    add("--footage")
    add("--threads", type=int, default=2)
    add("--only", help="measure only groups that start with this, x2 for instance")
    add("--out")
    add("--picture")
    args = parser.parse_args()
    if not args.pytorch and not os.path.exists(args.engine):
        parser.error(
            f"the engine {args.engine} is not there; build it, or name it with --engine (nothing was measured)"
        )
    if not args.validation and not args.footage:
        parser.error("nothing to measure: give --validation DIR, --footage DIR or both")
    if args.out and (args.pytorch or args.only):
        parser.error("the document is written from the native engine on all clips only")
    engine = PyTorch(args.model) if args.pytorch else Engine(args.engine, args.model, args.threads)
    cases = [
        c
        for source, folder in ((validation_cases, args.validation), (truth_cases, args.footage))
        if folder
        for c in source(folder)
    ]
    results, picture = [], []
    for case in cases:
        if args.only and not case[2].startswith(args.only):
            continue
        result, crops = measure(case, engine)
        results.append(result)
        picture += crops
        ours, plain, denoised = (result["rows"][k] for k in ("ours", "Lanczos", "denoised"))
        print(
            f"{result['name']:46s} PSNR-Y Lanczos {plain['psnr']:6.2f} denoised {denoised['psnr'] - plain['psnr']:+.2f} ours {ours['psnr'] - plain['psnr']:+.2f}  SSIM {plain['ssim']:.4f} {ours['ssim'] - plain['ssim']:+.4f}  "
            f"temporal {plain['temporal']:.2f} {ours['temporal'] - plain['temporal']:+.2f}  E_warp {plain['warp']:.2f} {ours['warp'] - plain['warp']:+.2f}  {ours['ms']:.0f} ms/MP",
            flush=True,
        )
    print("\n".join(verdict(results)))
    with open(os.path.join(args.model, "model.json"), encoding="utf-8") as file:
        description = json.load(file)
    if args.picture:
        order = [name for name, _, _ in CROPS]
        draw_picture(sorted(picture, key=lambda row: order.index(row[0])), args.picture, [description["name"]])
    if args.out:
        with open(args.out, "w", encoding="utf-8") as file:
            file.write(
                document(
                    results,
                    args,
                    description["name"],
                    description["version"],
                    strengths_and_looks(cases, engine, description.get("looks", {})),
                )
            )


if __name__ == "__main__":
    main()
