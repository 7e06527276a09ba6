"""Batches train on what single crops train on, a wider network starts as the one it takes over, and a step that went wrong changes nothing."""

import lzma
import os

import numpy as np
import pytest
import torch
from conftest import ROOT
from fresh_pool import FRAMES, FreshPool
from loss import loss
from model.config import MEDIUM, SMALL, Config, from_json
from model.heirloom_s import HeirloomS
from model.motion import clip_vectors
from train import new_network
from train_batched import BatchTrainer, Step, grouped

KEPT = os.path.join(ROOT, "models", "checkpoints", "heirloom-s-v0.3.pt")
TINY = Config(
    dim=32,
    heads=1,
    layers=1,
    ffn=64,
    topk_per_window=2.5,
    decoder={"channels": 8, "blocks": 2, "shift": 0.25, "neighbours": True, "after": True, "axes": 24},
)


def filled_pool(tmp_path):
    """Two pairs at x2 and x1, without workers"""
    (tmp_path / "sources.json").write_text("[]")
    (tmp_path / "ffmpeg.xz").write_bytes(lzma.compress(b""))
    pool = FreshPool(str(tmp_path), 3, 0, 1, "cpu")
    rng = np.random.default_rng(3)
    for scale in (2, 1):
        truth = rng.integers(0, 256, (FRAMES, 128, 136, 3), dtype=np.uint8)
        pool.store(torch.from_numpy(truth), torch.from_numpy(truth[:, ::scale, ::scale].copy()), scale, 1.0)
    return pool


def as_trainer(pool, net):
    trainer = BatchTrainer.__new__(BatchTrainer)
    trainer.pool, trainer.net, trainer.device, trainer.recorded = pool, net, "cpu", False
    trainer.average = {k: v.detach().clone() for k, v in net.state_dict().items()}
    trainer.optimizer = torch.optim.AdamW(grouped(net), lr=torch.tensor(1e-3), fused=True)
    trainer.generator = torch.Generator()
    return trainer


def test_a_gathered_crop_is_that_part_of_its_pair_flipped_as_drawn(tmp_path):
    pool = filled_pool(tmp_path)
    x, truth, vectors = pool.gather(torch.tensor([[0, 2, 8, 16, 0, 0], [1, 1, 0, 8, 1, 1]]), 64, 8)
    whole = pool.inputs.float().permute(0, 1, 4, 2, 3)
    assert torch.equal(x[0], whole[0, 2:10, :, 8:72, 16:80])
    assert torch.equal(x[1], whole[1, 1:9, :, :64, 8:72].flip(-1, -2))
    # the pair at x1 is its own truth, kept in 16 bits
    assert (x[1] - truth[1]).abs().max() < 1e-3
    assert torch.equal(vectors[0], pool.motion[0, 2:10, 1:9, 2:10].long())
    assert torch.equal(vectors[1], -pool.motion[1, 1:9, :8, 1:9].long().flip(1, 2))


def test_draws_depend_on_seed_and_step_and_stay_inside(tmp_path):
    pool = filled_pool(tmp_path)
    for step in range(20):
        drawn = pool.draw(5, step, 16, 128, 12)
        assert torch.equal(drawn, pool.draw(5, step, 16, 128, 12))
        assert set(drawn[:, 0].tolist()) <= {0, 1} and drawn[:, 1].max() <= FRAMES - 12
        assert drawn[:, 2].max() == 0 and set(drawn[:, 3].tolist()) <= {0, 8}


def test_a_batch_gives_the_mean_of_the_losses_of_its_crops(tmp_path):
    pool = filled_pool(tmp_path)
    torch.manual_seed(0)
    net = HeirloomS(TINY)
    for parameter in net.decoder.output.parameters():
        torch.nn.init.normal_(parameter, std=0.02)
    x, truth, vectors = pool.gather(pool.draw(1, 1, 3, 64, 12), 64, 12)
    noise = torch.randn(3, 3, 16, 16)
    with torch.no_grad():
        together = loss(net(x, noise, vectors=vectors), truth)
        alone = [
            loss(net(x[i : i + 1], noise[i : i + 1], vectors=vectors[i : i + 1]), truth[i : i + 1]) for i in range(3)
        ]
    assert together.item() == pytest.approx(sum(alone).item() / 3, abs=1e-5)


def test_vectors_do_not_depend_on_how_many_are_searched_together():
    x = torch.rand(6, 3, 64, 72, generator=torch.Generator().manual_seed(4)) * 2 - 1
    assert torch.equal(clip_vectors(x), clip_vectors(x, at_once=5)) and torch.equal(
        clip_vectors(x), clip_vectors(x, at_once=2)
    )


def test_a_step_with_a_broken_gradient_changes_nothing_and_is_counted(tmp_path):
    torch.manual_seed(0)
    net, pool = HeirloomS(TINY), filled_pool(tmp_path)
    step = Step(as_trainer(pool, net), 2, 64, 12)
    step(pool.draw(1, 1, 2, 64, 12), 1, 0.9)
    assert step.skipped == 0 and torch.isfinite(step.value)
    before = {k: v.clone() for k, v in net.state_dict().items()}
    pool.truths, whole = pool.truths.float() + float("nan"), pool.truths
    step(pool.draw(1, 2, 2, 64, 12), 2, 0.9)
    assert step.skipped == 1 and all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
    pool.truths = whole
    step(pool.draw(1, 3, 2, 64, 12), 3, 0.9)
    assert step.skipped == 1 and any(not torch.equal(v, before[k]) for k, v in net.state_dict().items())


def test_heirloom_m_starts_as_exactly_the_small_model_it_takes_over():
    kept = torch.load(KEPT, weights_only=True)
    small = HeirloomS(from_json(kept["config"]))
    small.load_state_dict({k: v.float() for k, v in kept["ema"].items()})
    medium = new_network(None, 1, KEPT, 128, MEDIUM)
    x = torch.rand(1, 8, 3, 64, 64, generator=torch.Generator().manual_seed(2)) * 2 - 1
    noise = torch.randn(1, 2, 16, 16, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        y, wanted = medium(x, noise), small(x, noise)
    assert (wanted - x).abs().mean() > 0.01 and (y - wanted).abs().max() < 2e-5
    value = loss(medium(x, noise), torch.zeros_like(x))
    value.backward()
    asleep = [n for n, p in medium.named_parameters() if not n.startswith("strength.") and p.grad.abs().max() == 0]
    # wake when conv1 has moved
    assert all(".conv0." in n or n.endswith(".slope") for n in asleep if not n.startswith("decoder.blocks.0")), asleep


def test_heirloom_m_is_within_its_budget():
    assert sum(p.numel() for p in HeirloomS(MEDIUM, factored=False).parameters()) <= 30_000_000
    assert MEDIUM.condition == SMALL.condition
