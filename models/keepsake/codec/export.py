"""Turns checkpoints of the residual codec into what the app loads: model.json and model.safetensors, the averaged weights, and the tables of z, counted on training crops.

cd models; python -m keepsake.codec.export --codec DIR/checkpoint.pt --residual DIR2/checkpoint.pt --footage DIR --clips DIR --out ../resources/models/heirloom-photo --version 0.1.0"""

import argparse
import glob
import os

import torch

from .draws import Draws
from .entropy import table_of
from .files import write_folder
from .network import Denoiser
from .train import codec_of


def rounded_to_half(net):
    """The weights that the file will have; whole numbers are made of others"""
    for name, value in net.state_dict().items():
        if not name.startswith("scales."):
            value.copy_(value.half().float())
    return net


@torch.no_grad()
def counted(codec, draws, seed, steps):
    """-> the tables of z, of crops of every quality"""
    seen = []
    for step in range(steps):
        x = draws.step(seed, step)
        quality = (torch.arange(len(x)) + step * len(x)) * 29 % codec.config.qualities
        zs, _ = codec.encoded(x, quality)
        seen.append(zs.permute(1, 0, 2, 3).flatten(1))
    return [table_of(channel.numpy()) for channel in torch.cat(seen, 1)]


def residual_of(path, config):
    """A checkpoint of the diffusion -> it, what its codec leaves out"""
    saved = torch.load(path, weights_only=True, map_location="cpu")
    denoiser = Denoiser(config)
    denoiser.load_state_dict({name.split(".", 1)[1]: value for name, value in saved["ema"].items()})
    return denoiser.eval().requires_grad_(False), saved["log_std"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--codec", required=True)
    add("--residual", required=True)
    add("--footage", required=True)
    add("--clips")
    add("--out", required=True)
    add("--version", required=True)
    add("--steps", type=int, default=200, help="crops that tables are counted on: so many steps of training")
    args = parser.parse_args()
    torch.set_num_threads(1)
    codec = codec_of(args.codec)
    denoiser, log_std = residual_of(args.residual, codec.config)
    codec.log_residual_std.copy_(log_std)
    codec, denoiser = rounded_to_half(codec), rounded_to_half(denoiser)
    packs = sorted(glob.glob(os.path.join(args.footage, "pack-*")))
    tables = counted(codec, Draws(packs, args.clips, 8 * 128 * 128), 77, args.steps)
    write_folder(args.out, codec, denoiser, tables, "heirloom-photo", args.version)
    size = os.path.getsize(os.path.join(args.out, "model.safetensors"))
    print(f"{args.out}: {size / 1e6:.2f} MB, {sum(len(t.counts) for t in tables)} counts of z")


if __name__ == "__main__":
    main()
