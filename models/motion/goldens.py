"""Writes golden tensors of heirloom-motion: a small random model, keys, and what every step of the graph makes of them in fp32. The native engine is compared
with these.

    cd models; python -m motion.goldens --out ../test/fixtures/heirloom-motion-golden

The keys are more than the history holds, of a size that has to be padded; a pair of them is equal in parts, so that not all cells are needed."""

import argparse
import os

import torch
from goldens import moving_picture
from safetensors.torch import save_file

from .config import Config
from .files import write_folder
from .network import Motion, padded

SMALL = Config(
    quarter=5, eighth=7, dim=16, heads=2, key_dim=8, value_dim=8, ffn=24, window=2, history=3, search=2,
    local=(2, 1), hidden=3, flow=9, fine=6, residual=4,
)  # fmt: skip
TIMES = (0.5, 0.25)
LEAST = 0.11  # confidences under it would show a key in the engine, which is not of the graph


def random_model(seed):
    """fp16-representable weights of the size training gives them; heads that training begins at zero say something"""
    net = Motion(SMALL)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in net.state_dict().items():
            random = torch.randn(value.shape, generator=generator)
            if value.dim() >= 2:
                random = random * (1.2 / value[0].numel() ** 0.5)
            elif "norm" in name:
                random = 1 + 0.2 * random
            elif name.endswith("sharpness"):
                random = 0.3 + 0.05 * random
            else:
                random = 0.1 * random
            value.copy_(random.half().float())
        # motions of some pixels, not of hundreds; what stands still is found to
        for head in (net.middle_head, net.fine_head):
            head.weight.mul_(0.125)
        net.coarse_head.weight[:16] *= 2**-10
        net.coarse_head.bias[:16] *= 2**-10
        net.sharpness.fill_(4)
    return net.eval()


def clip(frames, height, width, seed):
    """Keys [T, 3, H, W]; their left half stands still"""
    x = moving_picture(frames, height, width, seed)
    x[:, :, :, : width // 2] = x[:1, :, :, : width // 2]
    return x


@torch.no_grad()
def taps(net, keys, t):
    """-> {name: tensor without the batch} of the last gap, by need"""
    gap = net.gap([net.features(padded(key[None])) for key in keys])
    made, dense = net.between(gap, t, "asked"), net.between(gap, t)
    if torch.sigmoid(made.confidence).min() < LEAST:
        raise SystemExit("A confidence is too low to be compared; take another --seed. Nothing was written.")
    named = {
        "state": gap.state[0],
        "flow.coarse": made.flows[0],
        "flow.middle": made.flows[1],
        "need": made.need.float(),
        "flow.fine": made.flows[2],
        "shown": made.picture.clamp(-1, 1),
    }
    if t == TIMES[0]:
        named["dense.confidence"], named["dense.shown"] = dense.confidence, dense.picture.clamp(-1, 1)
    return {f"{t}.{name}": value[0].contiguous() for name, value in named.items()}, made.need.float().mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    net, keys = random_model(args.seed), clip(4, 42, 58, args.seed)
    outputs, shares = {}, []
    for t in TIMES:
        named, share = taps(net, keys, t)
        outputs.update(named)
        shares.append(share)
    if not 0.3 < shares[0] < 0.9:
        raise SystemExit(
            f"Cells needed: {shares}; too few or too many to tell. Take another --seed. Nothing was written."
        )
    write_folder(args.out, net, "heirloom-motion-golden", "1")
    for name, tensors in (("inputs", {"keys": keys}), ("outputs", outputs)):
        path = os.path.join(args.out, name + ".safetensors")
        save_file(tensors, path)
        os.chmod(path, 0o644)
    size = sum(os.path.getsize(os.path.join(args.out, f)) for f in os.listdir(args.out))
    print(f"{args.out}: {len(outputs)} taps, {size / 1e3:.0f} kB, cells needed {shares}")


if __name__ == "__main__":
    main()
