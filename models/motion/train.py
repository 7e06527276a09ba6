"""Trains heirloom-motion in slices, on one thread of a processor: each call trains for some minutes, saves everything, and the next continues exactly there.

    cd models; python -m motion.train --footage DIR --clips DIR --run DIR --minutes 90 --total-steps 12000

--footage: folder of packs with photo/ and video/; --clips: where the decoded training clips lie or are put. A quarter of a step is rendered motion, the
rest real clips with frames taken out. Learning rate: warm-up, level, and a line to zero over the last --cool-down of --total-steps: how long a run is may be
decided late."""

import argparse
import glob
import json
import os
import time

import torch

from .clips import store
from .config import from_json, to_json
from .draws import Draws
from .loss import loss
from .network import Motion

EMA = 0.995
SAVE_EVERY_S = 180


def sequence(net, keys, t):
    """keys [B, K, 3, H, W] -> what lies at t in the last gap. What was before it is history: the weights that write it learn, the features do not."""
    with torch.no_grad():
        history = [net.features(key) for key in keys[:, :-2].unbind(1)]
    return net.between(net.gap(history + [net.features(key) for key in keys[:, -2:].unbind(1)]), t)


def save(path, content):
    """Beside the target, then renamed: a crash leaves the old one whole."""
    torch.save(content, path + ".part")
    os.replace(path + ".part", path)


class Trainer:
    def __init__(self, args, draws):
        self.args, self.draws = args, draws
        self.path = os.path.join(args.run, "checkpoint.pt")
        saved = torch.load(self.path, weights_only=True) if os.path.exists(self.path) else None
        torch.manual_seed(args.seed)
        self.net = Motion(from_json(saved["config"])) if saved else Motion()
        if saved:
            self.net.load_state_dict(saved["weights"])
        elif args.warm_start:
            self.net.load_state_dict(torch.load(args.warm_start, weights_only=True)["ema"])
        self.net = self.net.to(memory_format=torch.channels_last)
        self.average = saved["ema"] if saved else {k: v.detach().clone() for k, v in self.net.state_dict().items()}
        self.optimizer = torch.optim.AdamW(
            self.net.parameters(), lr=args.rate, betas=(0.9, 0.99), weight_decay=1e-4, foreach=True
        )
        if saved:
            self.optimizer.load_state_dict(saved["optimizer"])
        self.step = saved["step"] if saved else 0
        self.minutes = saved["minutes"] if saved else 0.0

    def rate(self):
        a = self.args
        left = max(a.total_steps - self.step, 0)
        return a.rate * min(1, (self.step + 1) / a.warm_up, left / a.cool_down)

    def one_step(self):
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        drawn = self.draws.step(self.args.seed, self.step)
        out = sequence(self.net, drawn.keys, drawn.t)
        value = loss(out, drawn.truth, drawn.flows, drawn.known)
        self.optimizer.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        with torch.no_grad():
            now, keep = self.net.state_dict(), min(EMA, (1 + self.step) / (10 + self.step))
            torch._foreach_lerp_([self.average[k] for k in now], list(now.values()), 1 - keep)
        return value.item(), gain(out, drawn)

    def save(self):
        save(
            self.path,
            {
                "step": self.step,
                "minutes": self.minutes,
                "config": to_json(self.net.config),
                "weights": self.net.state_dict(),
                "ema": self.average,
                "optimizer": self.optimizer.state_dict(),
                "arguments": json.dumps(vars(self.args)),
            },
        )

    def run(self):
        a = self.args
        start = saved_at = time.time()
        first, before, running = self.step, self.minutes, None
        print(f"step {self.step}, {sum(p.numel() for p in self.net.parameters())} parameters", flush=True)
        while (
            self.step < a.total_steps
            and (a.steps is None or self.step - first < a.steps)
            and time.time() - start < a.minutes * 60
        ):
            told = torch.tensor(self.one_step())
            self.minutes = before + (time.time() - start) / 60
            running = told if running is None else running * 0.98 + told * 0.02
            done = self.step - first
            if done in (10, 50) or done % 100 == 0:
                print(
                    f"step {self.step} loss {running[0]:.4f} over blend {running[1]:+.2f} dB rate {self.rate():.1e} "
                    f"{done / (time.time() - start):.2f} steps/s",
                    flush=True,
                )
            if time.time() - saved_at > SAVE_EVERY_S:
                saved_at = time.time()
                self.save()
        self.save()
        print(f"saved step {self.step} after {(time.time() - start) / 60:.1f} min", flush=True)


@torch.no_grad()
def gain(out, drawn):
    """PSNR over the plain mean of both keys, dB, mean over the crops; errors below two 8-bit steps count as that"""
    level = lambda e: e.pow(2).flatten(1).mean(1) + (2 / 127.5) ** 2
    plain = (1 - drawn.t) * drawn.keys[:, -2] + drawn.t * drawn.keys[:, -1]
    return (10 * torch.log10(level(plain - drawn.truth) / level(out.picture - drawn.truth))).mean().item()


def arguments(text=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--footage", required=True)
    add("--clips", help="without it, rendered motion alone")
    add("--run", required=True)
    add("--minutes", type=float, default=20)
    add("--steps", type=int, help="stop this slice after so many steps")
    add("--total-steps", type=int, default=12000)
    add("--warm-start", help="a kept checkpoint of ours, or that of a run")
    add("--seed", type=int, default=1)
    add("--rate", type=float, default=8e-4)
    add("--warm-up", type=int, default=200)
    add("--cool-down", type=int, default=1500, help="steps at the end over which the rate falls to nothing")
    add("--crop", type=int, default=192)
    add("--batch", type=int, default=8)
    return parser.parse_args(text)


def main():
    args = arguments()
    torch.set_num_threads(1)
    packs = sorted(glob.glob(os.path.join(args.footage, "pack-*")))
    if args.clips:
        store(packs, args.clips)
    os.makedirs(args.run, exist_ok=True)
    Trainer(args, Draws(packs, args.clips, args.crop, args.batch)).run()


if __name__ == "__main__":
    main()
