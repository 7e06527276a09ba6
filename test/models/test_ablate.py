"""The arms of models/ablate.py differ in the one thing asked: the same crops, pairs that are what they say, a flow that ends where its network points, runs that go on."""

import json
import os

import ablate
import flow
import ladders
import numpy as np
import pytest
import torch
from ladders import FRAMES, SIZE, STAGES, Ladders
from model.heirloom_s import HeirloomS

VALUES = {1: 10, 3: 60, 4: 110, STAGES: 200}  # what every pixel of a stage is


@pytest.fixture
def folder(tmp_path):
    """One ladder whose stages can be told apart by their brightness, stage 2 missing"""
    for number, value in VALUES.items():
        size = [n // (1 if number == STAGES else 2) for n in SIZE]
        name = "a.truth" if number == STAGES else f"a.{number}"
        np.save(tmp_path / f"{name}.npy", np.full((FRAMES, *size, 3), value, np.uint8))
        np.save(tmp_path / f"a.{number}.motion.npy", np.zeros((FRAMES, SIZE[0] // 8, SIZE[1] // 8, 2), np.int8))
    with open(tmp_path / "ladders.jsonl", "w") as file:
        file.write(json.dumps({"name": "a", "number": 0, "stages": {1: {}, 3: {}, 4: {}}}) + "\n")
    return str(tmp_path)


def stages_of(frames):
    """[1, T, 3, H, W] -> the stage of each frame"""
    by_value = {value: number for number, value in VALUES.items()}
    return [by_value[round(float((frame.mean() + 1) * 127.5))] for frame in frames[0]]


def test_every_kind_of_pair_starts_from_the_same_stage_and_direct_ends_clean(folder):
    direct, ladder = Ladders(folder, "direct"), Ladders(folder, "ladder")
    ends = set()
    for step in range(40):
        (x, target, _, strength), (y, other, _, part) = direct.sample(1, step, 64, 4), ladder.sample(1, step, 64, 4)
        start, end = stages_of(y)[0], stages_of(other)[0]
        assert torch.equal(x, y) and strength == 1
        assert set(stages_of(target)) == {STAGES} and direct.weight(1, step, 0.5) == 1
        assert end > start and part == pytest.approx((end - start) / (STAGES - start))
        assert (part == 1) == (end == STAGES) == (ladder.weight(1, step, 0.5) == 1)
        assert end == STAGES or ladder.weight(1, step, 1.0) == 0
        ends.add(end)
    assert ends == {3, 4, STAGES}


def test_a_changing_clip_climbs_to_the_best_damaged_stage(folder):
    seen = [stages_of(Ladders(folder, "changing").sample(1, step, 64, 6)[0]) for step in range(40)]
    assert all(stages == sorted(stages) for stages in seen)
    assert [1, 1, 3, 3, 4, 4] in seen and [1] * 6 in seen


def test_no_stage_keeps_a_fading():
    r = ladders.unfaded({"tone": [1, 2, 3], "cast": [1], "first": {"tone": [1, 2, 3], "cast": [2], "blur": 1.0}})
    assert r == {"tone": None, "first": {"tone": None, "blur": 1.0}}


def tiny_flow():
    torch.manual_seed(0)
    net = flow.Flow(flow.FlowConfig(layers=1))
    mixing = torch.randn(48, 48, dtype=torch.float64)
    net.set_axes(torch.zeros(48, dtype=torch.float64), mixing @ mixing.T, mixing @ mixing.T)
    return net


def test_the_decoders_axes_are_taken_back_exactly_and_tokens_lie_under_their_pixels():
    net = tiny_flow()
    z = torch.randn(4, 24, 16, 32, generator=torch.Generator().manual_seed(1))
    assert torch.allclose(net.coefficients(net.picture(z)[None]), z, atol=1e-3)
    tokens = net.tokens_of(z, 1)
    assert tokens.shape == (1, 1, 4, 8, net.config.noise_channels)
    assert set(tokens[0, 0, 1, 2].tolist()) == set(z[:, :, 4:8, 8:12].flatten().tolist())


def test_euler_reaches_a_known_residual_in_any_number_of_steps(monkeypatch):
    net = tiny_flow()
    x, vectors = torch.zeros(1, 4, 3, 64, 64), torch.zeros(1, 4, 8, 8, 2, dtype=torch.long)
    goal, noise = torch.randn(2, 4, 24, 16, 16, generator=torch.Generator().manual_seed(1))
    times = []

    def predict(shown, z, time, batch):
        assert torch.allclose(z, (1 - time) * noise + time * goal, atol=1e-4)
        times.append(time)
        return net.picture(goal)

    monkeypatch.setattr(net, "predict", predict)
    for steps in (1, 4):
        assert torch.allclose(net.sample(x, noise, steps, vectors), net.picture(goal)[None], atol=1e-3)
    assert times == [0, 0, 0.25, 0.5, 0.75]


def test_at_time_one_the_flow_answers_with_what_it_is_given():
    net = tiny_flow()
    x, vectors = torch.zeros(1, 4, 3, 64, 64), torch.zeros(1, 4, 8, 8, 2, dtype=torch.long)
    z = torch.randn(4, 24, 16, 16, generator=torch.Generator().manual_seed(1))
    truth = net.picture(z)[None]
    assert torch.allclose(net.between(x, truth, torch.zeros_like(z), 1.0, vectors), truth, atol=1e-3)
    assert net.between(x, truth, torch.zeros_like(z), 0.5, vectors).requires_grad


def write_validation(folder):
    os.makedirs(folder)
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 256, (4, 64, 64, 3), dtype=np.uint8)
    for kind, array in (("truth", truth), ("input", truth[:, ::2, ::2]), ("motion", np.zeros((4, 8, 8, 2), np.int8))):
        np.save(os.path.join(folder, f"v.{kind}.npy"), array)
    with open(os.path.join(folder, "pairs.jsonl"), "w") as file:
        file.write(json.dumps({"name": "v", "recipe": {"scale": 2}}) + "\n")


def test_a_stopped_run_goes_on_after_the_arms_that_are_finished(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(ablate, "cases", lambda path, whole=ablate.cases: whole(path, (64, 64, 4)))
    monkeypatch.setattr(
        ablate,
        "ARMS",
        {
            "direct": ablate.Arm(crop=64, frames=4),
            "ladder": ablate.Arm("ladder", crop=64, frames=4),
            "dense": ablate.Arm(config=ablate.Config(topk_per_window=ablate.DENSE), start="direct", crop=64, frames=4),
        },
    )
    write_validation(str(tmp_path / "validation"))
    run = lambda *more: ablate.run_all(
        ablate.arguments(
            [
                "run",
                "--ladders",
                folder,
                "--validation",
                str(tmp_path / "validation"),
                "--out",
                str(tmp_path / "out"),
                "--steps",
                "2",
                "--seeds",
                "1",
                *more,
            ]
        )
    )
    run("--arms", "direct")
    first = ablate.finished(tmp_path / "out")
    run("--arms", "direct+ladder+dense")
    lines = ablate.finished(tmp_path / "out")
    assert lines[:2] == first and [line["arm"] for line in lines] == ["plain", "direct", "ladder", "dense"]
    printed = ablate.table(tmp_path / "out")
    for row in ("| Lanczos | 1 |", "| ladder | 1 |", "| dense, run sparse | 1 |", "| ladder against direct pairs |"):
        assert row in printed
    os.remove(tmp_path / "out" / "results.jsonl")
    monkeypatch.setattr(ablate, "train", None)  # measured again, not trained again
    run("--arms", "direct")
    assert ablate.finished(tmp_path / "out") == first


def test_without_its_transformer_the_network_does_not_see_the_noise():
    torch.manual_seed(0)
    net = HeirloomS(ablate.Config(layers=1))
    torch.nn.init.normal_(net.decoder.output.detail.weight)
    x, vectors = torch.rand(1, 4, 3, 64, 64) - 0.5, torch.zeros(1, 4, 8, 8, 2, dtype=torch.long)
    outs = lambda net: [net(x, torch.full((1, 1, 16, 16), v), vectors=vectors) for v in (0.0, 9.0)]
    assert not torch.allclose(*outs(net)) and torch.equal(*outs(ablate.without_transformer(net)))


def test_a_difference_is_bold_only_where_it_exceeds_the_spread_of_the_seeds():
    assert ablate.difference([0.10, 0.12, 0.11], "psnr").startswith("**+0.110**")
    assert ablate.difference([0.10, -0.12, 0.11], "psnr").startswith("+0.030 (")


def test_four_steps_cost_four_networks_and_one_condition():
    assert ablate.operations("flow, 4 steps") < 4 * ablate.operations("flow, 1 step")
    assert ablate.operations("dense") > ablate.operations("sparse") == ablate.operations("direct")
    assert ablate.operations("kept, 27 blocks") == ablate.operations("kept-dense")
    assert ablate.operations("kept, without transformer") < ablate.operations("kept, 1 blocks")
