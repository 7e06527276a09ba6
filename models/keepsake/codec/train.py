"""Trains the residual codec in slices, on one thread of a processor: each call trains for some minutes, saves everything, and the next continues exactly there.

    cd models; python -m keepsake.codec.train codec --footage DIR --clips DIR --run DIR --minutes 30 --total-steps 5000
    python -m keepsake.codec.train residual --codec DIR/checkpoint.pt --features FILE --footage DIR --clips DIR --run DIR2 --minutes 15 --total-steps 2000
    python -m keepsake.codec.train direct ...                                   # the comparison: the same net says the picture itself

codec: bits and squared error. residual: the diffusion beside a codec that no longer changes; --features is what keepsake/perception.py made. Learning rate: warm-up, level, and a line to
zero over the last --cool-down of --total-steps: how long a run is may be decided late."""

import argparse
import glob
import json
import math
import os
import time

import torch
import torch.nn as nn
from train import save

from ..perception import distance, restored
from .begin import begun
from .config import PHOTO, from_json, to_json
from .draws import SIDES, Draws
from .loss import Prior, loss
from .network import Codec, Denoiser, shares

EMA = 0.995
SAVE_EVERY_S = 120
TRANSFORMS = ("codec.analysis", "codec.synthesis", "codec.fidelity")
LAST = 0.02  # times are drawn from here to 1: nothing is asked of less noise


def seen_of(codec, x, quality):
    """What the diffusion is told of crops: c4, the faithful picture"""
    with torch.no_grad():
        return codec.decoded(*codec.encoded(x, quality), quality)


def residual_std(codec, draws, seed, steps=24):
    """-> the logarithm of the deviation of what the codec leaves out, at its knots"""
    knots = torch.linspace(0, codec.config.qualities - 1, len(codec.log_residual_std)).round().long()
    sums = torch.zeros(len(knots))
    for step in range(steps):
        x = draws.step(seed + 1000, step)[:2]
        for k, quality in enumerate(knots):
            _, faithful = seen_of(codec, x, quality.repeat(len(x)))
            sums[k] += (x - faithful).pow(2).mean().item() / steps
    return 0.5 * sums.log()


def first_crops(draws, seed, steps=120):
    """What the beginning is found on, [B, 3, s, s] of the smallest side"""
    drawn = [draws.step(seed + 2000, step) for step in range(steps)]
    return torch.cat([x for x in drawn if x.shape[-1] == min(SIDES)])


class CodecTask:
    """Bits and squared error"""

    def __init__(self, args, saved, draws):
        config = from_json(saved["config"]) if saved else PHOTO
        self.net = nn.ModuleDict({"codec": Codec(config), "prior": Prior(config.hyper)})
        if args.warm_start and not saved:
            kept = torch.load(args.warm_start, weights_only=True, map_location="cpu")["ema"]
            self.net.load_state_dict({name: value.float() for name, value in kept.items()})
        elif not saved:
            begun(self.net["codec"], first_crops(draws, args.seed))
        self.config, self.draws, self.args = config, draws, args

    def groups(self):
        """(share of the rate, parameters): what begins as a transform that works goes slowly, the hyperprior, which begins with nothing, does not"""
        is_slow = lambda name: name.startswith(TRANSFORMS)
        named = list(self.net.named_parameters())
        slow, fast = ([p for name, p in named if is_slow(name) == wanted] for wanted in (True, False))
        return [(self.args.transform, slow), (1.0, fast)]

    def value(self, step):
        x = self.draws.step(self.args.seed, step)
        quality = torch.randint(self.config.qualities, (len(x),))
        value, bits, error = loss(self.net["codec"], self.net["prior"], x, quality)
        return value, {"bpp": bits, "psnr": 10 * math.log10(255**2 / error)}


def codec_of(path):
    """The codec of a checkpoint as it was trained, in its averaged weights"""
    saved = torch.load(path, weights_only=True, map_location="cpu")
    codec = Codec(from_json(saved["config"]))
    codec.load_state_dict({k[6:]: v.float() for k, v in saved["ema"].items() if k.startswith("codec.")})
    return codec.eval().requires_grad_(False)


class DiffusionTask:
    """What the codec leaves out, or, directly, the picture itself. --share: pull of the features beside the squared error"""

    def __init__(self, args, saved, draws):
        self.codec, self.args, self.draws = codec_of(args.codec), args, draws
        self.config, self.is_direct = self.codec.config, args.task == "direct"
        self.net = nn.ModuleDict({"denoiser": quiet(Denoiser(self.config))})
        self.perception = restored(args.features)
        self.log_std = saved["log_std"] if saved else residual_std(self.codec, draws, args.seed)
        self.codec.log_residual_std.data.copy_(self.log_std)

    def groups(self):
        return [(1.0, list(self.net.parameters()))]

    def value(self, step):
        x = self.draws.step(self.args.seed, step)
        quality = torch.randint(self.config.qualities, (len(x),))
        c4, faithful = seen_of(self.codec, x, quality)
        std = self.codec.residual_std(quality)
        told, sought = (torch.zeros_like(x), x) if self.is_direct else (faithful, (x - faithful) / std)
        t = 1 - (1 - LAST) * torch.rand(len(x)) * (torch.rand(len(x)) > 0.25)  # a quarter of them 1: there it begins
        a, b = (torch.tensor(n)[:, None, None, None] for n in zip(*(shares(each) for each in t.tolist())))
        said = self.net["denoiser"](a * sought + b * torch.randn_like(x), told, c4, t)
        picture = said if self.is_direct else faithful + std * said
        # both are judged by the same error: that of the picture, in what the codec leaves out
        error = ((picture - x) / std).pow(2).mean()
        near = distance(self.perception, picture.clamp(-1, 1), x)
        return error + self.args.share * near, {"error": error.item(), "features": near.item()}


def quiet(denoiser):
    """Layers that neither shrink nor swell what goes through them, little of it at first"""
    for name, layer in denoiser.denoiser.items():
        if name != "out":
            nn.init.kaiming_normal_(layer.weight, a=0.1, nonlinearity="leaky_relu")
            nn.init.zeros_(layer.bias)
            layer.weight.data.mul_(1.0 if name == "0" else 0.5)
    return denoiser


class Trainer:
    def __init__(self, args, draws):
        self.args, self.path = args, os.path.join(args.run, "checkpoint.pt")
        saved = torch.load(self.path, weights_only=True) if os.path.exists(self.path) else None
        torch.manual_seed(args.seed)
        self.task = (CodecTask if args.task == "codec" else DiffusionTask)(args, saved, draws)
        self.net = self.task.net
        if saved:
            self.net.load_state_dict(saved["weights"])
        self.average = saved["ema"] if saved else {k: v.detach().clone() for k, v in self.net.state_dict().items()}
        groups = self.task.groups()
        self.shares = [share for share, _ in groups]
        self.optimizer = torch.optim.Adam(
            [{"params": p} for _, p in groups], lr=args.rate, betas=(0.9, 0.99), foreach=True
        )
        if saved:
            self.optimizer.load_state_dict(saved["optimizer"])
        self.step, self.minutes = (saved["step"], saved["minutes"]) if saved else (0, 0.0)

    def rate(self):
        a = self.args
        left = max(a.total_steps - self.step, 0)
        return a.rate * min(1, (self.step + 1) / a.warm_up, left / a.cool_down)

    def one_step(self):
        for share, group in zip(self.shares, self.optimizer.param_groups):
            group["lr"] = share * self.rate()
        torch.manual_seed(self.args.seed * 10_000_019 + self.step)
        value, told = self.task.value(self.step)
        self.optimizer.zero_grad(set_to_none=True)
        value.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), self.args.clip)
        self.optimizer.step()
        self.step += 1
        with torch.no_grad():
            now, keep = self.net.state_dict(), min(EMA, (1 + self.step) / (10 + self.step))
            torch._foreach_lerp_([self.average[k] for k in now], list(now.values()), 1 - keep)
        return {"loss": value.item(), **told}

    def save(self):
        content = {
            "step": self.step,
            "minutes": self.minutes,
            "config": to_json(self.task.config),
            "weights": self.net.state_dict(),
            "ema": self.average,
            "optimizer": self.optimizer.state_dict(),
            "arguments": json.dumps(vars(self.args)),
        }
        if self.args.task != "codec":
            content["log_std"] = self.task.log_std
        save(self.path, content)

    def run(self):
        a = self.args
        start = saved_at = time.time()
        first, before, running = self.step, self.minutes, {}
        print(f"step {self.step}, {sum(p.numel() for p in self.net.parameters())} parameters", flush=True)
        while self.step < a.total_steps and time.time() - start < a.minutes * 60:
            for name, value in self.one_step().items():
                running[name] = running.get(name, value) * 0.98 + value * 0.02
            self.minutes = before + (time.time() - start) / 60
            done = self.step - first
            if done in (10, 50) or done % 100 == 0:
                told = " ".join(f"{name} {value:.4f}" for name, value in running.items())
                pace = done / (time.time() - start)
                print(f"step {self.step} {told} rate {self.rate():.1e} {pace:.2f} steps/s", flush=True)
            if time.time() - saved_at > SAVE_EVERY_S:
                saved_at = time.time()
                self.save()
        self.save()
        print(f"saved step {self.step} after {(time.time() - start) / 60:.1f} min", flush=True)


def arguments(text=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("task", choices=("codec", "residual", "direct"))
    add("--footage", required=True)
    add("--clips", help="without it, photos alone")
    add("--run", required=True)
    add("--codec", help="checkpoint of a codec; of the diffusion")
    add("--warm-start", help="a kept checkpoint of ours, or that of a run; of the codec")
    add("--features", help="what keepsake/perception.py made; of the diffusion")
    add("--share", type=float, default=0.3, help="pull of the features; of the diffusion")
    add("--minutes", type=float, default=20)
    add("--total-steps", type=int, default=5000)
    add("--seed", type=int, default=1)
    add("--rate", type=float, default=1e-3)
    add(
        "--transform",
        type=float,
        default=0.05,
        help="share of the rate that analysis, synthesis and fidelity have; of the codec",
    )
    add("--clip", type=float, default=1.0, help="most length of a gradient")
    add("--warm-up", type=int, default=100)
    add("--cool-down", type=int, default=1500, help="steps at the end over which the rate falls to nothing")
    add("--pixels", type=int, default=4 * 128 * 128, help="of a step, about")
    return parser.parse_args(text)


def main():
    args = arguments()
    torch.set_num_threads(1)
    packs = sorted(glob.glob(os.path.join(args.footage, "pack-*")))
    os.makedirs(args.run, exist_ok=True)
    Trainer(args, Draws(packs, args.clips, args.pixels)).run()


if __name__ == "__main__":
    main()
