"""Three questions, each answered with the same network, data and number of steps but for the one thing asked, from three seeds: ladder or direct pairs,
sparse or dense attention, one step or four. docs/ABLATIONS.md holds the answers.

    python models/ladders.py --data DIR --out LADDERS
    python models/ablate.py run --ladders LADDERS --validation DIR --out RESULTS     # a line in RESULTS/results.jsonl for each arm and seed; a stopped run goes on
    python models/ablate.py table --out RESULTS

All arms are x2 and start from scratch, but `sparse` and `dense`, which go on from `direct` with crops that selection has to choose in, and `kept-sparse` and
`kept-dense`, which do the same from --kept, weights that were trained for long. The arm `kept` trains nothing: it runs those with other numbers of blocks."""

import argparse
import json
import os
import time
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn as nn
from data_axes import axes, measure
from evaluate import from_rgb, resized
from flow import Flow, FlowConfig
from ladders import Ladders
from loss import loss
from metrics import all_of
from model.condition import resize
from model.config import Config
from model.flops import per_pixel
from model.heirloom_s import HeirloomS
from model.motion import BLOCK
from pool import as_tensor
from train import into_average, optimizer_of, save, schedule

DENSE = 27  # windows in the local range of three latents: nothing is left out
SHOWN = (256, 320, 12)  # rows, columns, frames of the validation clips: their middle, from their start
SEEDS = (1, 2, 3)
KEPT_WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "checkpoints", "heirloom-s-v0.3.pt")
METRICS = {"psnr": "PSNR-Y", "ssim": "SSIM", "gmsd": "GMSD", "temporal": "temporal"}


@dataclass(frozen=True)
class Arm:
    pairs: str = "direct"  # of ladders.Ladders
    config: Config = Config()
    start: str | None = None  # the arm whose weights it goes on from; "kept": those of --kept
    share: float = 1.0  # of --steps
    rate: float = 1.5e-3
    crop: int = 128
    frames: int = 8


LARGE = Arm(start="direct", share=0.28, rate=5e-4, crop=192, frames=12)
KEPT = replace(LARGE, start="kept", rate=3e-4)
ALL_BLOCKS = Config(topk_per_window=DENSE)
ARMS = {
    "direct": Arm(),
    "ladder": Arm("ladder"),
    "changing": Arm("changing"),
    "flow": Arm(config=FlowConfig()),
    "sparse": LARGE,
    "dense": replace(LARGE, config=ALL_BLOCKS),
    "kept-sparse": KEPT,
    "kept-dense": replace(KEPT, config=ALL_BLOCKS),
    "kept": replace(KEPT, share=0),
}
COMPARED = (
    ("ladder against direct pairs", "ladder", "direct"),
    ("changing ladder against direct pairs", "changing", "direct"),
    ("dense against sparse", "dense", "sparse"),
    ("dense against sparse, from 0.3.0", "kept-dense", "kept-sparse"),
    ("trained dense, run sparse, against sparse, from 0.3.0", "kept-dense, run sparse", "kept-sparse"),
    ("flow, 4 steps against one-step regression", "flow, 4 steps", "direct"),
    ("flow, 1 step against one-step regression", "flow, 1 step", "direct"),
    ("flow from zero, 4 steps against one-step regression", "flow from zero, 4 steps", "direct"),
)


def new_network(arm, statistics, seed):
    torch.manual_seed(seed)
    if isinstance(arm.config, FlowConfig):
        net = Flow(arm.config)
        net.set_axes(*statistics)
    else:
        net = HeirloomS(arm.config)
        net.load_state_dict(axes(*statistics, arm.config), strict=False)
    return net


def answer(net, x, truth, vectors, strength, generator):
    """One forward pass of training -> y like x"""
    config, (_, frames, _, rows, columns) = net.config, x.shape
    if isinstance(net, Flow):
        noise = torch.randn(
            frames, config.axes, rows // config.unshuffle, columns // config.unshuffle, generator=generator
        )
        return net.between(x, truth, noise, float(torch.rand((), generator=generator)), vectors)
    noise = torch.randn(
        1,
        frames // config.token[0],
        rows // config.token[1] * (columns // config.token[2]),
        config.noise_channels,
        generator=generator,
    )
    return net(x, noise, strength if strength < 1 else None, vectors=vectors)


def train(net, arm, pairs, seed, steps):
    """-> averaged weights, running loss. Warm-up, then cosine to zero, as train.py"""
    net = net.to(memory_format=torch.channels_last)
    optimizer = optimizer_of(net, 1e-4)
    average = {k: v.detach().clone() for k, v in net.state_dict().items()}
    running, start, warm_up = 0.0, time.time(), max(steps // 15, 1)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = arm.rate * schedule(step, warm_up, step / steps) * group["share"]
        x, truth, vectors, strength = pairs.sample(seed, step, arm.crop, arm.frames)
        y = answer(net, x, truth, vectors, strength, torch.Generator().manual_seed(seed * 1_000_003 + step))
        value = loss(y, truth)
        optimizer.zero_grad(set_to_none=True)
        (pairs.weight(seed, step, step / steps) * value).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        into_average(average, net, step)
        running += (value.item() - running) * max(0.01, 1 / (step + 1))
        if (step + 1) % 200 == 0:
            print(
                f"  step {step + 1} of {steps}, loss {running:.4f}, {(step + 1) / (time.time() - start):.2f} steps/s",
                flush=True,
            )
    return average, running


@dataclass(frozen=True)
class Case:
    name: str
    x: torch.Tensor  # [1, T, 3, H, W], resized
    vectors: torch.Tensor  # [1, T, H / 8, W / 8, 2]
    truth: np.ndarray  # luma, uint8 [T, H, W]
    plain: dict  # of the resized input: {"bicubic" or "Lanczos": metrics}


def luma(frames):
    return from_rgb(frames).luma()


def as_bytes(y):
    """[1, T, 3, H, W] in [-1, 1] -> uint8 [T, H, W, 3]"""
    return ((y[0].clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


def cases(folder, shown=SHOWN):
    """The x2 clips of prepare.py --validation"""
    with open(os.path.join(folder, "pairs.jsonl"), encoding="utf-8") as file:
        names = [line["name"] for line in map(json.loads, file) if line["recipe"]["scale"] == 2]
    found = []
    for name in names:
        truth, damaged, motion = (
            np.load(os.path.join(folder, f"{name}.{kind}.npy"), mmap_mode="r")[: shown[2]]
            for kind in ("truth", "input", "motion")
        )
        y, x = ((n - side) // 2 // BLOCK * BLOCK for n, side in zip(truth.shape[1:3], shown))
        middle = lambda array, cell: np.ascontiguousarray(
            array[:, y // cell : (y + shown[0]) // cell, x // cell : (x + shown[1]) // cell]
        )
        target, small = luma(middle(truth, 1)), middle(damaged, 2)
        large = resize(as_tensor(small), 2)[None]
        plain = {
            "bicubic": all_of(luma(as_bytes(large)), target),
            "Lanczos": all_of(resized(from_rgb(small), 2, "lanczos").luma(), target),
        }
        found.append(Case(name, large, torch.from_numpy(middle(motion, BLOCK).astype(np.int64))[None], target, plain))
    return found


def with_blocks(net, count):
    """The same weights, another number of blocks per window"""
    other = HeirloomS(replace(net.config, topk_per_window=count))
    other.load_state_dict(net.state_dict())
    return other


class Silence(nn.Module):
    """In the head's place: latent planes that say nothing"""

    def __init__(self, config):
        super().__init__()
        self.config = config

    def forward(self, tokens):
        batch, latents, rows, columns, _ = tokens.shape
        frames, p = self.config.token[0], self.config.patch
        return torch.zeros(batch * latents * frames, self.config.latent_channels, rows * p, columns * p)


def without_transformer(net):
    other = with_blocks(net, net.config.topk_per_window)
    other.head = Silence(net.config)
    return other


def one_step(net):
    return lambda case: answer(net, case.x, None, case.vectors, 1.0, torch.Generator().manual_seed(0))


def several_steps(net, steps, size=1.0):
    """size: of the noise it starts from"""

    def run(case):
        _, frames, _, rows, columns = case.x.shape
        noise = torch.randn(
            frames,
            net.config.axes,
            rows // net.config.unshuffle,
            columns // net.config.unshuffle,
            generator=torch.Generator().manual_seed(0),
        )
        return net.sample(case.x, size * noise, steps, case.vectors)

    return run


def variants(name, net):
    """What is measured of an arm: {row of the table: function of a case -> y}"""
    if isinstance(net, Flow):
        return {
            "flow, 1 step": several_steps(net, 1),
            "flow, 4 steps": several_steps(net, 4),
            "flow from zero, 4 steps": several_steps(net, 4, 0.0),
        }
    rows = {name: one_step(net)}
    if name in ("direct", "kept"):
        rows[f"{name}, without transformer"] = one_step(without_transformer(net))
    if name == "kept":
        rows.update({f"kept, {count} blocks": one_step(with_blocks(net, count)) for count in (1, 2, 4, DENSE)})
    if name.endswith("dense"):
        rows[f"{name}, run sparse"] = one_step(with_blocks(net, Config().topk_per_window))
    return rows


@torch.no_grad()
def measured(run, clips):
    """-> {clip: metrics}"""
    return {case.name: all_of(luma(as_bytes(run(case))), case.truth) for case in clips}


def finished(out):
    """-> lines of results.jsonl"""
    path = os.path.join(out, "results.jsonl")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def add(out, line):
    with open(os.path.join(out, "results.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def weights_path(out, arm, seed):
    return os.path.join(out, f"{arm}-{seed}.pt")


def start_weights(arm, seed, args):
    path, key = (args.kept, "ema") if arm.start == "kept" else (weights_path(args.out, arm.start, seed), "weights")
    return {k: v.float() for k, v in torch.load(path, weights_only=True)[key].items()}


def trained(net, name, seed, args):
    """-> {"weights", "steps", "seconds", "loss"}; kept in a file, so that an arm is trained once"""
    arm, path = ARMS[name], weights_path(args.out, name, seed)
    if os.path.exists(path):
        return torch.load(path, weights_only=True)
    if arm.start:
        net.load_state_dict(start_weights(arm, seed, args))
    start, steps = time.time(), round(args.steps * arm.share)
    weights, value = train(net, arm, Ladders(args.ladders, arm.pairs), seed + 1000 * bool(arm.start), steps)
    state = {"weights": weights, "steps": steps, "seconds": round(time.time() - start), "loss": value}
    save(path, state)
    return state


def run_arm(name, seed, args, clips):
    """-> a line of results.jsonl"""
    net = new_network(ARMS[name], measure(Ladders(args.ladders, "direct"), seed + 1), seed)
    state = trained(net, name, seed, args)
    net.load_state_dict(state.pop("weights"))
    return {
        "arm": name,
        "seed": seed,
        **state,
        "rows": {row: measured(run, clips) for row, run in variants(name, net.eval()).items()},
    }


def run_all(args):
    torch.set_num_threads(args.threads)
    torch.set_flush_denormal(True)
    os.makedirs(args.out, exist_ok=True)
    clips = cases(args.validation)
    done = {(line["arm"], line["seed"]) for line in finished(args.out)}
    if ("plain", 0) not in done:
        add(
            args.out,
            {
                "arm": "plain",
                "seed": 0,
                "rows": {row: {case.name: case.plain[row] for case in clips} for row in clips[0].plain},
            },
        )
    for name, seed in ((arm, seed) for arms in args.arms for seed in args.seeds for arm in arms.split("+")):
        # what trains nothing depends on no seed
        if (name, seed) in done or not ARMS[name].share and seed != args.seeds[0]:
            continue
        print(f"{name}, seed {seed}", flush=True)
        line = run_arm(name, seed, args, clips)
        add(args.out, line)
        for row in line["rows"]:
            print(f"  {row}: {mean_of(line['rows'][row])}", flush=True)


def mean_of(clips):
    """{clip: metrics} -> mean metrics"""
    return {m: round(float(np.mean([clip[m] for clip in clips.values()])), 4) for m in METRICS}


def operations(row):
    """FLOP per output pixel and frame of a row of the table"""
    config = FlowConfig() if row.startswith("flow") else Config()
    if row.endswith("blocks"):
        config = replace(config, topk_per_window=int(row.split()[-2]))
    elif row.endswith("dense"):
        config = ALL_BLOCKS
    parts = per_pixel(config)
    if row.endswith("without transformer"):
        return parts["condition"] + parts["decoder"]
    return parts["condition"] + (4 if row.endswith("4 steps") else 1) * (sum(parts.values()) - parts["condition"])


def table(out):
    """-> Markdown: every row's mean over seeds and their spread (highest - lowest), then the differences, seed by seed"""
    seeds = {}
    for line in finished(out):
        for row, clips in line["rows"].items():
            seeds.setdefault(row, {})[line["seed"]] = mean_of(clips)
    heads = " | ".join(METRICS.values())
    lines = [f"| arm | seeds | {heads} | kFLOP per output pixel |", "| --- " * (len(METRICS) + 3) + "|"]
    for row, values in seeds.items():
        cells = [spread([v[m] for v in values.values()], m) for m in METRICS]
        cost = "" if row in ("bicubic", "Lanczos") else f"{operations(row) / 1000:.1f}"
        lines.append(f"| {row} | {len(values)} | {' | '.join(cells)} | {cost} |")
    lines += ["", f"| difference | {heads} |", "| --- " * (len(METRICS) + 1) + "|"]
    for title, row, other in COMPARED:
        both = sorted(set(seeds.get(row, ())) & set(seeds.get(other, ())))
        if both:
            cells = [difference([seeds[row][s][m] - seeds[other][s][m] for s in both], m) for m in METRICS]
            lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


DIGITS = {"psnr": 3, "ssim": 4, "gmsd": 4, "temporal": 3}


def spread(values, metric):
    text = f"{np.mean(values):.{DIGITS[metric]}f}"
    return text if len(values) == 1 else f"{text} ({max(values) - min(values):.{DIGITS[metric]}f})"


def difference(values, metric):
    """Mean and, in brackets, each seed's; bold where the mean is larger than the spread of the seeds' differences"""
    digits = DIGITS[metric]
    text = f"{np.mean(values):+.{digits}f}"
    if len(values) > 1 and abs(np.mean(values)) > max(values) - min(values):
        text = f"**{text}**"
    return f"{text} ({', '.join(f'{v:+.{digits}f}' for v in values)})"


def arguments(text=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("run", "table"))
    add = parser.add_argument
    add("--out", required=True)
    add("--ladders")
    add("--validation")
    add("--steps", type=int, default=1800)
    add("--seeds", type=int, nargs="+", default=SEEDS)
    add(
        "--arms",
        nargs="+",
        default=["direct+ladder+flow+sparse+dense", "kept-sparse+kept-dense", "changing", "kept"],
        help="groups joined by +: a group is run seed by seed",
    )
    add("--kept", default=KEPT_WEIGHTS, help="a kept checkpoint of ours")
    add("--threads", type=int, default=1)
    return parser.parse_args(text)


def main():
    args = arguments()
    if args.what == "run":
        run_all(args)
    else:
        print(table(args.out))


if __name__ == "__main__":
    main()
