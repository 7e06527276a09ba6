"""Writes golden tensors: a model, an input, noise, and what every step of the graph makes of them in fp32. The native engine is compared with these.

    python models/goldens.py --out test/fixtures/heirloom-s-golden                 # small random model, committed
    python models/goldens.py --out test/fixtures/heirloom-s-golden-strength --strength 0.6 --size 200x16 --frames 9
    python models/goldens.py --out test/fixtures/heirloom-m-golden --medium --frames 9 --size 72x16
    python models/goldens.py --out test/fixtures/heirloom-keepsake-golden --quantisers 0.75 0.125 0.3125 --strength 0.5 --frames 9 --size 72x16
    python models/goldens.py --model resources/models/heirloom-s --out DIR --all   # the shipped weights, every tap of every frame

To stay small the committed goldens keep whole taps of a few frames only; every latent is there. A golden whose window selection hangs on rounding
is useless, so the smallest distance of a probability from the threshold is checked and printed."""

import argparse
import os

import model.attention
import torch
from model.condition import pad
from model.config import Config
from model.files import exported_name, read_folder, write_folder
from model.heirloom_s import HeirloomS
from safetensors.torch import save_file

# of a pair's probability from the threshold, relative to the threshold: fp32 rounding is about 1e-6
MARGIN = 1e-5


def random_model(strength, seed, medium=False, quantiser=False):
    """Small widths, fp16-representable weights of the size training gives them; few windows kept, so that the selection decides on small pictures.
    The one with strength has a mean that stays where it is, as version 0.1.0 had, and no neighbours. medium: what heirloom-m has more of."""
    strength = strength and not quantiser  # there it is the share of the residual, and no weights hang on it
    dim = 32 if strength or medium or quantiser else 64
    more = {"channels": 16, "blocks": 2, "after": True} if medium else {}
    config = Config(
        dim=dim,
        heads=dim // 32,
        layers=2,
        ffn=2 * dim,
        topk_per_window=2.5,
        strength={"embed": 16} if strength else None,
        quantiser={"embed": 16} if quantiser else None,
        mean={"floor": 0.12, "sigma": 0.035, "motion": not strength},
        decoder={"channels": 40, "blocks": 1, "shift": 0.25, "neighbours": not strength, "axes": 24, **more},
    )
    net = HeirloomS(config, factored=False)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in net.state_dict().items():
            random = torch.randn(value.shape, generator=generator)
            if value.dim() >= 2 and "modulation" not in name:
                random = random * (1.5 / value[0].numel() ** 0.5)
            elif name.endswith("slope"):
                random = 0.1 + 0.05 * random
            elif "norm_" in name:
                random = 1 + 0.2 * random
            elif "modulation" in name:
                random = 0.3 * random
            else:
                random = 0.1 * random
            value.copy_(random.half().float())
        net.decoder.output.weight.mul_(0.125)
    return net.eval()


def moving_picture(frames, height, width, seed):
    """Smooth shapes that drift, a moving bar and some noise -> [T, 3, H, W] in [-1, 1], 8-bit values"""
    generator = torch.Generator().manual_seed(seed)
    y, x = torch.meshgrid(torch.arange(height).float(), torch.arange(width).float(), indexing="ij")
    phase, speed = torch.rand(3, 3, generator=generator) * 6.3, torch.rand(3, generator=generator) * 0.5
    clip = []
    for t in range(frames):
        waves = torch.stack(
            [
                0.3 * torch.sin(x / (5 + c) + phase[c, 0] + t * speed[c]) + 0.3 * torch.cos(y / (4 + c) + phase[c, 1])
                for c in range(3)
            ]
        )
        bar = ((x - 3 * t) % width < 6).float() * 0.8
        clip.append(waves + bar - 0.3 + 0.08 * torch.randn(3, height, width, generator=generator))
    return ((torch.stack(clip).clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1


class Margin:
    """Watches the selection while the graph runs and remembers how close a probability came to its threshold."""

    def __init__(self):
        self.smallest, self.original = float("inf"), model.attention.select

    def __call__(self, q, k, local, config):
        n, keys = q.shape[2], k.shape[2]
        scores = (q.mean(3) @ k.mean(3).transpose(-1, -2)).double() / q.shape[-1] ** 0.5
        p = scores.masked_fill(~local.repeat(1, keys // n), float("-inf")).softmax(-1).flatten(2)
        ordered = p.sort(-1, descending=True)[0]
        top = min(int(config.topk_per_window * n), n * keys - 1)
        theta = ordered[..., top]
        if (theta > 0).all():
            self.smallest = min(self.smallest, ((ordered[..., top - 1] - theta) / theta).min().item())
        return self.original(q, k, local, config)


@torch.no_grad()
def run(net, x, noise, strength, quantisers=None):
    """x [T, 3, H, W]; quantisers: one for every latent, or None -> taps of the padded clip, selection margin"""
    frames = net.config.token[0]
    whole = pad(torch.cat([x, x[-1:].expand(-len(x) % frames, -1, -1, -1)]))
    taps, margin = {}, Margin()
    model.attention.select = margin
    try:
        told = None if quantisers is None else torch.as_tensor(quantisers)[None]
        net(whole[None], noise[None], strength=strength, taps=taps, quantiser=told)
    finally:
        model.attention.select = margin.original
    return taps, margin.smallest


def wanted(name, frames, every):
    """Which taps are kept: all latents; of the frames one whole, and the result of the first and the last."""
    kind, index, what = name.split(".", 2)
    if kind == "latent":
        return True
    if int(index) >= frames:
        return False
    return every or int(index) == frames // 2 or (what == "out" and int(index) in (0, frames - 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--model", help="exported folder; without it a small random model is made")
    parser.add_argument(
        "--scale",
        type=int,
        help="of the exported model, with the weights that belong to it; the input stays at its size",
    )
    parser.add_argument("--strength", type=float)
    parser.add_argument("--medium", action="store_true")
    parser.add_argument("--quantisers", type=float, nargs="+", help="of every latent, of a model that is told them")
    parser.add_argument("--frames", type=int, default=14)
    parser.add_argument("--size", default="72x40", help="WxH")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--all", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(1)
    net = (
        read_folder(args.model, args.scale)
        if args.model
        else random_model(args.strength, args.seed, args.medium, bool(args.quantisers))
    )
    width, height = map(int, args.size.split("x"))
    x = moving_picture(args.frames, height, width, args.seed)
    latents, tokens = -(-args.frames // 4), (-(-height // 64) * 4) * (-(-width // 64) * 4)
    noise = torch.randn(
        latents, tokens, net.config.noise_channels, generator=torch.Generator().manual_seed(args.seed + 1)
    )
    taps, margin = run(net, x, noise, args.strength, args.quantisers)
    if margin < MARGIN:
        raise SystemExit(
            f"The selection hangs on rounding (margin {margin:.1e} < {MARGIN}); take another --seed. Nothing was written."
        )
    os.makedirs(args.out, exist_ok=True)
    state = {exported_name(k): v for k, v in net.state_dict().items()}
    write_folder(
        args.out,
        state,
        net.config,
        os.path.basename(os.path.normpath(args.model))
        if args.model
        else "heirloom-keepsake-golden"
        if args.quantisers
        else "heirloom-m-golden"
        if args.medium
        else "heirloom-s-golden",
        "1",
    )
    inputs = {"x": x, "noise": noise}
    if args.strength is not None:
        inputs["strength"] = torch.tensor([args.strength])
    if args.quantisers:
        inputs["quantiser"] = torch.tensor(args.quantisers)
    kept = {k: v.contiguous() for k, v in taps.items() if wanted(k, args.frames, args.all)}
    for name, tensors in (("inputs", inputs), ("outputs", kept)):
        path = os.path.join(args.out, name + ".safetensors")
        save_file(tensors, path)
        os.chmod(path, 0o644)
    size = sum(os.path.getsize(os.path.join(args.out, f)) for f in os.listdir(args.out))
    moved = (taps["frame.0.out"] - pad(x[:1])[0]).abs().mean().item()
    print(
        f"{args.out}: {len(kept)} taps, {size / 1e6:.2f} MB, selection margin {margin:.1e}, mean change of frame 0 {moved:.3f}"
    )


if __name__ == "__main__":
    main()
