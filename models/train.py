"""Trains heirloom-s in slices: each call trains for some minutes, saves everything, and the next call continues exactly there.

    python models/train.py --data DIR --run DIR --minutes 20 --total-steps 24000 [--warm-start models/checkpoints/heirloom-s-v0.3.pt]

Learning rate: warm-up, then cosine to zero over --total-steps. The last part of the run (--large-from) uses larger crops and more frames,
so that the top-k selection really selects. Crops and noise of a step depend on the seed and the step number alone; weights, optimiser, EMA and
the step are saved. First lines: throughput and the steps this slice will reach."""

import argparse
import json
import math
import os
import time

import torch
from data_axes import axes, measure
from loss import loss
from model.block import Strength
from model.config import SMALL, from_json, to_json
from model.heirloom_s import HeirloomS
from model.widen import widen
from pool import Pool

SCALE_SHARES = {2: 0.7, 4: 0.11, 1: 0.19}
# linear path and transformer learn slower
RATE_OF = (
    ("decoder.output.linear", 0.2),
    ("blocks.", 0.5),
    ("projection.", 0.5),
    ("head.", 0.5),
    ("noise_embedding", 0.5),
)
EMA = 0.998
SAVE_EVERY_S = 180


def new_network(pool, seed, warm_start, crop, config=None):
    """Fixed axes from the data; weights fresh or taken over, from a narrower network too. Without a config: that of the network taken over, or heirloom-s."""
    torch.manual_seed(seed)
    kept = torch.load(warm_start, weights_only=True, map_location="cpu") if warm_start else None
    config = config or (from_json(kept["config"]) if kept else SMALL)
    net = HeirloomS(config)
    if not kept:
        net.load_state_dict(axes(*measure(pool, seed + 1, crop=crop), config), strict=False)
        return net
    old = {k: v.float() for k, v in kept["ema"].items()}
    if from_json(kept["config"]).decoder != config.decoder:
        widen(net, old, from_json(kept["config"]))
        return net
    # as new, where the old one has none
    strength = {k: v for k, v in net.state_dict().items() if k.startswith("strength.")}
    net.load_state_dict({**strength, **old})
    return net


def groups_of(net):
    """One group of the optimiser for every parameter, with its share of the rate"""
    share = lambda name: next((s for prefix, s in RATE_OF if name.startswith(prefix)), 1.0)
    return [{"params": [p], "share": share(name)} for name, p in net.named_parameters() if p.requires_grad]


def optimizer_of(net, decay):
    return torch.optim.AdamW(groups_of(net), lr=1e-3, betas=(0.9, 0.99), weight_decay=decay, foreach=True)


def schedule(step, warm_up, done):
    """Share of the rate: warm-up over so many steps, then a cosine to zero. done: of the plan, 0..1"""
    return min(1, (step + 1) / warm_up) * (0.5 + 0.5 * math.cos(math.pi * min(done, 1)))


@torch.no_grad()
def into_average(average, net, step):
    """The running average of the weights takes in those of now; it forgets faster at the start"""
    now, keep = net.state_dict(), min(EMA, (1 + step) / (10 + step))
    torch._foreach_lerp_([average[k] for k in now], list(now.values()), 1 - keep)


def save(path, content):
    """Beside the target, then renamed: a crash leaves the old one whole."""
    torch.save(content, path + ".part")
    os.replace(path + ".part", path)


class Trainer:
    device = "cpu"

    def __init__(self, args):
        self.args = args
        self.pool = self.open_pool()
        self.path = os.path.join(args.run, "checkpoint.pt")
        self.saved = saved = (
            torch.load(self.path, weights_only=True, map_location=self.device) if os.path.exists(self.path) else None
        )
        self.step = saved["step"] if saved else 0
        self.net = HeirloomS(from_json(saved["config"])) if saved else self.new_network()
        if saved:
            self.net.load_state_dict(saved["weights"])
        elif args.strength:
            # afresh: what it knew belonged to the network before
            self.net.strength = Strength(self.net.config)
        self.net = self.net.to(device=self.device, memory_format=torch.channels_last)
        self.average = {k: v.detach().clone() for k, v in (saved["ema"] if saved else self.net.state_dict()).items()}
        for name, parameter in self.net.named_parameters():
            parameter.requires_grad_(name.startswith("strength.") == args.strength)
        self.optimizer = self.new_optimizer()
        if saved:
            self.optimizer.load_state_dict(saved["optimizer"])
        self.minutes = saved.get("minutes", 0.0) if saved else 0.0  # trained in the slices before

    def open_pool(self):
        return Pool(self.args.data, self.args.pairs, SCALE_SHARES)

    def new_network(self):
        return new_network(self.pool, self.args.seed, self.args.warm_start, self.args.crop)

    def new_optimizer(self):
        return optimizer_of(self.net, self.args.decay)

    def done(self):
        """Share of the plan, 0..1"""
        return self.step / self.args.total_steps

    def rate(self):
        a = self.args
        return a.rate * schedule(self.step, a.warm_up, self.done())

    def crops(self, crop, frames):
        """Those of this step, beside each other, and what the model is told of each [B]"""
        a = self.args
        drawn = [self.pool.sample(a.seed, self.step * a.batch + i, crop, frames, a.strength) for i in range(a.batch)]
        *parts, told = zip(*drawn)
        return *(torch.cat(part) for part in parts), told

    def answer(self, x, noise, told, vectors):
        """The strength is one number, so with --strength a step is one crop"""
        return self.net(x, noise, told[0] if self.args.strength else None, vectors=vectors)

    def one_step(self):
        a = self.args
        large = self.done() >= a.large_from
        crop, frames = (a.large_crop, a.large_frames) if large else (a.crop, a.frames)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate() * group["share"]
        x, truth, vectors, told = self.crops(crop, frames)
        noise = torch.randn(
            len(x),
            frames // 4,
            (crop // 16) ** 2,
            self.net.config.noise_channels,
            generator=torch.Generator().manual_seed(a.seed * 1_000_003 + self.step),
        )
        with torch.autocast("cpu", torch.bfloat16, enabled=a.bfloat16):
            y = self.answer(x, noise, told, vectors)
        self.optimizer.zero_grad(set_to_none=True)
        value = self.learn(y.float(), x, truth)
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        into_average(self.average, self.net, self.step)
        return value

    def learn(self, y, x, truth):
        """Gradients into the network -> the loss"""
        value = loss(y, truth)
        value.backward()
        return value.item()

    def told(self):
        """What else a line of progress says"""
        return ""

    def state(self):
        return {
            "step": self.step,
            "minutes": self.minutes,
            "config": to_json(self.net.config),
            "weights": self.net.state_dict(),
            "ema": self.average,
            "optimizer": self.optimizer.state_dict(),
            "arguments": json.dumps(vars(self.args)),
            "pairs": len(self.pool.lines),
        }

    def save(self):
        save(self.path, self.state())

    def run(self):
        a = self.args
        print(
            f"step {self.step}, {self.done():.0%} of the plan, {len(self.pool.lines)} pairs, {sum(p.numel() for p in self.net.parameters())} parameters",
            flush=True,
        )
        start = saved_at = time.time()
        first, running, before = self.step, None, self.minutes
        while (
            self.done() < 1
            and (a.steps is None or self.step - first < a.steps)
            and time.time() - start < a.minutes * 60
        ):
            value = self.one_step()
            self.minutes = before + (time.time() - start) / 60
            running = value if running is None else running * 0.99 + value * 0.01
            done, elapsed = self.step - first, time.time() - start
            if done in (10, 50) or done % 250 == 0:
                reach = first + int(done / elapsed * a.minutes * 60)
                print(
                    f"step {self.step} loss {float(running):.5f} rate {self.rate():.2e} {done / elapsed:.2f} steps/s, this slice will reach {reach}{self.told()}",
                    flush=True,
                )
            if time.time() - saved_at > SAVE_EVERY_S:
                saved_at = time.time()
                self.save()
        self.save()
        print(f"saved step {self.step} after {(time.time() - start) / 60:.1f} min", flush=True)


def shared_arguments(parser):
    """What every way of training can be told"""
    add = parser.add_argument
    add("--run", required=True)
    add("--minutes", type=float, default=20)
    add("--steps", type=int, help="stop this slice after so many steps")
    add("--warm-start", help="a kept checkpoint of ours, or that of a run")
    add("--seed", type=int, default=1)
    add("--threads", type=int, default=1)
    add("--rate", type=float, default=1e-3)
    add("--warm-up", type=int, default=200)
    add("--decay", type=float, default=1e-4)
    add("--crop", type=int, default=128)
    add("--frames", type=int, default=8)
    add("--large-from", type=float, default=0.67)
    add("--large-crop", type=int, default=192)
    add("--large-frames", type=int, default=12)


def parser_of(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared_arguments(parser)
    add = parser.add_argument
    add("--data", required=True)
    add("--total-steps", type=int, default=20000)
    add("--pairs", type=int, help="use the first so many lines of pairs.jsonl")
    add("--batch", type=int, default=1, help="crops of one step")
    add(
        "--bfloat16",
        action="store_true",
        help="convolutions and products in bfloat16: twice as fast on processors that have it",
    )
    add(
        "--strength",
        action="store_true",
        help="train what strengths below 1 do, and nothing else, on the stages of models/strength.py",
    )
    return parser


def arguments(text=None):
    return parser_of(__doc__).parse_args(text)


def run_slice(trainer, args):
    """One slice of a trainer of prepared pairs, on the processor"""
    if args.strength and args.batch > 1:
        raise SystemExit("--strength goes with --batch 1: a step has one strength. Nothing was trained.")
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    os.makedirs(args.run, exist_ok=True)
    trainer(args).run()


if __name__ == "__main__":
    run_slice(Trainer, arguments())
