"""Training goes on exactly where it stopped, draws only what its seed says, and the metrics know better from worse."""

import json
import os

import numpy as np
import pytest
import torch
import train_texture
from conftest import ROOT
from degradation import recipe
from degradation.operations import tone as toned
from loss import loss
from metrics import all_of, motion, warp_error
from pool import Pool
from prepare import of_kept
from strength import target
from train import Trainer, arguments, new_network


def tone(truth, r):
    """What the strength leaves alone"""
    return (
        toned(torch.from_numpy(truth).permute(0, 3, 1, 2).float(), *r["tone"]).permute(0, 2, 3, 1).numpy()
        if r["tone"]
        else truth.astype(float)
    )


def write_pool(folder):
    os.makedirs(folder)
    rng = np.random.default_rng(0)
    with open(os.path.join(folder, "pairs.jsonl"), "w") as file:
        for i, scale in enumerate((2, 1, 4)):
            truth = rng.integers(0, 256, (9, 72, 80, 3), dtype=np.uint8)
            np.save(os.path.join(folder, f"{i}.truth.npy"), truth)
            np.save(os.path.join(folder, f"{i}.input.npy"), truth[:, ::scale, ::scale])
            np.save(os.path.join(folder, f"{i}.motion.npy"), rng.integers(-9, 10, (9, 9, 10, 2), dtype=np.int8))
            file.write(json.dumps({"name": str(i), "kind": "video", "weight": 1.0, "recipe": {"scale": scale}}) + "\n")


def train(data, run, slices, *more, trainer=Trainer, parse=arguments):
    for steps in slices:
        os.makedirs(run, exist_ok=True)
        trainer(
            parse(
                [
                    "--data",
                    data,
                    "--run",
                    run,
                    "--steps",
                    str(steps),
                    "--total-steps",
                    "6",
                    "--warm-up",
                    "2",
                    "--crop",
                    "64",
                    "--large-crop",
                    "64",
                    "--large-frames",
                    "8",
                    *more,
                ]
            )
        ).run()
    return torch.load(os.path.join(run, "checkpoint.pt"), weights_only=True)


TEXTURE = {"trainer": train_texture.TextureTrainer, "parse": train_texture.arguments}


@pytest.mark.parametrize(
    "more, how",
    [([], {}), (["--batch", "2", "--bfloat16"], {}), (["--critic-alone", "1"], TEXTURE)],
    ids=["plain", "batches in bfloat16", "texture"],
)
def test_two_slices_give_bit_for_bit_what_one_gives(tmp_path, more, how):
    torch.set_num_threads(1)
    data = str(tmp_path / "data")
    write_pool(data)
    whole, sliced = (
        train(data, str(tmp_path / "a"), [4], *more, **how),
        train(data, str(tmp_path / "b"), [2, 2], *more, **how),
    )
    assert whole["step"] == sliced["step"] == 4
    for part in ("weights", "ema", *(["critic"] if how else [])):
        for name, value in whole[part].items():
            assert torch.equal(value, sliced[part][name]), f"{part} {name}"
    for index, state in whole["optimizer"]["state"].items():
        for name, value in state.items():
            assert torch.equal(torch.as_tensor(value), torch.as_tensor(sliced["optimizer"]["state"][index][name])), (
                index,
                name,
            )


def test_a_crop_of_the_input_lies_exactly_under_its_truth(tmp_path):
    data = str(tmp_path / "data")
    write_pool(data)
    pool = Pool(data)
    for step in range(12):
        x, truth, motion, strength = pool.sample(3, step, 64, 8)
        assert strength == 1
        assert motion.shape == (1, 8, 8, 8, 2)
        assert x.shape == truth.shape == (1, 8, 3, 64, 64)
        assert torch.equal(x, pool.sample(3, step, 64, 8)[0])
    identical = Pool(data)
    identical.chances = np.array([0.0, 1.0, 1.0])  # the pair at scale 1 is its own truth
    x, truth, _, _ = identical.sample(3, 0, 64, 8)
    assert torch.equal(x, truth)


def test_a_strength_trains_on_its_stage_and_moves_nothing_else(tmp_path):
    torch.set_num_threads(1)
    data = str(tmp_path / "data")
    write_pool(data)
    np.save(os.path.join(data, "1.stage.npy"), np.full((9, 72, 80, 3), 99, np.uint8))
    with open(os.path.join(data, "stages.jsonl"), "w") as file:
        file.write(json.dumps({"name": "1", "strength": 0.4}) + "\n")
    _, stage, _, strength = Pool(data).sample(3, 0, 64, 8, of_strength=True)
    assert strength == 0.4 and (stage - (99 / 127.5 - 1)).abs().max() < 1e-6
    before, after = train(data, str(tmp_path / "a"), [0]), train(data, str(tmp_path / "b"), [3], "--strength")
    moved = {
        name.split(".")[0]
        for name, value in after["weights"].items()
        if not torch.equal(value, before["weights"][name])
    }
    assert moved == {"strength"}


def test_a_small_copy_keeps_its_size_and_grain_belongs_to_the_truth():
    still = np.full((8, 64, 80, 3), 120, np.uint8)
    seen = set()
    for seed in range(6):
        truth, r, damaged = of_kept(still, 2, np.random.default_rng(seed))
        assert truth.shape == still.shape and damaged.shape == (8, 32, 40, 3)
        is_grainy = "first" not in r
        seen.add(is_grainy)
        assert (truth.std() > 0.2) == is_grainy
    assert seen == {True, False}


def test_less_of_a_damage_is_closer_to_the_truth():
    truth = (
        128
        + 60 * np.sin(np.arange(64) / 3)[None, None, :, None] * np.cos(np.arange(48) / 5)[None, :, None, None]
        + np.zeros((4, 1, 1, 3))
    ).astype(np.uint8)
    for family in ("vhs", "codec"):
        r = recipe.draw(np.random.default_rng(4), 2, family)
        r["codec"] = "none"
        errors = [np.square(target(truth, r, s).astype(float) - tone(truth, r)).mean() for s in (0.1, 0.5, 0.9)]
        assert errors[0] > errors[1] > errors[2]


def test_metrics_prefer_the_closer_and_steadier_clip():
    rng = np.random.default_rng(2)
    truth = np.repeat(rng.integers(40, 200, (1, 48, 64)), 6, 0).astype(np.uint8)
    noisy = lambda sd: (truth + rng.normal(0, sd, truth.shape)).clip(0, 255).round().astype(np.uint8)
    same, near, far = (all_of(x, truth) for x in (truth, noisy(2), noisy(9)))
    assert same["ssim"] > 0.9999 and same["temporal"] == 0
    assert near["psnr"] > far["psnr"] + 8 and near["ssim"] > far["ssim"] and near["temporal"] < far["temporal"]
    assert abs(near["psnr"] - 10 * np.log10(255**2 / (4 + 1 / 12))) < 0.3


def test_e_warp_follows_the_motion_of_the_truth_and_sees_flicker():
    rng = np.random.default_rng(4)
    wide = rng.integers(0, 256, (64, 120)).astype(np.uint8)
    truth = np.stack([wide[:, 3 * t : 3 * t + 80] for t in range(5)])  # pans 3 px a frame
    found = motion(truth)
    assert all((moves[1:-1, 1:-1] == (0, 3)).all() for moves, _ in found)
    assert warp_error(truth, found) < 1.5  # the right edge is new in every frame
    flicker = (truth.astype(int) + np.array([0, 9, 0, 9, 0])[:, None, None]).clip(0, 255).astype(np.uint8)
    assert warp_error(flicker, found) > 7


def test_bands_tell_a_blurred_texture_from_a_whole_one_wherever_its_grains_lie():
    generator = torch.Generator().manual_seed(3)
    grass, other = (torch.randn(1, 2, 3, 64, 64, generator=generator) * 0.1 for _ in range(2))
    waxen = torch.nn.functional.avg_pool2d(grass[0], 5, 1, 2)[None]
    distance = lambda a, b: (train_texture.band_energy(a) - train_texture.band_energy(b)).abs().mean()
    assert distance(grass, other) < 0.3 * distance(grass, waxen)


def test_a_critic_learns_to_tell_pictures_from_drawings():
    torch.manual_seed(4)
    critic, generator = train_texture.Critic(), torch.Generator().manual_seed(5)
    optimizer = torch.optim.AdamW(critic.parameters(), lr=4e-4, betas=(0.5, 0.99))
    for _ in range(40):
        real = torch.randn(1, 4, 3, 64, 64, generator=generator) * 0.2
        drawn = torch.nn.functional.avg_pool2d(real[0], 3, 1, 1)[None]
        unit = train_texture.unit_of(drawn, real)
        against = [critic(v, drawn, unit)[0] for v in (drawn, real)]
        value = train_texture.hinge(*against)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    assert against[1].mean() > against[0].mean() + 0.5


def test_loss_falls_when_the_picture_comes_closer():
    generator = torch.Generator().manual_seed(0)
    truth = torch.rand(1, 4, 3, 32, 32, generator=generator) - 0.5
    noise = torch.randn(truth.shape, generator=generator)
    values = [loss(truth + sd * noise, truth).item() for sd in (0.0, 0.02, 0.1)]
    assert values == sorted(values) and values[2] > values[1] + 0.05


def test_a_kept_checkpoint_starts_a_new_run_with_its_own_axes():
    path = os.path.join(ROOT, "models", "checkpoints", "heirloom-s-v0.3.pt")
    kept = torch.load(path, weights_only=True)
    net = new_network(None, 1, path, 128)
    for name, value in net.state_dict().items():
        assert torch.equal(value, kept["ema"][name].float()), name
