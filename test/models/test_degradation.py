"""Damage: the Gaussian toy of the ladder, seeds, sizes, and that no operation moves the picture in time or space."""

import shutil

import numpy as np
import pytest
import torch
from degradation import families, recipe
from degradation.encoders import DV_FRAME, recode
from degradation.ladder import best_error, gaussian_stages, pair, recipes, stages, weight
from goldens import moving_picture

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not on the PATH")


def clip(frames=8, height=96, width=128):
    x = moving_picture(frames, height, width, 4)
    return ((x + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


@pytest.mark.parametrize("independent,expected", [(True, (0.498, 0.370, 0.295)), (False, (0.499, 0.499, 0.499))])
def test_older_stages_help_only_when_their_damage_is_independent(independent, expected):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(400_000, generator=generator)
    seen = gaussian_stages(x, (2.0, 1.5, 1.2, 1.0), independent, generator)
    for count, error in zip((1, 2, 4), expected):
        assert abs(best_error(x, seen[:, -count:]) - error) < 0.006  # three standard errors of 400 000 draws


@needs_ffmpeg
@pytest.mark.parametrize("family,scale", [(f, s) for s in recipe.FAMILIES for f in recipe.FAMILIES[s]])
def test_a_recipe_gives_the_same_damage_every_time_at_the_right_size(family, scale):
    truth = clip()
    r = recipe.draw(np.random.default_rng(3), scale, family)
    a, b = recipe.apply(truth, r), recipe.apply(truth, r)
    assert a.shape == (8, 96 // scale, 128 // scale, 3) and a.dtype == np.uint8
    assert np.array_equal(a, b)


@needs_ffmpeg
@pytest.mark.parametrize(
    "codec",
    [
        "mjpeg",
        "mpeg2",
        "mpeg1",
        "mpeg4",
        "h263",
        "h264",
        "hevc",
        "intra",
        "mpeg2i",
        "intrai",
        "mpeg2q",
        "mpeg1q",
        "mpeg2qi",
        "mpeg4q",
        "h263q",
        "phone264",
        "dv",
        "dvi",
    ],
)
def test_encoders_keep_every_frame_at_its_moment(codec):
    truth = clip()
    r = recipe.draw(np.random.default_rng(1), 1, "clean")
    r.update(
        codec=codec,
        q=0.0
        if codec in ("mjpeg", "h264", "hevc", "intra", "intrai", "mpeg2q", "mpeg1q", "mpeg2qi", "mpeg4q", "h263q")
        else 1.0,
    )
    out = recipe.apply(truth, r).astype(float)
    error = lambda k: np.abs(out[2 + k : 6 + k] - truth[2:6]).mean()
    assert error(0) < error(-1) and error(0) < error(1)


@needs_ffmpeg
def test_clean_at_scale_1_is_the_truth_itself():
    truth = clip()
    assert np.array_equal(recipe.apply(truth, recipe.draw(np.random.default_rng(1), 1, "clean")), truth)


@needs_ffmpeg
@pytest.mark.parametrize("family", list(families.FAMILIES))
def test_a_family_harms_more_at_a_higher_level_and_the_same_every_time(family):
    truth = clip()
    error = []
    for level in (0.0, 1.0):
        r = families.draw(np.random.default_rng(4), 1, family, level)
        damaged = recipe.apply(truth, r)
        assert damaged.shape == truth.shape and np.array_equal(damaged, recipe.apply(truth, r))
        error.append(np.abs(damaged.astype(float) - truth).mean())
    assert error[0] < error[1]


@needs_ffmpeg
def test_a_family_meets_the_size_of_its_scale():
    r = families.draw(np.random.default_rng(2), 4, "several", 0.5)
    assert recipe.apply(clip(), r).shape == (8, 24, 32, 3)


@needs_ffmpeg
def test_a_clip_larger_than_a_dv_frame_is_refused():
    with pytest.raises(ValueError, match="larger than a DV frame"):
        recode(np.zeros((2, DV_FRAME[0] + 2, 64, 3), np.uint8), "dv", 0)


def test_the_target_fades_with_the_clip_and_does_nothing_else():
    truth = clip()
    assert np.array_equal(recipe.target(truth, families.draw(np.random.default_rng(1), 1, "noise", 1.0)), truth)
    faded = families.draw(np.random.default_rng(1), 1, "fading", 1.0)
    later = {**families.draw(np.random.default_rng(1), 1, "mjpeg", 1.0), "first": faded}
    assert recipe.target(truth, faded).mean() != truth.mean()
    assert np.array_equal(recipe.target(truth, later), recipe.target(truth, faded))


def test_combing_stands_still_where_nothing_moves():
    still = np.repeat(clip(1), 4, 0)
    quiet = {**families.draw(np.random.default_rng(1), 1, "combing", 1.0), "noise": None, "weave": [1.0, 0.0]}
    assert np.array_equal(recipe.as_frames(recipe.picture(still, quiet)), still)


@needs_ffmpeg
def test_a_ladder_goes_from_several_damages_to_the_clean_clip():
    truth = clip()
    ladder = stages(truth, 2, 6, np.random.default_rng(5))
    assert ladder[0].recipe["family"] == "several" and ladder[-1].recipe is None
    assert [s.number for s in ladder] in ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 6])
    assert np.array_equal(ladder[-1].frames, truth)
    again = stages(truth, 2, 6, np.random.default_rng(5))
    assert all(np.array_equal(a.frames, b.frames) for a, b in zip(ladder, again))


def test_stages_are_drawn_each_for_itself_at_falling_levels_and_the_light_one_is_often_missing():
    drawn = [recipes(2, 7, np.random.default_rng(n)) for n in range(300)]
    levels = [[r["level"] for r in ladder.values()] for ladder in drawn]
    assert all(level == sorted(level, reverse=True) and len(set(level)) == len(level) for level in levels)
    assert all(len({r["seed"] for r in ladder.values()}) == len(ladder) for ladder in drawn)
    assert abs(sum(6 not in ladder for ladder in drawn) / 300 - 0.3) < 0.08  # three standard errors
    with pytest.raises(ValueError, match="no room"):
        recipes(2, 2, np.random.default_rng(0))


def test_pairs_go_up_the_ladder_and_mostly_to_its_end():
    rng = np.random.default_rng(1)
    pairs = [pair([1, 2, 3, 4, 6], rng) for _ in range(1000)]
    assert all(a < b for a, b in pairs) and {a for a, _ in pairs} == {1, 2, 3, 4}
    assert sum(b == 6 for _, b in pairs) > 700


def test_in_the_last_tenth_of_a_run_only_the_clean_end_counts():
    assert weight(6, 6, 0.5) == weight(6, 6, 1.0) == 1.0
    assert 0.3 < weight(2, 6, 0.5) < weight(5, 6, 0.9) < 1 and weight(5, 6, 0.95) < weight(5, 6, 0.9)
    assert weight(2, 6, 1.0) == 0.0
