"""Held-out real clips with every second frame taken out: the model, the plain mean of both keys and FFmpeg's motion compensation on the same frames,
and the true flow of rendered motion.

    cd models; python -m motion.measure --footage DIR --weights FILE [--pictures DIR] [--frames 33]

PSNR on luma; moving pixels are those of 8x8 cells in which the keys differ by more than eight 8-bit steps. The table is printed. --pictures: the worst
frame of every clip beside the others, at its size, as PNG."""

import argparse
import glob
import os
import time

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from degradation.encoders import run, size_of

from .clips import FRAMES, held_out_paths, photo_paths
from .config import from_json
from .draws import tensor
from .network import Motion, padded
from .render import Scene, stills

FILTER = "minterpolate=fps=2:mi_mode=mci:mc_mode=aobmc:me_mode=bidir"
# BT.709, limited range; what counts is that the way back is the same
TO_RGB = torch.tensor([[1.16438, 0, 1.79274], [1.16438, -0.21325, -0.53291], [1.16438, 2.11240, 0]])
BLACK = torch.tensor([16.0, 128.0, 128.0]).view(3, 1, 1)


def yuv_frames(path, frames):
    """-> uint8 [T, 3, h, w], planes Y, Cb, Cr at full size"""
    w, h = (n // 2 * 2 for n in size_of(path))
    arguments = ["-noautorotate", "-i", path, "-vf", f"scale={w}:{h}", "-frames:v", str(frames)]
    data = run([*arguments, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "yuv444p", "-"])
    return np.frombuffer(data, np.uint8).reshape(-1, 3, h, w).copy()


def to_rgb(yuv):
    """uint8 [3, h, w] -> [1, 3, h, w] in [-1, 1]"""
    return torch.einsum("ij,jhw->ihw", TO_RGB, torch.from_numpy(yuv).float() - BLACK)[None] / 127.5 - 1


def to_yuv(rgb):
    """[1, 3, h, w] in [-1, 1] -> uint8 [3, h, w]"""
    x = torch.einsum("ij,jhw->ihw", torch.linalg.inv(TO_RGB), (rgb[0].clamp(-1, 1) + 1) * 127.5) + BLACK
    return x.round().clamp(0, 255).byte().numpy()


def compensated(keys):
    """FFmpeg's filter on one thread: uint8 [K, 3, h, w] -> (uint8 [K - 1, 3, h, w], seconds)"""
    k, _, h, w = keys.shape
    arguments = ["-threads", "1", "-filter_threads", "1", "-f", "rawvideo", "-pix_fmt", "yuv444p", "-s", f"{w}x{h}"]
    arguments += ["-r", "1", "-i", "-", "-vf", FILTER, "-f", "rawvideo", "-pix_fmt", "yuv444p", "-"]
    # the filter keeps the last frames back: it gets the last key three times
    data = keys.tobytes() + keys[-1:].tobytes() * 2
    start = time.time()
    out = run(arguments, data)
    seconds = time.time() - start
    frames = np.frombuffer(out, np.uint8).reshape(-1, 3, h, w)
    first = next(i for i in range(len(frames)) if np.array_equal(frames[i], keys[0]))
    frames = frames[first : first + 2 * k - 1]
    if not np.array_equal(frames[::2], keys):
        raise ValueError(f"{FILTER} moved the keys; its frames cannot be compared")
    return frames[1::2], seconds


@torch.no_grad()
def modelled(net, keys, need):
    """uint8 [K, 3, h, w] -> (uint8 [K - 1, 3, h, w], share of cells needed, seconds)"""
    h, w = keys.shape[2:]
    seen, out, needed, start = [], [], [], time.time()
    for frame in keys:
        seen = [*seen, net.features(padded(to_rgb(frame)))][-net.config.history :]
        if len(seen) > 1:
            made = net.between(net.gap(seen), 0.5, need)
            out.append(to_yuv(made.picture[..., :h, :w]))
            needed.append(made.need.float().mean().item())
    return np.stack(out), float(np.mean(needed)), time.time() - start


def plain(keys):
    return ((keys[:-1].astype(np.uint16) + keys[1:] + 1) // 2).astype(np.uint8)


def moving(keys):
    """uint8 [K, 3, h, w] -> bool [K - 1, h, w]"""
    y = torch.from_numpy(keys[:, 0].astype(np.float32))
    differs = F.max_pool2d((y[1:] - y[:-1]).abs()[:, None], 8, ceil_mode=True) > 8
    h, w = y.shape[1:]
    return differs.repeat_interleave(8, 2).repeat_interleave(8, 3)[:, 0, :h, :w].numpy()


def psnr(a, truth, where=None):
    """Luma of uint8 [T, 3, h, w] each, dB, mean over the frames; where: pixels that count"""
    error = (a[:, 0].astype(np.float64) - truth[:, 0]) ** 2
    where = np.ones(error.shape, bool) if where is None else where
    found = [e[counted].mean() for e, counted in zip(error, where) if counted.any()]
    return float(np.mean(10 * np.log10(255**2 / np.maximum(found, 1e-3)))) if found else float("nan")


@torch.no_grad()
def rendered_error(net, photos, scenes=24, size=256, largest=32.0):
    """Mean end-point error in pixels, over what moves at least a pixel and at most `largest` between the keys -> (error, that of no flow)"""
    errors, still = [], []
    for seed in range(scenes):
        scene = Scene(np.random.default_rng([2027, seed]), photos, size, flat=0)  # on flat ground no motion is true
        keys = tensor(np.stack([scene.picture(k) for k in (0, 1)]))
        true = torch.from_numpy(np.concatenate(scene.flow(0.5, (0, 1)), -1)).permute(2, 0, 1)
        gap = net.gap([net.features(keys[:1]), net.features(keys[1:])])
        e = (net.between(gap, 0.5).flows[-1][0] - true).unflatten(0, (2, 2)).pow(2).sum(1).sqrt().mean(0)
        length = (true[2:] - true[:2]).pow(2).sum(0).sqrt()
        counted = (length >= 1) & (length <= largest)
        errors.append(e[counted])
        still.append(true.unflatten(0, (2, 2)).pow(2).sum(1).sqrt().mean(0)[counted])
    return torch.cat(errors).mean().item(), torch.cat(still).mean().item()


def picture(path, truth, rows, where):
    """The frame `where` of the truth and of every method side by side, grey, at its size"""
    cv2.imwrite(path, np.concatenate([truth[where, 0], *(r[where, 0] for r in rows)], 1))


def measured(net, path, frames, pictures):
    """One clip -> its row of the table"""
    clip = yuv_frames(path, frames)
    clip = clip[: (len(clip) - 1) // 2 * 2 + 1]
    keys, truth = clip[::2], clip[1::2]
    filtered, filter_s = compensated(keys)
    made, _, net_s = modelled(net, keys, None)
    sparse, need, _ = modelled(net, keys, "asked")
    ways = {"blend": plain(keys), "mci": filtered, "motion": made, "by need": sparse}
    name, where = os.path.splitext(os.path.basename(path))[0], moving(keys)
    if pictures:
        lost = ((made[:, 0].astype(float) - truth[:, 0]) ** 2).mean((1, 2)).argmax()
        picture(os.path.join(pictures, name + ".png"), truth, list(ways.values())[:3], lost)
    row = {"clip": name, **{k: psnr(v, truth) for k, v in ways.items()}}
    row |= {f"{k}, moving": psnr(v, truth, where) for k, v in ways.items() if k != "by need"}
    return {**row, "need": need, "mci s": filter_s / len(truth), "motion s": net_s / len(truth)}


def table(rows):
    names = list(rows[0])
    mean = {"clip": "**mean**", **{n: float(np.nanmean([r[n] for r in rows])) for n in names[1:]}}
    line = lambda values: "| " + " | ".join(values) + " |"
    body = [line([r["clip"], *(f"{r[n]:.2f}" for n in names[1:])]) for r in [*rows, mean]]
    return "\n".join([line(names), line(["---"] * len(names)), *body])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", required=True, help="folder with train/ and test/")
    parser.add_argument("--weights", required=True, help="a kept checkpoint or that of a run")
    parser.add_argument("--frames", type=int, default=FRAMES)
    parser.add_argument("--pictures")
    args = parser.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(args.weights, weights_only=True)
    net = Motion(from_json(saved["config"]))
    net.load_state_dict({k: v.float() for k, v in saved["ema"].items()})
    net = net.eval().to(memory_format=torch.channels_last)
    if args.pictures:
        os.makedirs(args.pictures, exist_ok=True)
    photos = stills(photo_paths(glob.glob(os.path.join(args.footage, "train", "pack-*"))))
    error, still = rendered_error(net, photos)
    print(f"step {saved['step']}; rendered motion of 1 to 32 px: end-point error {error:.2f} px (no flow: {still:.2f})")
    print(table([measured(net, path, args.frames, args.pictures) for path in held_out_paths(args.footage)]))


if __name__ == "__main__":
    main()
