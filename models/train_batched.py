"""Trains a model in batches on a card (or, to try it, on the processor) in a planned number of minutes: pairs are made beside it by models/fresh_pool.py, the rate
falls to zero when the time is over, whatever the throughput, and one step is one recording of the card's work.

    python models/train_batched.py --pack .cache/m --run DIR --device cuda --warm-start models/checkpoints/heirloom-s-v0.3.pt --total-minutes 5 --minutes 5

A slice saves everything, and the next call continues there (pairs are new ones). --home DIR: also leaves there what must survive the machine: kept.pt, the averaged
weights as fp16, and checkpoint.pt.0, .1, ... (`cat` makes the checkpoint of them again)."""

import argparse
import math
import os
import time

import torch
from fresh_pool import FreshPool
from loss import gain, loss
from model.config import MEDIUM, SMALL, to_json
from train import Trainer, groups_of, new_network, shared_arguments

PIECE_BYTES = 15 << 20
EMA = 0.999
GAIN_SHARE = 0.02  # of one batch in the gain that is told
FIRST_PAIRS, FIRST_SECONDS = 256, 30
WARM_UP_CALLS = 3  # before a step is recorded


def grouped(net):
    """groups_of, parameters of one share together: the fused optimiser is one launch for each"""
    shares = {}
    for group in groups_of(net):
        shares.setdefault(group["share"], []).extend(group["params"])
    return [{"params": params, "share": share} for share, params in shares.items()]


class Step:
    """One optimisation step on fixed tensors: eager, or recorded once and replayed. A step whose gradient is not finite changes nothing."""

    def __init__(self, trainer, batch, crop, frames):
        net, device = trainer.net, trainer.device
        self.trainer, self.crop, self.frames = trainer, crop, frames
        self.drawn = torch.zeros(batch, 6, dtype=torch.long, device=device)
        self.noise = torch.zeros(batch, frames // 4, (crop // 16) ** 2, net.config.noise_channels, device=device)
        self.keep = torch.zeros((), device=device)  # share of the average that stays
        self.value, self.gain, self.skipped = (torch.zeros((), device=device) for _ in range(3))
        self.parameters = [p for p in net.parameters() if p.requires_grad]
        state = net.state_dict()
        self.averages, self.weights = [trainer.average[k] for k in state], list(state.values())
        self.calls, self.recording = 0, None

    def work(self):
        t = self.trainer
        x, truth, vectors = t.pool.gather(self.drawn, self.crop, self.frames)
        with torch.autocast(t.device, torch.bfloat16, enabled=t.device == "cuda", cache_enabled=False):
            y = t.net(x, self.noise, vectors=vectors)
        value = loss(y, truth)
        value.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        t.optimizer.found_inf = (~torch.isfinite(norm)).float()
        t.optimizer.step()
        t.optimizer.zero_grad(set_to_none=True)
        with torch.no_grad():
            change = torch._foreach_sub(self.weights, self.averages)
            torch._foreach_mul_(change, 1 - self.keep)
            torch._foreach_add_(self.averages, change)
            self.value.copy_(value.detach())
            self.gain.lerp_(gain(y.detach(), x, truth), GAIN_SHARE)
            self.skipped.add_(t.optimizer.found_inf)

    def record(self):
        torch.cuda.synchronize()
        recording = torch.cuda.CUDAGraph()
        try:
            with torch.cuda.graph(recording):
                self.work()
        # whatever the reason: training without a recording is slower and right
        except Exception as error:
            self.trainer.optimizer.zero_grad(set_to_none=True)
            torch.cuda.synchronize()
            print(f"The step could not be recorded ({str(error).splitlines()[0]}); it runs without.", flush=True)
            self.trainer.recorded = False
            return
        self.recording = recording

    def __call__(self, drawn, seed, keep):
        self.drawn.copy_(drawn)
        self.noise.normal_(generator=self.trainer.generator.manual_seed(seed))
        self.keep.fill_(keep)
        if self.trainer.recorded and self.recording is None and self.calls >= WARM_UP_CALLS:
            self.record()
        self.calls += 1
        if self.recording is not None:
            self.recording.replay()
        # what is recorded later must have run on a stream of its own before
        elif self.trainer.recorded:
            stream = torch.cuda.Stream()
            stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(stream):
                self.work()
            torch.cuda.current_stream().wait_stream(stream)
        else:
            self.work()


class BatchTrainer(Trainer):
    def __init__(self, args):
        self.device = args.device
        self.recorded = args.device == "cuda" and not args.eager
        args.strength, args.data = False, args.pack
        super().__init__(args)
        for group in self.optimizer.param_groups:
            group["lr"] = torch.zeros((), device=self.device)
        self.generator = torch.Generator(self.device)
        self.sizes, self.events, self.new_pair_at = {}, [], 0.0
        self.pool.fill(FIRST_PAIRS if self.device == "cuda" else 4, FIRST_SECONDS)

    def open_pool(self):
        a = self.args
        return FreshPool(a.pack, a.places, a.workers, a.seed + int(time.time()), a.device)

    def new_network(self):
        a = self.args
        return new_network(self.pool, a.seed, a.warm_start, a.crop, {"s": SMALL, "m": MEDIUM}[a.model])

    def new_optimizer(self):
        return torch.optim.AdamW(
            grouped(self.net),
            lr=torch.zeros((), device=self.device),
            betas=(0.9, 0.99),
            weight_decay=self.args.decay,
            fused=True,
            capturable=self.device == "cuda",
        )

    def done(self):
        return self.minutes / self.args.total_minutes

    def one_step(self):
        a = self.args
        large = self.done() >= a.large_from
        size = (a.large_batch, a.large_crop, a.large_frames) if large else (a.batch, a.crop, a.frames)
        if size not in self.sizes:
            self.sizes = {size: Step(self, *size)}
        step = self.sizes[size]
        self.renew()
        for group in self.optimizer.param_groups:
            group["lr"].fill_(self.rate() * group["share"])
        self.step += 1
        step(
            self.pool.draw(a.seed, self.step, *size),
            a.seed * 1_000_003 + self.step,
            min(EMA, (1 + self.step) / (10 + self.step)),
        )
        self.current = step
        # the processor stays two steps ahead, so that minutes are minutes of the card
        if self.device == "cuda":
            self.events.append(torch.cuda.Event())
            self.events[-1].record()
            if len(self.events) > 2:
                self.events.pop(0).synchronize()
        return step.value.clone()

    def renew(self):
        """New pairs: quickly until the places are full, then now and then"""
        if self.device == "cuda" and self.pool.taken < self.args.places:
            self.pool.take_in(2)
        elif time.time() > self.new_pair_at:
            self.new_pair_at = time.time() + self.args.new_pair_seconds
            self.pool.take_in(1)

    def told(self):
        """What else a line of progress says"""
        return f", gain over the input {float(self.current.gain):.3f} dB (a running mean that begins at 0), {self.pool.taken} pairs so far, {int(self.current.skipped)} steps skipped"

    def save(self):
        super().save()
        if not self.args.home:
            return
        os.makedirs(self.args.home, exist_ok=True)
        torch.save(
            {
                "step": self.step,
                "config": to_json(self.net.config),
                "ema": {k: v.half().cpu() for k, v in self.average.items()},
            },
            os.path.join(self.args.home, "kept.pt"),
        )
        with open(self.path, "rb") as whole:
            for number in range(math.ceil(os.path.getsize(self.path) / PIECE_BYTES)):
                with open(os.path.join(self.args.home, f"checkpoint.pt.{number}"), "wb") as piece:
                    piece.write(whole.read(PIECE_BYTES))


def arguments(text=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    shared_arguments(parser)
    add = parser.add_argument
    add("--pack", required=True, help="folder of models/travel.py")
    add("--home", help="where kept.pt and the pieces of the checkpoint go")
    add("--model", choices=("s", "m"), default="m")
    add("--device", choices=("cuda", "cpu"), default="cuda")
    add("--total-minutes", type=float, default=5, help="of all slices together: the rate is zero then")
    add("--batch", type=int, default=32)
    add("--large-batch", type=int, default=16)
    add("--places", type=int, default=1024, help="pairs the card holds; 28 MB each")
    add(
        "--workers",
        type=int,
        default=min(max(len(os.sched_getaffinity(0)) - 2, 1), 14),
        help="processes that make pairs",
    )
    add(
        "--new-pair-seconds",
        type=float,
        default=0.2,
        help="how often a new pair takes the place of the oldest, once all places are taken",
    )
    add("--eager", action="store_true", help="do not record the step")
    parser.set_defaults(frames=12, large_from=0.85, rate=8e-4)
    return parser.parse_args(text)


def main():
    args = arguments()
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    if args.device == "cuda":
        torch.backends.cudnn.benchmark = True
        # what stays in fp32, whitening above all, needs its digits
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    os.makedirs(args.run, exist_ok=True)
    trainer = BatchTrainer(args)
    try:
        trainer.run()
    finally:
        trainer.pool.close()


if __name__ == "__main__":
    main()
