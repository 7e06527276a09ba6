"""Makes examples for the estimator, trains it, and says how well it does on held-out stems.

    python models/train_estimator.py prepare --packs PACK ... --out examples.npz [--rounds 12]
    python models/train_estimator.py prepare --packs PACK ... --out held-out.npz --held-out
    python models/train_estimator.py train --data examples.npz ... --held-out held-out.npz --out resources/models/estimator [--steps 2500]
    python models/train_estimator.py golden --model resources/models/estimator --out test/fixtures/estimator-golden
    python models/train_estimator.py judge --model resources/models/estimator FILE ...

What an example is called is measured, not read off its recipe: an encoder swallows noise, a still scene shows no combing."""

import argparse
import glob
import os
import shutil

import numpy as np
import torch
from degradation import damage, families, recipe
from degradation.encoders import read_rgb
from degradation.operations import gaussian, resample
from estimator import NAMES, Estimator, as_level, features, position, read_folder, write_folder
from held_out import is_held_out
from prepare import photo_clip
from safetensors.torch import save_file

# the damage is done to this much; frames PAIR and PAIR + 1 are kept
REGION, FRAMES, PAIR = (288, 224), 6, 3
SHARES = {
    "none": 0.12,
    "light": 0.08,
    "noise": 0.15,
    "vhs": 0.12,
    "mpeg2": 0.1,
    "h263": 0.06,
    "mjpeg": 0.08,
    "dv": 0.04,
    "h264": 0.07,
    "fields": 0.03,
    "combing": 0.11,
    "defocus": 0.1,
    "enlarged": 0.06,
    "several": 0.08,
}
SIGMAS = np.array([0.0, 0.3, 0.45, 0.6, 0.8, 1.0, 1.25, 1.5, 1.8, 2.2, 2.6, 3.0])
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
CROPS, CROP = 4, (160, 208)  # of every example, besides the whole of it


def luma(frames):
    """uint8 or float [T, h, w, 3] -> float32 [T, h, w] in 8-bit steps"""
    return frames.astype(np.float32) @ LUMA


def quiet(r):
    """The same recipe without its noise; every other draw stays."""
    calm = {**r, "noise": r["noise"] and [0.0, 0.0, r["noise"][2]]}
    return {**calm, "vhs": {**r["vhs"], "luma_noise": 0.0}} if r["vhs"] else calm


def survives(error, part):
    """How much of `part`, which was put in, is still in the error of what came out: the length of its projection, rms"""
    energy = float((part**2).mean())
    return max(float((error * part).mean()) / energy, 0.0) * energy**0.5 if energy > 1e-4 else 0.0


def border_jumps(error):
    """[T, h, w] -> how much larger jumps are at the borders of 8x8 blocks than inside, in steps"""
    more = 0.0
    for axis in (1, 2):
        jumps = (np.diff(error, axis=axis) ** 2).mean((0, 3 - axis))
        edge = np.arange(1, len(jumps) + 1) % 8 == 0
        more += max(float(jumps[edge].mean() - jumps[~edge].mean()), 0) / 2
    return more**0.5


def softness(damaged, truth):
    """sigma of the Gaussian after which the truth is most like the damaged frames; brightness and contrast do not count"""
    x = torch.from_numpy(truth)[:, None]
    y = damaged - damaged.mean()
    errors = []
    for sigma in SIGMAS:
        soft = gaussian(x, float(sigma))[:, 0].numpy()
        soft = soft - soft.mean()
        gain = (soft * y).mean() / max((soft**2).mean(), 1e-6)
        errors.append(float(((y - gain * soft) ** 2).mean()))
    best = int(np.argmin(errors))
    if best in (0, len(SIGMAS) - 1):
        return float(SIGMAS[best])
    curve, slope, _ = np.polyfit(SIGMAS[best - 1 : best + 2], errors[best - 1 : best + 2], 2)
    return float(-slope / (2 * curve))


def measured(truth, r):
    """uint8 clip and recipe -> damaged clip, the four levels, PSNR in dB"""
    chain = [r["first"], {**r, "first": None}] if r.get("first") else [r]
    clips, noises, codings, combs = [truth], [], [], []
    for link in chain:
        before = damage.picture(clips[-1], link)
        noises.append(luma(damage.as_frames(before)) - luma(damage.as_frames(damage.picture(clips[-1], quiet(link)))))
        if link.get("weave"):
            combs.append(
                luma(damage.as_frames(before))
                - luma(damage.as_frames(damage.picture(clips[-1], {**link, "weave": None})))
            )
        clips.append(damage.recode(damage.as_frames(before), link["codec"], link["q"]))
        codings.append(luma(clips[-1]) - luma(damage.as_frames(before)))
    keep = slice(PAIR, PAIR + 2)
    damaged, clean = luma(clips[-1])[keep], luma(damage.target(truth, r))[keep]
    error = damaged - clean
    part = lambda parts: sum(survives(error, p[keep]) ** 2 for p in parts) ** 0.5
    blocks = border_jumps(codings[-1][keep])
    if len(codings) > 1:
        blocks = max(
            blocks,
            border_jumps(codings[0][keep])
            * min(survives(error, codings[0][keep]) / max(float((codings[0][keep] ** 2).mean()) ** 0.5, 1e-3), 1.0),
        )
    blocks /= (1 + (part(noises) / 2) ** 2) ** 0.5  # noise hides blocks
    values = (part(noises), blocks, softness(damaged, clean), part(combs))
    psnr = 10 * np.log10(255**2 / max(float((error**2).mean()), 0.25))
    return clips[-1], [as_level(v, n) for n, v in enumerate(values)], psnr


def drawn(rng):
    family = recipe.choose(rng, SHARES)
    if family == "none":
        return {**recipe.draw(rng, 1, "clean"), "level": 0.0}
    if family == "light":
        return {**recipe.draw(rng, 1, "light"), "level": 0.0}
    return families.draw(rng, 1, family)


def region(clip, rng):
    """A part of a clip that is sharp at its size: scaled down by 1 to 2 as far as it goes -> uint8 [FRAMES, h, w, 3]"""
    T, H, W, _ = clip.shape
    factor = min(rng.uniform(1.0, 2.0), W / REGION[0], H / REGION[1])
    w, h = int(REGION[0] * factor), int(REGION[1] * factor)
    t, y, x = (int(rng.integers(n + 1)) for n in (T - FRAMES, H - h, W - w))
    part = torch.from_numpy(clip[t : t + FRAMES, y : y + h, x : x + w].copy()).permute(0, 3, 1, 2).float()
    return damage.as_frames(resample(part, REGION[1], REGION[0]))


def prepare(args):
    """examples.npz: luma uint8 [N, 2, h, w], levels [N, 4], family, ladder level, PSNR. Written every now and then, so that a run can be cut short."""
    videos = sorted(
        v for p in args.packs for v in glob.glob(os.path.join(p, "video", "*.mp4")) if is_held_out(v) == args.held_out
    )
    photos = (
        [] if args.held_out else sorted(v for p in args.packs for v in glob.glob(os.path.join(p, "photo", "*.jpg")))
    )
    jobs = [(v, args.rounds) for v in videos] + [(p, max(args.rounds // 4, 1)) for p in photos]
    np.random.default_rng(1).shuffle(jobs)
    rows = []
    for path, count in jobs:
        stem = os.path.splitext(os.path.basename(path))[0]
        rng = np.random.default_rng([args.seed, *stem.encode()])
        clip = None if path.endswith(".jpg") else read_rgb(path)
        for _ in range(int(count)):
            truth = photo_clip(path, FRAMES, REGION, rng) if clip is None else region(clip, rng)
            r = drawn(rng)
            damaged, levels, psnr = measured(truth, r)
            rows.append(
                (luma(damaged[PAIR : PAIR + 2]).round().astype(np.uint8), levels, r["family"], r["level"], psnr, stem)
            )
        store(args.out, rows)
        print(len(rows), stem, flush=True)
    store(args.out, rows)


def store(path, rows):
    frames, levels, family, level, psnr, stem = zip(*rows)
    np.savez(
        path + ".part.npz",
        frames=np.stack(frames),
        levels=np.array(levels, np.float32),
        family=np.array(family),
        level=np.array(level, np.float32),
        psnr=np.array(psnr, np.float32),
        stem=np.array(stem),
    )
    os.replace(path + ".part.npz", path)


def cut(frames, levels, rng):
    """uint8 [2, h, w] and its levels -> a part of it. One in two is mirrored, one in four has its second frame equal to the first (a photo, a frozen picture),
    one in three is woven with its neighbour, where that shows: combing is rare; one in six gets the long grain of a tape, which must not pass for combs."""
    y, x = (int(rng.integers(whole - part + 1)) for whole, part in zip(frames.shape[1:], CROP))
    pair = frames[:, y : y + CROP[0], x : x + CROP[1]].astype(np.float64)
    pair = pair[:, :, ::-1] if rng.random() < 0.5 else pair
    if rng.random() < 1 / 6:
        grain = gaussian(torch.from_numpy(rng.normal(size=(2, 1, *CROP))).float(), rng.uniform(0.6, 2.5), 0)[
            :, 0
        ].numpy()
        sd = float(np.exp(rng.uniform(0, np.log(12))))
        levels = levels.copy()
        levels[0] = max(levels[0], as_level(sd, 0))
        return np.clip(pair + grain * (sd / grain.std()), 0, 255), levels
    if rng.random() < 1 / 3:
        woven = pair.copy()
        place = slice(int(rng.integers(CROP[1] // 2)), None) if rng.random() < 0.5 else slice(None)
        woven[:, 1::2, place] = pair[::-1, 1::2, place]
        levels = levels.copy()
        levels[3] = max(levels[3], as_level(float(((woven - pair)[0] ** 2).mean()) ** 0.5, 3))
        return woven, levels
    return (pair[[0, 0]] if rng.random() < 0.25 else pair), levels


def seen(frames):
    """uint8 [N, 2, h, w] -> float [N, FEATURES]"""
    return torch.from_numpy(np.stack([features(*f.astype(np.float64)) for f in frames])).float()


def seen_in_parts(frames, levels, seed):
    """CROPS parts of every example -> float [N * CROPS, FEATURES], their levels"""
    rng = np.random.default_rng(seed)
    parts = [cut(f, of, rng) for _ in range(CROPS) for f, of in zip(frames, levels)]
    return torch.from_numpy(np.stack([features(*pair) for pair, _ in parts])).float(), torch.from_numpy(
        np.stack([of for _, of in parts])
    )


@torch.no_grad()
def estimate(net, pairs):
    """pairs: float64 [P, 2, h, w] in 8-bit steps -> [4]"""
    return net(torch.from_numpy(np.mean([features(*pair) for pair in pairs], 0)).float()[None])[0]


def ranks(v):
    """Equal values share the mean of their ranks"""
    _, which, counts = np.unique(v, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[which]


def spearman(a, b):
    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def fit_position(levels, truth):
    """weights and power of position() by least squares on the ladder level, by plain search: four weights need no gradient"""
    best = None
    rng = np.random.default_rng(0)
    weights, power = np.array([0.8, 0.8, 0.8, 0.8]), 2.0
    for _ in range(4000):
        w, p = (
            (weights * rng.lognormal(0, 0.15, 4), max(power * rng.lognormal(0, 0.1), 1.0)) if best else (weights, power)
        )
        error = float(((position(levels, torch.tensor(w, dtype=torch.float32), p).numpy() - truth) ** 2).mean())
        if best is None or error < best:
            best, weights, power = error, w, p
    return [round(float(w), 4) for w in weights], round(float(power), 3), best**0.5


def report(net, data, ladder):
    with torch.no_grad():
        found = net(seen(data["frames"])).numpy()
    for n, name in enumerate(NAMES):
        mine, wanted = found[:, n], data["levels"][:, n]
        print(
            f"{name:11s} mean error {np.abs(mine - wanted).mean():.3f}  (always the mean: {np.abs(wanted - wanted.mean()).mean():.3f})  Spearman {spearman(mine, wanted):.3f}"
        )
    where = position(torch.from_numpy(found), torch.tensor(ladder["weights"]), ladder["power"]).numpy()
    single = ~np.isin(data["family"], ["fading"])
    print(
        f"position    Spearman with the ladder's level {spearman(where[single], data['level'][single]):.3f}, with the PSNR {spearman(where, -data['psnr']):.3f}"
    )
    for family in sorted(set(data["family"])):
        of = data["family"] == family
        print(
            f"  {family:9s} {of.sum():4d}  position {where[of].mean():.2f}  "
            + "  ".join(
                f"{name} {found[of, n].mean():.2f} ({data['levels'][of, n].mean():.2f})" for n, name in enumerate(NAMES)
            )
        )


def train(args):
    torch.manual_seed(args.seed)
    parts, held = [np.load(path) for path in args.data], np.load(args.held_out)
    data = {key: np.concatenate([part[key] for part in parts]) for key in ("frames", "levels", "level")}
    whole = seen(data["frames"])
    x, levels = (
        torch.cat(pair)
        for pair in zip(
            (whole, torch.from_numpy(data["levels"])), seen_in_parts(data["frames"], data["levels"], args.seed)
        )
    )
    net = Estimator()
    net.mean.copy_(x.mean(0))
    net.scale.copy_(1 / x.std(0))
    print(
        f"{len(data['frames'])} examples, {len(held['frames'])} held out, {sum(p.numel() for p in net.parameters())} parameters",
        flush=True,
    )
    optimizer = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=args.decay)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, args.rate, total_steps=args.steps, pct_start=0.1)
    for step in range(args.steps):
        chosen = torch.randint(len(x), (256,))
        noisy = x[chosen] + args.jitter * torch.randn(256, 1) + args.jitter * torch.randn(256, x.shape[1]) / net.scale
        loss = (net(noisy) - levels[chosen]).pow(2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        plan.step()
        if step % 500 == 499:
            print(step + 1, f"{loss.item() ** 0.5:.4f}", flush=True)
    net.eval()
    with torch.no_grad():
        weights, power, _ = fit_position(net(whole), data["level"])
    ladder = {"weights": weights, "power": power, "from": 0.15, "to": 0.6}
    write_folder(args.out, net, ladder, args.version)
    report(net, held, ladder)


def strength(where, ladder):
    """The slider's default for a place on the ladder"""
    return min(max((where - ladder["from"]) / (ladder["to"] - ladder["from"]), 0), 1)


def test_picture(width, height, frame):
    """A picture in whole numbers that C++ draws alike: slopes, a moving edge, and noise in one half -> float64 [h, w] in steps"""
    y, x = np.meshgrid(np.arange(height, dtype=np.int64), np.arange(width, dtype=np.int64), indexing="ij")
    noise = ((x * 7919 + y * 104729 + frame * 1299709) * 2654435761 % 2**32 >> 27) * (x < width // 2)
    return ((60 + x // 2 + y // 3 + 40 * ((x + 5 * frame) // 16 % 2) + noise) % 256).astype(np.float64)


def golden(args):
    """What the network makes of two pairs of test_picture"""
    net, description = read_folder(args.model)
    width, height = 200, 116
    pairs = [(test_picture(width, height, t), test_picture(width, height, t + 1)) for t in (0, 8)]
    found, ladder = estimate(net, pairs), description["ladder"]
    where = float(position(found, torch.tensor(ladder["weights"]), ladder["power"]))
    os.makedirs(args.out, exist_ok=True)
    path = os.path.join(args.out, "outputs.safetensors")
    save_file({"verdict": torch.tensor([*found.tolist(), where, strength(where, ladder)])}, path)
    os.chmod(path, 0o644)
    for name in ("model.json", "model.safetensors"):
        shutil.copyfile(os.path.join(args.model, name), os.path.join(args.out, name))
    print(found.tolist(), where, strength(where, ladder))


def judge(args):
    """Three moments of a file, as the app looks at it"""
    net, description = read_folder(args.model)
    ladder = description["ladder"]
    for path in args.files:
        clip = read_rgb(path, args.filters)
        moments = [min(int(len(clip) * share), len(clip) - 2) for share in (0.2, 0.5, 0.8)]
        pairs = [luma(clip[t : t + 2]).astype(np.float64) for t in moments]
        found = estimate(net, pairs)
        where = float(position(found, torch.tensor(ladder["weights"]), ladder["power"]))
        print(
            f"{os.path.basename(path):44s} "
            + "  ".join(f"{n} {v:.2f}" for n, v in zip(NAMES, found.tolist()))
            + f"  position {where:.2f}  strength {strength(where, ladder):.2f}",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    part = parts.add_parser("prepare")
    part.add_argument("--packs", nargs="+", required=True)
    part.add_argument("--out", required=True)
    part.add_argument("--rounds", type=int, default=12)
    part.add_argument("--held-out", action="store_true")
    part.set_defaults(run=prepare)
    part = parts.add_parser("train")
    part.add_argument("--data", nargs="+", required=True)
    part.add_argument("--held-out", required=True)
    part.add_argument("--out", required=True)
    part.add_argument("--steps", type=int, default=2500)
    part.add_argument("--rate", type=float, default=3e-3)
    part.add_argument("--decay", type=float, default=0.1)
    part.add_argument("--jitter", type=float, default=0.2)
    part.add_argument("--version", default="1")
    part.set_defaults(run=train)
    part = parts.add_parser("golden")
    part.add_argument("--model", required=True)
    part.add_argument("--out", required=True)
    part.set_defaults(run=golden)
    part = parts.add_parser("judge")
    part.add_argument("--model", required=True)
    part.add_argument("--filters", help="of ffmpeg, for interlaced files: bwdif")
    part.add_argument("files", nargs="+")
    part.set_defaults(run=judge)
    for part in parts.choices.values():
        part.add_argument("--seed", type=int, default=5)
    args = parser.parse_args()
    torch.set_num_threads(1)
    args.run(args)


if __name__ == "__main__":
    main()
