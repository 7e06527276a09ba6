"""What is drawn before a frame is touched: recipes of a ladder's stages, pairs of them, families at a level, and what no training sees."""

import json

import numpy as np
import pytest
from degradation import families, recipe
from degradation.encoders import arguments
from degradation.ladder import pair, recipes, weight
from held_out import VALIDATION, is_held_out


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


@pytest.mark.parametrize("scale", recipe.FAMILIES)
def test_a_recipe_is_numbers_alone_and_the_same_for_a_seed(scale):
    drawn = [recipe.draw(np.random.default_rng(n), scale) for n in range(200)]
    assert drawn == [recipe.draw(np.random.default_rng(n), scale) for n in range(200)]
    assert {r["family"] for r in drawn} == set(recipe.FAMILIES[scale])
    assert json.loads(json.dumps(drawn)) == drawn


@pytest.mark.parametrize("family", families.SHARES)
def test_a_family_is_the_same_for_a_seed_and_states_its_level(family):
    for level in (0.0, 0.5, 1.0):
        r = families.draw(np.random.default_rng(3), 2, family, level)
        assert r == families.draw(np.random.default_rng(3), 2, family, level)
        assert (r["family"], r["level"]) == (family, level)


def test_every_damage_that_is_drawn_has_an_encoder():
    for n in range(400):
        rng = np.random.default_rng(n)
        for r in (recipe.draw(rng, 1), families.draw(rng, 1)):
            if r["codec"] != "none":
                options, ending = arguments(r["codec"], r["q"], 640 * 480)
                assert "-c:v" in options and ending


def test_every_validation_stem_is_kept_out_of_training():
    assert all(is_held_out(f"pack/video/{stem}-{moment}.mp4") for stem in VALIDATION for moment in "abc")
    assert not is_held_out("pack/video/cups-hands-a.mp4")
