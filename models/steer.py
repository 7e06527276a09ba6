"""A quick look while training runs: the EMA weights in PyTorch on the validation pairs, beside Lanczos. Published numbers come from evaluate.py.

python models/steer.py --data VALIDATION_DIR --run RUN_DIR [--scale 2]"""

import argparse
import json
import os

import numpy as np
import torch
from metrics import all_of
from model.condition import resize
from model.config import from_json
from model.heirloom_s import HeirloomS
from PIL import Image
from pool import as_tensor

LUMA = np.array([0.299, 0.587, 0.114])


def luma(frames):
    return np.round(frames @ LUMA).clip(0, 255).astype(np.uint8)


def lanczos(frames, scale):
    if scale == 1:
        return frames
    return np.stack(
        [np.asarray(Image.fromarray(f).resize((f.shape[1] * scale, f.shape[0] * scale), Image.LANCZOS)) for f in frames]
    )


def network(run):
    saved = torch.load(os.path.join(run, "checkpoint.pt"), weights_only=True)
    net = HeirloomS(from_json(saved["config"]))
    net.load_state_dict(saved["ema"])
    return net.eval(), saved["step"]


@torch.no_grad()
def enhance(net, frames, scale):
    y = net.enhance(resize(as_tensor(frames), scale))
    return ((y + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True)
    parser.add_argument("--run", required=True)
    parser.add_argument("--scale", type=int)
    args = parser.parse_args()
    torch.set_num_threads(1)
    net, step = network(args.run)
    table = {}
    with open(os.path.join(args.data, "pairs.jsonl"), encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    for line in lines:
        scale = line["recipe"]["scale"]
        if args.scale and scale != args.scale:
            continue
        truth, damaged = (np.load(os.path.join(args.data, f"{line['name']}.{kind}.npy")) for kind in ("truth", "input"))
        plain, ours = (all_of(luma(x), luma(truth)) for x in (lanczos(damaged, scale), enhance(net, damaged, scale)))
        table.setdefault("x1 clean" if scale == 1 and line["recipe"]["family"] == "clean" else f"x{scale}", []).append(
            (plain, ours)
        )
        print(
            f"{line['name']:44s} psnr {plain['psnr']:.2f} {ours['psnr'] - plain['psnr']:+.2f}  ssim {plain['ssim']:.3f} {ours['ssim'] - plain['ssim']:+.3f}  "
            f"temporal {plain['temporal']:.2f} {ours['temporal'] - plain['temporal']:+.2f}",
            flush=True,
        )
    for key, rows in table.items():
        mean = lambda who, what: np.mean([row[who][what] for row in rows])
        print(
            f"step {step} {key}: "
            + "  ".join(
                f"{what} {mean(0, what):.3f} {mean(1, what) - mean(0, what):+.3f}"
                for what in ("psnr", "ssim", "temporal")
            )
        )


if __name__ == "__main__":
    main()
