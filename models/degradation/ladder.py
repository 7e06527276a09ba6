"""The ladder: a clip as the last frame of its own decay, a pseudo video. Stages 1 .. T: T is the clean clip, T-1 a light re-compression, 2 .. T-2 one family of
damage each, at log-spaced levels, 1 several at once. Every stage draws its own damage from the clean clip; in a chain (each stage made from the next
one) older stages would say nothing more about the clean one. Nothing here trains: it draws
recipes of stages, pairs of them and their weights in a loss; stages.py makes the stages."""

from . import families, recipe

LIGHT_DROP = 0.3  # how often stage T-1 is left out, so that older stages are used
TO_CLEAN = 0.7  # how often a pair goes to the clean clip


def recipes(scale, count, rng):
    """-> {stage number: recipe} for 1 .. count - 1, worst first; stage count - 1 is missing three times out of ten"""
    if count < 3:
        raise ValueError(
            f"a ladder of {count} stages has no room between several damages at once and the clean clip; it needs 3 or more"
        )
    middle = max(count - 3, 1)
    drawn = {1: families.draw(rng, scale, "several", 1.0)}
    single = {k: v for k, v in families.SHARES.items() if k != "several"}
    for number in range(2, count - 1):
        drawn[number] = families.draw(rng, scale, recipe.choose(rng, single), 1 - (number - 1) / (middle + 1))
    light = recipe.draw(rng, scale, "light")
    light.update(codec="h264", q=float(rng.uniform(0.4, 0.8)), noise=None, level=0.0)  # CRF 24 to 30
    if rng.random() >= LIGHT_DROP:
        drawn[count - 1] = light
    return drawn


def pair(numbers, rng):
    """Stage numbers that are there, worst first -> (from, to), from < to, mostly to the clean clip"""
    start = int(rng.integers(len(numbers) - 1))
    end = len(numbers) - 1 if rng.random() < TO_CLEAN else int(rng.integers(start + 1, len(numbers)))
    return numbers[start], numbers[end]


def weight(to, count, progress):
    """Of a pair in the loss: 1 when it goes to the clean clip, 0.3 to 1 by how clean its end is otherwise; progress of the run in 0..1, the last tenth takes the others away."""
    if to == count:
        return 1.0
    return (0.3 + 0.7 * (to - 1) / (count - 1)) * min(max((1 - progress) / 0.1, 0), 1)
