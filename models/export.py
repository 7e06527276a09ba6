"""Turns a training checkpoint into what the app loads: model.json and model.safetensors (fp16), averaged weights, output convolution folded.

    python models/export.py --run RUN_DIR --out resources/models/heirloom-s --version 0.1.0 [--keep models/checkpoints/heirloom-s-v0.3.pt]
    python models/export.py --run RUN_DIR --out resources/models/heirloom-m --name heirloom-m --version 0.2.0
    python models/export.py --run RUN_DIR --out resources/models/heirloom-m --name heirloom-m --version 0.2.0 --scale 4     # weights of one scale's own, into a model that is there
    python models/export.py --run RUN_DIR --out resources/models/heirloom-m-texture --name heirloom-m-texture --scales 1 2
    python models/export.py --run RUN_DIR --out resources/models/heirloom-keepsake --name heirloom-keepsake --scales 1

RUN_DIR holds checkpoint.pt or, brought home from another machine, kept.pt (models/train_batched.py).

Before anything is written the folded fp32 graph is compared with the training graph on a random clip, and the fp16 rounding is reported."""

import argparse
import os

import torch
from model.config import from_json, to_json
from model.files import add_scale, exported_state, training_name, write_folder
from model.flops import per_pixel
from model.heirloom_s import HeirloomS

# chosen in models/LOG.md
LOOKS = {
    "gentle": {"strength": 0.5, "detail": 0.5},
    "natural": {"strength": 0.85, "detail": 0.1},
    "strong": {"strength": 1.0, "detail": 0.0},
}
MEDIUM = (160_000, 30_000_000)  # FLOP per output pixel and frame, parameters
BUDGETS = {
    "heirloom-s": (16_000, 4_000_000),
    "heirloom-m": MEDIUM,
    "heirloom-m-texture": MEDIUM,
    "heirloom-keepsake": (40_000, 4_000_000),
}


@torch.no_grad()
def check(net, state, config):
    """-> largest difference of (folded fp32, fp16 storage) from the training graph, in 8-bit steps"""
    generator = torch.Generator().manual_seed(5)
    x = torch.rand(1, 8, 3, 64, 128, generator=generator) * 1.6 - 0.8
    noise = torch.randn(1, 2, 32, config.noise_channels, generator=generator)
    told = torch.tensor([[0.75, 0.5]]) if config.quantiser else None
    before = net(x, noise, quantiser=told)
    differences = []
    for dtype in (torch.float32, torch.float16):
        folded = HeirloomS(config, factored=False)
        folded.load_state_dict({training_name(k): v.to(dtype).float() for k, v in state.items()})
        differences.append((folded(x, noise, quantiser=told) - before).abs().max().item() * 127.5)
    return differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--name", choices=BUDGETS, default="heirloom-s")
    parser.add_argument("--version", default="0.1.0")
    parser.add_argument(
        "--scales", type=int, nargs="+", choices=(1, 2, 4), default=(1, 2, 4), help="that the model offers"
    )
    parser.add_argument("--scale", type=int, choices=(1, 2, 4), help="these weights are for this scale alone")
    parser.add_argument(
        "--keep", help="also store the averaged training weights (fp16) here, to continue from another day"
    )
    args = parser.parse_args()
    paths = [os.path.join(args.run, name) for name in ("checkpoint.pt", "kept.pt")]
    saved = torch.load(next(filter(os.path.exists, paths), paths[0]), weights_only=True, map_location="cpu")
    config = from_json(saved["config"])
    net = HeirloomS(config)
    net.load_state_dict(saved["ema"])
    net.eval()
    state = exported_state(net)
    parameters, flop = sum(v.numel() for v in state.values()), sum(per_pixel(config).values())
    most_flop, most_parameters = BUDGETS[args.name]
    if parameters > most_parameters or flop > most_flop:
        raise SystemExit(
            f"{args.name} has {parameters} parameters and {flop:.0f} FLOP per output pixel; the budget is {most_parameters} and {most_flop}. Nothing was written."
        )
    folded, half = check(net, state, config)
    if folded > 0.01:
        raise SystemExit(
            f"The folded graph differs from the training graph by {folded:.4f} 8-bit steps. Nothing was written."
        )
    if args.scale:
        add_scale(args.out, state, config, args.version, args.scale)
    else:
        write_folder(
            args.out,
            state,
            config,
            args.name,
            args.version,
            looks=LOOKS if config.strength else None,
            scales=args.scales,
        )
    if args.keep:
        os.makedirs(os.path.dirname(args.keep), exist_ok=True)
        torch.save(
            {
                "step": saved["step"],
                "config": to_json(config),
                "ema": {k: v.half() for k, v in net.state_dict().items()},
            },
            args.keep,
        )
    print(
        f"{args.out}: step {saved['step']}, {parameters} values, {flop / 1000:.2f} kFLOP per output pixel, folding {folded:.2g} and fp16 {half:.2g} 8-bit steps"
    )


if __name__ == "__main__":
    main()
