"""Damage: the Gaussian toy of the ladder, seeds, sizes, and that no operation moves the picture in time or space."""
import shutil
import numpy as np
import pytest
import torch
from degradation import recipe
from degradation.ladder import best_error, gaussian_stages, stages
from goldens import moving_picture

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not on the PATH")


def clip(frames=8, height=96, width=128):
    x = moving_picture(frames, height, width, 4)
    return ((x + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()


@pytest.mark.parametrize("independent,expected", [(True, (.498, .370, .295)), (False, (.499, .499, .499))])
def test_older_stages_help_only_when_their_damage_is_independent(independent, expected):
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(400_000, generator=generator)
    seen = gaussian_stages(x, (2., 1.5, 1.2, 1.), independent, generator)
    for count, error in zip((1, 2, 4), expected):
        assert abs(best_error(x, seen[:, -count:]) - error) < .006     # three standard errors of 400 000 draws


@needs_ffmpeg
@pytest.mark.parametrize("family,scale", [(f, s) for s in recipe.FAMILIES for f in recipe.FAMILIES[s]])
def test_a_recipe_gives_the_same_damage_every_time_at_the_right_size(family, scale):
    truth = clip()
    r = recipe.draw(np.random.default_rng(3), scale, family)
    a, b = recipe.apply(truth, r), recipe.apply(truth, r)
    assert a.shape == (8, 96 // scale, 128 // scale, 3) and a.dtype == np.uint8
    assert np.array_equal(a, b)


@needs_ffmpeg
@pytest.mark.parametrize("codec", ["mjpeg", "mpeg2", "mpeg1", "mpeg4", "h263", "h264", "hevc", "intra", "mpeg2i", "intrai"])
def test_encoders_keep_every_frame_at_its_moment(codec):
    truth = clip()
    r = recipe.draw(np.random.default_rng(1), 1, "clean")
    r.update(codec=codec, q=0. if codec in ("mjpeg", "h264", "hevc", "intra", "intrai") else 1.)
    out = recipe.apply(truth, r).astype(float)
    error = lambda k: np.abs(out[2 + k:6 + k] - truth[2:6]).mean()
    assert error(0) < error(-1) and error(0) < error(1)


@needs_ffmpeg
def test_clean_at_scale_1_is_the_truth_itself():
    truth = clip()
    assert np.array_equal(recipe.apply(truth, recipe.draw(np.random.default_rng(1), 1, "clean")), truth)


@needs_ffmpeg
def test_the_ladder_ends_with_its_lightest_stage():
    ladder = stages(clip(), 2, 4, np.random.default_rng(5))
    assert [r["family"] for r, _ in ladder][-1] == "light"
    assert len({r["seed"] for r, _ in ladder}) == 4
