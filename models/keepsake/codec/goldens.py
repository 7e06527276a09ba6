"""Writes golden tensors of the residual codec: a small random model, a picture, what every step makes of it in fp32, its symbols and its bytes. The native engine is
compared with these.

    cd models; python -m keepsake.codec.goldens --out ../test/fixtures/residual-codec-golden

The picture has sides that are padded, and two tiles. A golden whose symbols hang on rounding is useless, so how near any of them is to another one is checked and printed."""

import argparse
import os

import torch
from goldens import moving_picture
from safetensors.torch import save_file

from .config import Config
from .entropy import Table, encode
from .files import write_folder
from .network import Codec, Denoiser, denoised, padded, symbols
from .noise import noise
from .scales import indices

SMALL = Config(quarter=4, hidden=6, eighth=7, latent=5, hyper=3, hyper_hidden=4, steps=3, denoiser=6, denoiser_layers=3)
HEIGHT, WIDTH = 21, 270
QUALITIES = (20, 63)
ALPHA, SEED = 0.5, 7
MARGIN = 2e-4  # of a symbol from a half: fp32 rounding is about 1e-6 of a value


def random_model(seed):
    """fp16-representable weights that make symbols of some size, and shapes that hang on all of them -> codec, denoiser, tables of z"""
    codec, denoiser = Codec(SMALL), Denoiser(SMALL)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for net in (codec, denoiser):
            for value in net.state_dict().values():
                random = torch.randn(value.shape, generator=generator)
                value.copy_(random * (1.5 / value[0].numel() ** 0.5) if value.dim() >= 2 else 0.1 * random)
        codec.gains.copy_(
            torch.linspace(0.2, 2.0, 8)[:, None] + 0.1 * torch.randn(8, SMALL.latent, generator=generator)
        )
        codec.log_residual_std.copy_(torch.linspace(-1, -3, 8))
        codec.analysis[4].weight.mul_(2)
        codec.fidelity[2].weight.mul_(0.25)
        codec.mean[2].weight.mul_(4)
        codec.scales.layers[-1].bias.add_(40)
        denoiser.denoiser_time.weight.mul_(0.15)
        denoiser.denoiser["out"].weight.mul_(0.25)
        for net in (codec, denoiser):
            for name, value in net.state_dict().items():
                if not name.startswith("scales."):
                    value.copy_(value.half().float())
    tables = [Table(-2 - c, [*range(3, 9 + c), 65536 - sum(range(3, 9 + c)) - 5, 5]) for c in range(SMALL.hyper)]
    return codec.eval(), denoiser.eval(), tables


def distance_to_half(x):
    return ((x - torch.floor(x)) - 0.5).abs().min().item()


@torch.no_grad()
def taps(codec, denoiser, tables, picture, quality):
    """-> {name: tensor without the batch}, how near a symbol is to another one"""
    x, q = padded(picture[None]), torch.tensor([quality])
    latents = codec.latents(x, q)
    z = codec.hyper_latents(latents)
    zs = symbols(z)
    mean = codec.means(zs)
    ys = symbols(latents - mean)
    layers = codec.scales.whole()
    c4, faithful = codec.decoded(zs, ys, q)
    drawn = noise(SEED, *x.shape[2:])[None]
    said = list(denoised(denoiser, drawn, faithful, c4))
    residual = codec.residual_std(q) * said[-1]
    height, width = picture.shape[1:]
    named = {
        "latents": latents[0],
        "z": z[0],
        "zs": zs[0].to(torch.int32),
        "mean": mean[0],
        "ys": ys[0].to(torch.int32),
        "indices": indices(layers, zs[0]).to(torch.uint8),
        "bytes": torch.tensor(list(encode(tables, layers, zs[0], ys[0])), dtype=torch.uint8),
        "synthesis": c4[0],
        "faithful": faithful[0, :, :height, :width],
    }
    if quality == QUALITIES[0]:
        named["noise"] = drawn[0, :, :8, :40]
        named |= {f"denoised.{k}": step[0, :, :height, :width] for k, step in enumerate(said)}
        named["shown"] = (faithful + ALPHA * residual).clamp(-1, 1)[0, :, :height, :width]
    margin = min(distance_to_half(z), distance_to_half(latents - mean))
    return {f"{quality}.{name}": value.contiguous() for name, value in named.items()}, margin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=4)
    args = parser.parse_args()
    torch.set_num_threads(1)
    codec, denoiser, tables = random_model(args.seed)
    picture, outputs = moving_picture(1, HEIGHT, WIDTH, args.seed)[0], {}
    for quality in QUALITIES:
        named, margin = taps(codec, denoiser, tables, picture, quality)
        if margin < MARGIN:
            raise SystemExit(
                f"A symbol of quality {quality} hangs on rounding ({margin:.1e} < {MARGIN}); take another --seed. Nothing was written."
            )
        outputs.update(named)
        for name in ("z", "latents", "faithful"):
            print(f"{quality}.{name}: {named[f'{quality}.{name}'].std():.3f}, margin {margin:.1e}")
        print(f"indices {named[f'{quality}.indices'].float().mean():.1f}, bytes {len(named[f'{quality}.bytes'])}")
    write_folder(args.out, codec, denoiser, tables, "residual-codec-golden", "1")
    for name, tensors in (("inputs", {"x": picture}), ("outputs", outputs)):
        path = os.path.join(args.out, name + ".safetensors")
        save_file(tensors, path)
        os.chmod(path, 0o644)
    size = sum(os.path.getsize(os.path.join(args.out, f)) for f in os.listdir(args.out))
    print(f"{args.out}: {len(outputs)} taps, {size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
