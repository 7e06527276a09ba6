"""The training of heirloom-motion: it goes on exactly where it stopped, its true flow is true, and no held-out clip is trained on."""

import os

import cv2
import numpy as np
import pytest
import torch
from motion import measure
from motion.clips import HELD_OUT_SHOTS, held_out_paths, video_paths
from motion.draws import KEYS, Draws
from motion.loss import loss
from motion.network import Between
from motion.render import FAR, Path, Scene
from motion.sampling import warp
from motion.train import Trainer, arguments


def textured(h, w, seed):
    noise = np.random.default_rng(seed).normal(0, 1, (h, w, 3))
    x = cv2.GaussianBlur(noise, (0, 0), 3)
    return (128 + 40 * x / x.std()).clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def footage(tmp_path_factory):
    """A pack with two photos, and two clips: a pan and noise, 12 frames of 80 x 96"""
    folder = tmp_path_factory.mktemp("footage")
    os.makedirs(folder / "pack-1" / "photo")
    os.makedirs(folder / "clips")
    for i in range(2):
        cv2.imwrite(str(folder / "pack-1" / "photo" / f"{i}.jpg"), textured(200, 240, i))
    wide = textured(80, 96 + 33, 5)
    np.save(folder / "clips" / "pan.npy", np.stack([wide[:, 3 * n : 3 * n + 96] for n in range(12)]))
    np.save(folder / "clips" / "noise.npy", np.random.default_rng(1).integers(0, 256, (12, 80, 96, 3), dtype=np.uint8))
    return folder


def draws(footage, size=64, batch=2):
    return Draws([str(footage / "pack-1")], str(footage / "clips"), size, batch)


def trained(footage, run, slices):
    os.makedirs(run)
    for steps in slices:
        args = ["--footage", "", "--run", str(run), "--steps", str(steps), "--total-steps", "6", "--warm-up", "2"]
        trainer = Trainer(arguments(args), draws(footage))
        trainer.run()
    return torch.load(os.path.join(run, "checkpoint.pt"), weights_only=True)


def test_a_run_that_was_stopped_goes_on_exactly(footage, tmp_path):
    whole = trained(footage, tmp_path / "whole", [3])
    parts = trained(footage, tmp_path / "parts", [1, 2])
    assert whole["step"] == parts["step"] == 3
    for kind in ("weights", "ema"):
        for name, value in whole[kind].items():
            assert torch.equal(value, parts[kind][name]), (kind, name)


def test_a_step_hangs_on_its_seed_and_number_alone(footage):
    pool = draws(footage)
    first = pool.step(4, 7)
    pool.step(4, 8)
    again, other = pool.step(4, 7), pool.step(5, 7)
    tensors = lambda drawn: (drawn.keys, drawn.truth, drawn.flows, drawn.known)
    assert all(torch.equal(a, b) for a, b in zip(tensors(first), tensors(again))) and first.t == again.t
    assert not torch.equal(first.truth, other.truth)


def test_frames_between_real_keys_are_those_at_their_time(footage):
    pool = draws(footage)
    pool.clips = [np.stack([np.full((80, 96, 3), 20 * n, np.uint8) for n in range(12)])]
    pool.chances = np.array([1.0])
    for seed in range(6):
        for gap, part in ((2, 1), (3, 2), (4, 1)):
            for count in (3, 4) if gap < 4 else (3,):
                keys, truth, _, _ = pool.filmed(np.random.default_rng(seed), count, gap, part)
                k, y, t = keys[:, 0, 0, 0], (truth[0, 0, 0].item() + 1) * 127.5, part / gap
                assert len(k) == count and abs(y - (k[-2] + t * (k[-1] - k[-2]))) < 1e-3


def test_the_flow_of_a_real_clip_is_believed_where_it_leads_to_what_is_seen(footage):
    pool = draws(footage)
    pan, noise = np.load(footage / "clips" / "pan.npy"), np.load(footage / "clips" / "noise.npy")
    flow, known = pool.flow(*pan[:3])
    assert known[8:-8, 8:-8].mean() > 0.95 and np.abs(flow[8:-8, 8:-8] - [3, 0, -3, 0]).mean() < 0.2
    assert pool.flow(*noise[:3])[1].mean() < 0.05


@pytest.mark.parametrize("seed", range(4))
def test_true_flow_leads_to_what_is_seen(seed):
    scene = Scene(np.random.default_rng(seed), [textured(300, 400, n) for n in range(3)], 96)
    now = torch.from_numpy(scene.picture(0.3)).permute(2, 0, 1)[None]
    nothing = None
    for key in (0, 1):
        picture = torch.from_numpy(scene.picture(key)).permute(2, 0, 1)[None]
        flow = torch.from_numpy(scene.flow(0.3, (key,))[0]).permute(2, 0, 1)[None]
        led, nothing = (warp(picture, flow) - now).abs().median(), (picture - now).abs().median()
        assert led < 1.5 and led <= nothing


def test_all_planes_face_us_through_the_longest_history():
    corners, rng = np.array([[x, y, 1.0] for x in (0, 128) for y in (0, 128)]), np.random.default_rng(0)
    for _ in range(2000):
        path = Path(rng, rng.uniform(0, 128, 2), FAR[1], np.eye(3))
        for key in range(2 - max(KEYS), 2):
            # else it is seen from behind, or reaches beyond all numbers
            assert (corners @ np.linalg.inv(path.at(key)).T)[:, 2].min() > 0.25


def test_held_out_shots_are_never_trained_on(tmp_path):
    os.makedirs(tmp_path / "train" / "pack-1" / "video")
    names = ["cups-hands-a", "pouring-coffee-b"] + [f"{s}-{m}" for s in HELD_OUT_SHOTS for m in "ab"]
    for name in names:
        (tmp_path / "train" / "pack-1" / "video" / f"{name}.mp4").touch()
    found = [os.path.basename(p)[:-4] for p in video_paths([str(tmp_path / "train" / "pack-1")])]
    assert found == names[:2]
    kept = {os.path.basename(p) for p in held_out_paths(str(tmp_path))}
    assert kept == {f"{s}-a.mp4" for s in HELD_OUT_SHOTS}


def test_loss_falls_with_the_error_of_picture_flow_and_confidence():
    generator = torch.Generator().manual_seed(0)
    truth = torch.nn.functional.avg_pool2d(torch.randn(2, 3, 68, 68, generator=generator), 5, 1)
    true_flow = torch.tensor([-6.0, 0, 6, 0]).view(1, 4, 1, 1).expand(2, 4, 64, 64)
    half = torch.zeros(2, 1, 64, 64)
    half[..., :32] = 1

    def value(picture=0.0, flow=0.0, confidence=4.0, cost=0.0, known=half, where=slice(None)):
        noise = torch.randn(truth.shape, generator=torch.Generator().manual_seed(1))
        flows = [true_flow[..., :: 64 // n, :: 64 // n].clone() for n in (4, 8, 16, 64)]
        flows[3][..., where] += flow
        costs = [torch.zeros(2, n, s, s) for n, s in ((49, 4), (25, 8), (25, 16))]
        costs[0][:, 24 + 1] += cost  # one cell of 16 px to the right
        costs[1][:, 12] += cost  # nothing is left to be found
        sure = torch.full((2, 1, 16, 16), confidence)
        return loss(Between(truth + picture * noise, flows, costs, sure, sure, None), truth, true_flow, known).item()

    assert value() < value(picture=0.01) < value(picture=0.1)
    assert value() < value(flow=1.0) < value(flow=8.0)
    assert value() < value(confidence=-4.0)
    assert value(cost=2.0) < value() < value(cost=-2.0)
    # what is not known is not judged
    assert value(flow=8.0, where=slice(32, None)) == value()
    assert value(cost=2.0, known=torch.zeros_like(half)) == value(known=torch.zeros_like(half))


def test_measuring_compares_the_same_frames():
    wide = textured(64, 96 + 32, 2).transpose(2, 0, 1)
    clip = np.stack([wide[..., 4 * n : 4 * n + 96] for n in range(9)])
    keys, truth = clip[::2], clip[1::2]
    filtered, _ = measure.compensated(keys)
    where = measure.moving(keys)
    assert filtered.shape == truth.shape and where.mean() > 0.9
    assert measure.psnr(filtered, truth, where) > measure.psnr(measure.plain(keys), truth, where) + 2
    yuv = clip[0].clip(60, 190)
    assert np.abs(measure.to_yuv(measure.to_rgb(yuv)).astype(int) - yuv)[0].mean() < 40
