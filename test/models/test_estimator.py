"""The estimator: its examples are called what was really done to them, and it sees what it should."""

import os

import numpy as np
import pytest
import torch
from conftest import ROOT
from degradation import damage, recipe
from degradation.operations import gaussian
from estimator import FEATURES, NAMES, as_level, features, grid, position, read_folder
from goldens import moving_picture
from train_estimator import measured, softness, spearman, strength


def clip(frames=6, height=96, width=128):
    x = moving_picture(frames, height, width, 4)
    return ((x + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


def recipe_of(**numbers):
    return {**recipe.draw(np.random.default_rng(1), 1, "clean"), **numbers}


def test_a_clean_clip_suffers_from_nothing():
    assert measured(clip(), recipe_of())[1] == [0, 0, 0, 0]


def test_noise_is_measured_as_it_was_put_in():
    truth = np.full((6, 96, 128, 3), 128, np.uint8)
    r = recipe_of(noise=[4.0, 0.0, 0.0])
    level = measured(truth, r)[1][0]
    damaged = damage.apply(truth, r).astype(float) @ np.array([0.299, 0.587, 0.114])
    assert abs(level - as_level(damaged.std(), 0)) < 0.01


def test_combing_is_seen_where_things_move_and_nowhere_else():
    moving, still = clip(), np.repeat(clip(1), 6, 0)
    woven = recipe_of(weave=[1.0, 0.0])
    assert measured(moving, woven)[1][3] > 0.3
    assert measured(still, woven)[1][3] == 0


def test_softness_is_the_sigma_of_the_blur_whatever_the_noise_and_the_contrast():
    generator = torch.Generator().manual_seed(1)
    truth = torch.rand(2, 1, 96, 128, generator=generator) * 255
    soft = 0.8 * gaussian(truth, 1.1)[:, 0] + 12 + 3 * torch.randn(2, 96, 128, generator=generator)
    assert abs(softness(soft.numpy(), truth[:, 0].numpy()) - 1.1) < 0.1


def test_what_it_sees_does_not_depend_on_brightness_nor_on_which_way_round_the_picture_is():
    rng = np.random.default_rng(1)
    a, b = rng.random((2, 64, 96)) * 100
    assert features(a, b).shape == (FEATURES,)
    assert np.allclose(features(a, b), features(a + 50, b + 50))
    assert np.allclose(features(a, b)[:75], features(a[:, ::-1], b[:, ::-1])[:75], atol=0.05)


def test_a_grid_of_eight_stands_out_at_any_phase():
    x = np.random.default_rng(2).normal(128, 1, (48, 96))
    flat = grid(x)[0]
    for phase in (0, 3, 7):
        blocky = x + 12 * (((np.arange(96) + phase) // 8) % 2)
        assert grid(blocky)[0] > flat + 1


def test_the_shipped_weights_find_clean_what_is_clean_and_grain_where_it_is():
    net, _ = read_folder(os.path.join(ROOT, "resources", "estimator"))
    smooth = np.tile(np.linspace(60, 180, 160), (128, 1)) + 20 * np.sin(np.arange(128) / 9)[:, None]
    rng = np.random.default_rng(3)
    look = lambda sigma: net(
        torch.from_numpy(features(*(smooth + sigma * rng.normal(size=(2, 128, 160))))).float()[None]
    )[0]
    with torch.no_grad():
        assert look(8)[0] > look(2)[0] > look(0.3)[0]


def test_ranks_of_equal_values_are_shared():
    assert spearman(np.array([0, 0, 1, 2]), np.array([5, 5, 6, 7])) == pytest.approx(1)


def test_the_place_on_the_ladder_rises_with_every_level_and_the_strength_with_it():
    weights, ladder = torch.ones(len(NAMES)), {"from": 0.1, "to": 0.6}
    low = torch.tensor([0.1, 0.2, 0.1, 0.0])
    for n in range(len(NAMES)):
        more = low.clone()
        more[n] += 0.3
        assert position(more, weights, 3.0) > position(low, weights, 3.0)
    assert [strength(p, ladder) for p in (0, 0.1, 0.35, 0.6, 1)] == pytest.approx([0, 0, 0.5, 1, 1])
