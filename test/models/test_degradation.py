"""Damage: the Gaussian toy of the ladder, seeds, sizes, and that no operation moves the picture in time or space."""

import shutil

import numpy as np
import pytest
import torch
from degradation import damage, families, recipe
from degradation.encoders import DV_FRAME, recode
from degradation.stages import best_error, gaussian_stages, stages
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
    a, b = damage.apply(truth, r), damage.apply(truth, r)
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
    out = damage.apply(truth, r).astype(float)
    error = lambda k: np.abs(out[2 + k : 6 + k] - truth[2:6]).mean()
    assert error(0) < error(-1) and error(0) < error(1)


@needs_ffmpeg
def test_clean_at_scale_1_is_the_truth_itself():
    truth = clip()
    assert np.array_equal(damage.apply(truth, recipe.draw(np.random.default_rng(1), 1, "clean")), truth)


@needs_ffmpeg
@pytest.mark.parametrize("family", list(families.FAMILIES))
def test_a_family_harms_more_at_a_higher_level_and_the_same_every_time(family):
    truth = clip()
    error = []
    for level in (0.0, 1.0):
        r = families.draw(np.random.default_rng(4), 1, family, level)
        damaged = damage.apply(truth, r)
        assert damaged.shape == truth.shape and np.array_equal(damaged, damage.apply(truth, r))
        error.append(np.abs(damaged.astype(float) - truth).mean())
    assert error[0] < error[1]


@needs_ffmpeg
def test_a_family_meets_the_size_of_its_scale():
    r = families.draw(np.random.default_rng(2), 4, "several", 0.5)
    assert damage.apply(clip(), r).shape == (8, 24, 32, 3)


@needs_ffmpeg
def test_a_clip_larger_than_a_dv_frame_is_refused():
    with pytest.raises(ValueError, match="larger than a DV frame"):
        recode(np.zeros((2, DV_FRAME[0] + 2, 64, 3), np.uint8), "dv", 0)


def test_the_target_fades_with_the_clip_and_does_nothing_else():
    truth = clip()
    assert np.array_equal(damage.target(truth, families.draw(np.random.default_rng(1), 1, "noise", 1.0)), truth)
    faded = families.draw(np.random.default_rng(1), 1, "fading", 1.0)
    later = {**families.draw(np.random.default_rng(1), 1, "mjpeg", 1.0), "first": faded}
    assert damage.target(truth, faded).mean() != truth.mean()
    assert np.array_equal(damage.target(truth, later), damage.target(truth, faded))


def test_combing_stands_still_where_nothing_moves():
    still = np.repeat(clip(1), 4, 0)
    quiet = {**families.draw(np.random.default_rng(1), 1, "combing", 1.0), "noise": None, "weave": [1.0, 0.0]}
    assert np.array_equal(damage.as_frames(damage.picture(still, quiet)), still)


@needs_ffmpeg
def test_a_ladder_goes_from_several_damages_to_the_clean_clip():
    truth = clip()
    ladder = stages(truth, 2, 6, np.random.default_rng(5))
    assert ladder[0].recipe["family"] == "several" and ladder[-1].recipe is None
    assert [s.number for s in ladder] in ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 6])
    assert np.array_equal(ladder[-1].frames, truth)
    again = stages(truth, 2, 6, np.random.default_rng(5))
    assert all(np.array_equal(a.frames, b.frames) for a, b in zip(ladder, again))
