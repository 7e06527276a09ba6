"""Turns a checkpoint of heirloom-motion into what the app loads: model.json and model.safetensors (fp16), the averaged weights.

    cd models; python -m motion.export --weights checkpoints/heirloom-motion-v0.4.pt --out ../resources/models/heirloom-motion --version 0.4.0

Said afterwards: by how much the rounding to fp16 changes a frame between two keys."""

import argparse

import torch
from goldens import moving_picture

from .config import from_json
from .files import write_folder
from .network import Motion, padded


@torch.no_grad()
def rounding(net):
    """-> largest change of a frame of a drawn clip by weights of fp16, in 8-bit steps"""
    keys = [padded(frame[None]) for frame in moving_picture(3, 96, 128, 5)]
    half = Motion(net.config).eval()
    half.load_state_dict({k: v.half().float() for k, v in net.state_dict().items()})
    frames = [m.between(m.gap([m.features(key) for key in keys]), 0.5).picture for m in (net, half)]
    return (frames[0] - frames[1]).abs().max().item() * 127.5


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", required=True, help="a kept checkpoint or that of a run")
    parser.add_argument("--out", required=True)
    parser.add_argument("--version", required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(args.weights, weights_only=True, map_location="cpu")
    net = Motion(from_json(saved["config"])).eval()
    net.load_state_dict({k: v.float() for k, v in saved["ema"].items()})
    write_folder(args.out, net, "heirloom-motion", args.version)
    parameters = sum(v.numel() for v in net.state_dict().values())
    print(
        f"{args.out}: step {saved['step']}, {parameters} values, fp16 changes a frame by {rounding(net):.2g} 8-bit steps at most"
    )


if __name__ == "__main__":
    main()
