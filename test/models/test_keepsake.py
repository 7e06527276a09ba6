"""The residual of Keepsake: begins as the model it was made from, is told the quantiser latent by latent, trains on exactly where it stopped; and what headers say of a quantiser."""

import json
import os

import numpy as np
import pytest
import torch
from conftest import ROOT
from keepsake.distance import Features
from keepsake.encode import LARGEST, encode, quantisers
from keepsake.measure import saving
from keepsake.pairs import AV1, draws, windows
from keepsake.perception import Perception, restored
from keepsake.perception import distance as perceived
from keepsake.train import KeepsakePool, KeepsakeTrainer, arguments, begun, texture
from model.files import exported_state, training_name
from model.heirloom_s import HeirloomS
from safetensors.torch import save_file
from test_training import train

KEPT = os.path.join(ROOT, "models", "checkpoints", "heirloom-s-v0.5.pt")


def seeded(*shape):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(3)) * 1.6 - 0.8


def clip_and_noise(net):
    return seeded(1, 8, 3, 64, 64), seeded(1, 2, 16, net.config.noise_channels)


def write_pool(folder):
    """Pairs of three codecs at one quantiser each"""
    os.makedirs(folder)
    rng = np.random.default_rng(0)
    with open(os.path.join(folder, "pairs.jsonl"), "w", encoding="utf-8") as file:
        for codec, quantiser in (("av1", 0.7), ("hevc", 0.6), ("h264", 0.5)):
            truth = rng.integers(0, 256, (9, 72, 80, 3), dtype=np.uint8)
            np.save(os.path.join(folder, f"{codec}.truth.npy"), truth)
            np.save(os.path.join(folder, f"{codec}.input.npy"), truth // 2 + 60)
            np.save(os.path.join(folder, f"{codec}.motion.npy"), rng.integers(-9, 10, (9, 9, 10, 2), dtype=np.int8))
            told = {"kind": "video", "weight": 1.0, "recipe": {"scale": 1, "codec": codec}, "quantiser": quantiser}
            file.write(json.dumps({"name": codec, **told}) + "\n")


@torch.no_grad()
def test_it_begins_as_the_model_it_was_made_from_whatever_the_quantiser():
    net, kept = begun(KEPT, 1), torch.load(KEPT, weights_only=True, map_location="cpu")
    before = HeirloomS(net.config.__class__())
    before.load_state_dict({name: value.float() for name, value in kept["ema"].items()})
    x, noise = clip_and_noise(net)
    told = torch.tensor([[0.2, 0.9]])
    assert torch.equal(net(x, noise, quantiser=told), before(x, noise))


@torch.no_grad()
def test_a_latent_follows_its_own_quantiser_and_export_keeps_it():
    net = begun(KEPT, 1)
    for layer in (net.quantiser.projection, net.quantiser.gain):
        layer.weight.copy_(0.05 * seeded(*layer.weight.shape))
    x, noise = clip_and_noise(net)
    coarse, later, fine = (net(x, noise, quantiser=torch.tensor([q])) for q in ([0.9, 0.9], [0.9, 0.2], [0.2, 0.2]))
    assert torch.equal(coarse[:, :4], later[:, :4]) and not torch.equal(coarse[:, 4:], later[:, 4:])
    assert (coarse[:, :4] - fine[:, :4]).abs().max() > 1e-3
    folded = HeirloomS(net.config, factored=False)
    folded.load_state_dict({training_name(name): value for name, value in exported_state(net).items()})
    assert torch.allclose(folded(x, noise, quantiser=torch.tensor([[0.9, 0.2]])), later, atol=1e-5)


def test_a_crop_comes_with_the_quantiser_of_its_base_and_codecs_have_their_shares(tmp_path):
    write_pool(str(tmp_path / "data"))
    pool = KeepsakePool(str(tmp_path / "data"))
    told = [pool.sample(1, step, 64, 8)[3] for step in range(300)]
    assert set(told) == {0.7, 0.6, 0.5}
    assert abs(told.count(0.7) / 300 - 0.6) < 0.1  # three standard errors


def test_two_slices_give_bit_for_bit_what_one_gives(tmp_path):
    data, more = str(tmp_path / "data"), ("--warm-start", KEPT, "--bfloat16")
    write_pool(data)
    how = {"trainer": KeepsakeTrainer, "parse": arguments}
    whole = train(data, str(tmp_path / "a"), [3], *more, **how)
    sliced = train(data, str(tmp_path / "b"), [1, 2], *more, **how)
    assert whole["step"] == sliced["step"] == 3
    for name, value in whole["weights"].items():
        assert torch.equal(value, sliced["weights"][name]), name
    moved = whole["weights"]["quantiser.gain.weight"].abs().max()
    assert moved > 0, "the gain of the quantiser is trained"


def test_texture_asks_for_as_much_as_there_is_and_not_for_its_place():
    truth = seeded(1, 3, 3, 64, 64)
    blurred = torch.nn.functional.avg_pool2d(truth.flatten(0, 1), 3, 1, 1).view_as(truth)
    other = torch.rand(truth.shape, generator=torch.Generator().manual_seed(4)) * 1.6 - 0.8
    assert texture(truth, truth) == 0
    assert texture(other, truth) < 0.3 * texture(blurred, truth)


def perception(folder):
    """A network that has learnt nothing, in a file"""
    torch.manual_seed(5)
    torch.save(Perception().state_dict(), path := str(folder / "perception.pt"))
    return path


def test_what_is_perceived_is_nothing_to_itself_and_grows_with_blur_and_pulls_on_the_picture_alone(tmp_path):
    net = restored(perception(tmp_path))
    truth = seeded(2, 3, 96, 96)
    blurred = torch.nn.functional.avg_pool2d(truth, 3, 1, 1)
    more = torch.nn.functional.avg_pool2d(truth, 7, 1, 3)
    assert perceived(net, truth, truth) == 0
    assert 0 < perceived(net, blurred, truth) < perceived(net, more, truth)
    picture = blurred.clone().requires_grad_()
    (pull,) = torch.autograd.grad(perceived(net, picture, truth), picture)
    assert pull.abs().max() > 0 and not any(p.requires_grad for p in net.parameters())


def test_a_slice_takes_what_is_perceived_into_its_pull(tmp_path):
    data = str(tmp_path / "data")
    write_pool(data)
    how = {"trainer": KeepsakeTrainer, "parse": arguments}
    without = train(data, str(tmp_path / "a"), [1], "--warm-start", KEPT, **how)
    features = ("--features", perception(tmp_path))
    with_it = train(data, str(tmp_path / "b"), [1], "--warm-start", KEPT, *features, **how)
    none = train(data, str(tmp_path / "c"), [1], "--warm-start", KEPT, *features, "--feature-share", "0", **how)
    same = lambda a, b: all(torch.equal(a["weights"][k], b["weights"][k]) for k in a["weights"])
    assert same(without, none) and not same(without, with_it)


TRACES = {
    "av1": ("[x] 41 base_q_idx      00101001 = 41\n[x] 71 base_q_idx      01111000 = 120\n", [41, 120]),
    "h264": (
        "[x] 20 pic_init_qp_minus26   0001000 = 4\n[x] 20 pic_init_qs_minus26   1 = 0\n[x] 30 slice_qp_delta   011 = -1\n",
        [29],
    ),
    "hevc": ("[x] 27 init_qp_minus26   1 = 0\n[x] 24 slice_qp_delta   000010010 = 9\n", [35]),
}


@pytest.mark.parametrize("codec", TRACES)
def test_headers_say_the_quantiser_of_every_frame(codec):
    trace, steps = TRACES[codec]
    assert quantisers(trace, codec) == [step / LARGEST[codec] for step in steps]
    with pytest.raises(ValueError, match="no quantiser"):
        quantisers("", codec)


@pytest.mark.parametrize("codec", ["h264"])
def test_a_coarser_base_has_a_larger_quantiser_and_fewer_bits(codec):
    y, x = np.mgrid[0:64, 0:96]
    moving = [(128 + 60 * np.sin((x + 3 * t) / 5) + 50 * np.cos((y * x + t) / 90)).astype(np.uint8) for t in range(6)]
    frames = np.stack(moving)[..., None].repeat(3, -1)
    fine, coarse = (encode(frames, codec, crf, "ultrafast") for crf in (18, 40))
    assert fine.frames.shape == frames.shape
    assert fine.quantiser < coarse.quantiser <= 1 and fine.bits_per_pixel > coarse.bits_per_pixel > 0
    error = [np.abs(e.frames.astype(int) - frames).mean() for e in (fine, coarse)]
    assert error[0] < error[1]


def test_every_clip_gets_four_rates_of_av1_and_one_of_the_others():
    jobs = draws(np.random.default_rng(1))
    assert [codec for codec, _, _ in jobs] == ["av1"] * len(AV1) + ["hevc", "h264"]
    assert all(low <= crf <= high for (_, crf, _), (low, high) in zip(jobs, AV1))


def test_windows_of_truth_and_base_lie_on_each_other():
    clip = np.random.default_rng(2).integers(0, 256, (20, 200, 220, 3), dtype=np.uint8)
    for truth, base in windows(clip, clip, np.random.default_rng(3)):
        assert truth.shape == (16, 192, 192, 3) and np.array_equal(truth, base)


def test_a_saving_is_read_off_two_curves_where_they_overlap():
    bits = [0.01, 0.02, 0.04, 0.08]
    alone = [0.8, 0.6, 0.4, 0.2]
    quarter = np.interp(np.log(np.array(bits) / 0.75), np.log(bits), alone)  # what a third more bits would give
    assert abs(saving(bits, alone, list(quarter)) - 0.25) < 0.04
    assert abs(saving(bits, alone, alone)) < 1e-9
    assert saving(bits, alone, list(np.array(alone) + 0.1)) < 0 < saving(bits, alone, list(np.array(alone) - 0.1))
    assert saving(bits, alone, [0.1, 0.09, 0.08, 0.07]) is None


def test_a_distance_is_nothing_to_itself_and_grows_with_what_was_lost(tmp_path):
    generator = torch.Generator().manual_seed(1)
    shapes = {"conv1": (96, 3, 7)}
    inputs = {2: 96, 3: 128, 4: 128, 5: 256, 6: 256, 7: 384, 8: 384}
    outputs = {2: 64, 3: 64, 4: 128, 5: 128, 6: 192, 7: 192, 8: 256}
    for n, given in inputs.items():
        squeezed = outputs[n] // 4
        shapes[f"fire{n}/squeeze1x1"] = (squeezed, given, 1)
        shapes[f"fire{n}/expand1x1"], shapes[f"fire{n}/expand3x3"] = (
            (outputs[n], squeezed, 1),
            (outputs[n], squeezed, 3),
        )
    weights = {}
    for name, (out, given, side) in shapes.items():
        weights[f"{name}.weight"] = torch.randn(out, given, side, side, generator=generator) / (given * side**2) ** 0.5
        weights[f"{name}.bias"] = torch.zeros(out)
    save_file(weights, str(tmp_path / "features.safetensors"))
    features = Features(str(tmp_path / "features.safetensors"))
    frame = np.random.default_rng(4).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    layers = features.layers(frame)
    assert len(layers) == 8 and features.distance(layers, frame) < 1e-6
    near, far = (
        np.clip(frame.astype(int) + n, 0, 255).astype(np.uint8)
        for n in (np.tile([2, -2], 9216).reshape(frame.shape), np.tile([20, -20], 9216).reshape(frame.shape))
    )
    assert 0 < features.distance(layers, near) < features.distance(layers, far)
