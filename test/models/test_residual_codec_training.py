"""Training of the residual codec: what a step draws, what is counted as bits, runs that go on exactly, files that read as they were written, and the measure."""

import math
import os

import cv2
import numpy as np
import pytest
import torch
from held_out import HELD_OUT_PHOTOS
from keepsake.codec import draws, entropy, goldens, measure, scales
from keepsake.codec.begin import begun
from keepsake.codec.config import Config, to_json
from keepsake.codec.export import counted, residual_of, rounded_to_half
from keepsake.codec.files import read_folder, write_folder
from keepsake.codec.loss import Prior, gaussian_bits, worth
from keepsake.codec.network import Codec, symbols
from keepsake.codec.train import DiffusionTask, Trainer, arguments, codec_of, residual_std
from keepsake.perception import Perception

SMALL = Config(quarter=6, hidden=8, eighth=8, latent=8, hyper=4, hyper_hidden=6, denoiser=8, denoiser_layers=2)


@pytest.fixture(scope="module")
def footage(tmp_path_factory):
    root = tmp_path_factory.mktemp("footage")
    photos = root / "pack-1" / "photo"
    photos.mkdir(parents=True)
    rng = np.random.default_rng(1)
    for name in ("a-hill", "b-lake", HELD_OUT_PHOTOS[0] + "-by-someone"):
        picture = cv2.resize(rng.integers(0, 255, (20, 26, 3), np.uint8), (520, 400), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(photos / f"{name}.jpg"), picture)
    clips = root / "clips"
    clips.mkdir()
    np.save(clips / "dog-run-a.npy", np.full((3, 300, 300, 3), 7, np.uint8))
    np.save(clips / "sea.npy", rng.integers(0, 255, (3, 300, 300, 3), np.uint8))
    return root


def given(footage, task, run, *more):
    return arguments(
        [task, "--footage", str(footage), "--run", str(run), "--total-steps", "6", "--cool-down", "3", *more]
    )


def small_draws(footage):
    return draws.Draws([str(footage / "pack-1")], str(footage / "clips"), 2 * 128 * 128)


def test_steps_hang_on_seed_and_number_and_see_nothing_held_out(footage):
    drawn = small_draws(footage)
    assert len(drawn.photos) == 2 and len(drawn.clips) == 1
    first = drawn.step(1, 5)
    assert torch.equal(first, drawn.step(1, 5)) and not torch.equal(first, drawn.step(1, 6)[: len(first)])
    sides = {drawn.step(1, n).shape[-1] for n in range(30)}
    assert sides == set(draws.SIDES)
    assert first.abs().max() <= 1 and not (first == 7 / 127.5 - 1).all(1).any()


def test_bits_of_a_gaussian_are_those_of_its_table():
    tables = entropy.gaussians()
    for index, symbol in ((10, 0), (30, 1), (50, -7), (63, 40)):
        s = torch.tensor(scales.deviation(index), dtype=torch.float64)
        bits = gaussian_bits(torch.tensor(float(symbol), dtype=torch.float64), s).item()
        assert bits == pytest.approx(tables[index].cost(symbol), rel=0.02)


def test_bits_far_out_still_pull_the_deviation():
    s = torch.tensor(0.2, requires_grad=True)
    gaussian_bits(torch.tensor(30.0), s).backward()
    assert math.isfinite(s.grad.item()) and s.grad < 0


def test_the_prior_of_z_sums_to_one():
    prior = Prior(2)
    z = torch.arange(-400.0, 401)[None, None, None].expand(1, 2, 1, -1)
    assert (2 ** -prior.bits(z)).sum(-1).flatten().tolist() == pytest.approx([1, 1], abs=1e-4)


def test_worth_of_quality_is_a_line_of_logarithms():
    each = worth(torch.arange(64), 64)
    assert each[0].item() == pytest.approx(0.0008) and each[63].item() == pytest.approx(0.06)
    assert (each[1:] / each[:-1]).std() < 1e-5


def test_the_codec_learns_and_a_run_that_was_stopped_goes_on_exactly(footage, tmp_path, monkeypatch):
    monkeypatch.setattr("keepsake.codec.train.PHOTO", SMALL)
    drawn = small_draws(footage)
    args = given(footage, "codec", tmp_path / "whole")
    os.makedirs(args.run)
    whole = Trainer(args, drawn)
    told = [whole.one_step() for _ in range(4)]
    assert all(math.isfinite(t["loss"]) and t["bpp"] > 0 for t in told)
    args = given(footage, "codec", tmp_path / "parts")
    os.makedirs(args.run)
    part = Trainer(args, drawn)
    for _ in range(2):
        part.one_step()
    part.save()
    part = Trainer(args, drawn)
    for _ in range(2):
        part.one_step()
    for name, value in whole.net.state_dict().items():
        assert torch.equal(part.net.state_dict()[name], value), name
    for name, value in whole.average.items():
        assert torch.equal(part.average[name], value), name


def test_a_kept_checkpoint_is_where_a_run_begins(footage, tmp_path, monkeypatch):
    monkeypatch.setattr("keepsake.codec.train.PHOTO", SMALL)
    kept = {
        k: v.half() for k, v in torch.nn.ModuleDict({"codec": Codec(SMALL), "prior": Prior(4)}).state_dict().items()
    }
    torch.save({"config": to_json(SMALL), "ema": kept, "step": 9}, tmp_path / "kept.pt")
    task = Trainer(
        given(footage, "codec", tmp_path, "--warm-start", str(tmp_path / "kept.pt")), small_draws(footage)
    ).task
    for name, value in task.net.state_dict().items():
        assert torch.equal(value, kept[name].float()), name
    assert torch.equal(codec_of(tmp_path / "kept.pt").gains, kept["codec.gains"].float())


@pytest.fixture(scope="module")
def trained(footage, tmp_path_factory):
    """Checkpoints after a step or two: codec, residual, direct"""
    folder, patch, found = tmp_path_factory.mktemp("runs"), pytest.MonkeyPatch(), []
    patch.setattr("keepsake.codec.train.PHOTO", SMALL)
    torch.manual_seed(0)
    torch.save(Perception().state_dict(), folder / "perception.pt")
    for task in ("codec", "residual", "direct"):
        more = [] if task == "codec" else ["--codec", str(found[0]), "--features", str(folder / "perception.pt")]
        args = given(footage, task, folder / task, *more)
        os.makedirs(args.run)
        trainer = Trainer(args, small_draws(footage))
        for _ in range(2):
            told = trainer.one_step()
        assert math.isfinite(told["loss"])
        trainer.save()
        found.append(folder / task / "checkpoint.pt")
    patch.undo()
    return found


def test_the_residual_leaves_its_codec_as_it_is_and_knows_what_is_left_out(footage, trained):
    codec, drawn = codec_of(trained[0]), small_draws(footage)
    args = given(
        footage,
        "residual",
        "",
        "--codec",
        str(trained[0]),
        "--features",
        str(trained[0].parent.parent / "perception.pt"),
    )
    task = DiffusionTask(args, None, drawn)
    assert torch.allclose(task.log_std, residual_std(codec, drawn, args.seed))
    assert not any(p.requires_grad for p in task.codec.parameters())
    assert 0.001 < task.log_std.exp().min() and task.log_std.exp().max() < 2


def test_an_exported_folder_says_what_was_written(footage, trained, tmp_path):
    codec = rounded_to_half(codec_of(trained[0]))
    denoiser, log_std = residual_of(trained[1], codec.config)
    codec.log_residual_std.copy_(log_std.half().float())
    tables = counted(codec, small_draws(footage), 5, 8)
    write_folder(tmp_path, codec, rounded_to_half(denoiser), tables, "heirloom-photo", "0.1.0")
    read = read_folder(tmp_path)
    assert [t.counts for t in read.z_tables] == [t.counts for t in tables]
    assert all(
        torch.equal(a.weight, b.weight) and a.shift == b.shift for a, b in zip(read.layers, codec.scales.whole())
    )
    x, q = small_draws(footage).step(3, 3)[:1], torch.tensor([40])
    (zs, ys), (zs_too, ys_too) = codec.encoded(x, q), read.codec.encoded(x, q)
    assert torch.equal(zs, zs_too) and torch.equal(ys, ys_too)
    assert torch.equal(codec.residual_std(q), read.codec.residual_std(q))
    assert torch.equal(denoiser.denoiser["out"].weight, read.denoiser.denoiser["out"].weight)


def test_sizes_are_those_of_the_bytes(tmp_path):
    codec, _, tables = goldens.random_model(4)
    x = torch.rand(1, 3, 320, 576, generator=torch.Generator().manual_seed(1)) * 2 - 1
    zs, ys = codec.encoded(x, torch.tensor([40]))
    zs[..., 4:, 8:] = 0
    ys[..., 16:, 32:] = 0
    layers = codec.scales.whole()
    written = len(entropy.encode(tables, layers, zs[0], ys[0]))
    assert abs(entropy.estimated_bytes(tables, layers, zs[0], ys[0]) - written) <= 6 * 4


class Flat:
    """In place of SqueezeNet's features"""

    def layers(self, picture):
        return picture.astype(np.float64)

    def distance(self, layers, shown):
        return float(np.abs(layers - shown).mean())


def test_the_measure_lays_shares_of_the_residual_beside_the_others(footage, trained, tmp_path):
    codec = rounded_to_half(codec_of(trained[0]))
    denoiser, _ = residual_of(trained[1], codec.config)
    tables = counted(codec, small_draws(footage), 5, 8)
    write_folder(tmp_path / "model", codec, rounded_to_half(denoiser), tables, "heirloom-photo", "0.1.0")
    direct, _ = residual_of(trained[2], codec.config)
    os.makedirs(tmp_path / "footage" / "train")
    os.symlink(footage / "pack-1", tmp_path / "footage" / "train" / "pack-1")
    ((name, picture),) = measure.pictures(str(tmp_path / "footage"), 5)
    assert name.startswith(HELD_OUT_PHOTOS[0]) and picture.shape == (200, 260, 3)
    args = type("", (), {"qualities": [0, 63], "look": str(tmp_path / "look")})
    row = measure.measured(name, picture, read_folder(tmp_path / "model"), direct, Flat(), args)
    assert set(row["ours"][63]) == {"0.0", "0.25", "0.5", "0.75", "1.0", "direct"}
    jpeg = row["others"]["JPEG"]
    assert all(a["bpp"] < b["bpp"] and a["psnr"] < b["psnr"] for a, b in zip(jpeg, jpeg[1:]))
    assert {f"{name}-0.png", f"{name}-63.png"} == set(os.listdir(tmp_path / "look"))
    assert any("JPEG" in line and "of 1" in line or "of 0" in line for line in measure.summary([row], [0, 63]))


def test_between_points_the_logarithm_of_bits_counts_and_beyond_them_nothing_is_said():
    points = [{"bpp": 0.1, "psnr": 20.0}, {"bpp": 1.0, "psnr": 30.0}]
    assert measure.between(points, 10**-0.5, "psnr") == pytest.approx(25)
    assert measure.between(points, 0.05, "psnr") is None and measure.between(points, 1.1, "psnr") is None
    assert measure.mean([None, 2.0, 4.0]) == (3, 2)


@torch.no_grad()
def test_training_begins_as_a_block_transform(footage):
    x = torch.cat([c for c in (small_draws(footage).step(1, n) for n in range(40)) if c.shape[-1] == 128])
    codec, q = begun(Codec(Config()), x), torch.full((len(x),), 63)
    latents = codec.latents(x, q)
    plain = latents / codec.gain(q)
    # lengths are kept, so what is left out is what is missing of them
    missing = x.pow(2).sum() - plain.pow(2).sum()
    error = (codec.faithful(codec.synthesised(latents, q)) - x).pow(2).sum()
    assert 0 < missing < 0.2 * x.pow(2).sum()
    assert error == pytest.approx(missing.item(), rel=0.3)
    assert symbols(codec.hyper_latents(latents)).std() > 0.3
