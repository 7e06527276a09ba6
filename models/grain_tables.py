"""The tables that grain is drawn with (native/src/grain), written as C++.

    python3 models/grain_tables.py > native/src/grain/tables.cpp

All arithmetic is decimal and rounded correctly by Python itself: every machine writes the same file.
"""

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from gaussian_counts import PI, below, source

ARITHMETIC = Context(prec=50)
SLICES = 4096  # of half of a normal distribution, all equally likely
NORMAL = 1 << 10  # a standard deviation
BELL_STEPS, BELL_REACH, BELL = 64, 4, 1 << 14  # places a deviation, deviations, its height
SIZE_STEPS, SIZES, PIXEL = 32, 64, 4096  # sizes a pixel, their number, and a pixel in what comes out


def density(x):
    return (-x * x / 2).exp() / (2 * PI).sqrt()


def quantile(half, start):
    """The x >= 0 below which a standard normal distribution has `half` more than below 0"""
    x = start
    for _ in range(60):
        step = (below(x) - half) / density(x)
        x -= step
        if abs(step) < Decimal(10) ** -30:
            return x
    raise ArithmeticError(f"no quantile of {half}")


def normals():
    """The mean of each slice, in a scale in which their squares have the mean 1"""
    edges = [Decimal(0)]
    for i in range(1, SLICES):
        edges.append(quantile(Decimal(i) / (2 * SLICES), edges[-1]))
    heights = [density(x) for x in edges] + [Decimal(0)]
    means = [2 * SLICES * (heights[i] - heights[i + 1]) for i in range(SLICES)]
    norm = (sum(mean * mean for mean in means) / SLICES).sqrt()
    return [whole(NORMAL * mean / norm) for mean in means]


def bell():
    places = [Decimal(i) / BELL_STEPS for i in range(BELL_REACH * BELL_STEPS)]
    return [whole(BELL * (-x * x / 2).exp()) for x in places] + [0, 0]


def common(deviation):
    """What neighbours have in common in white noise that sampled taps of this deviation have blurred"""
    reach = int(BELL_REACH * deviation) + 1
    taps = [(-((Decimal(k) / deviation) ** 2) / 2).exp() for k in range(-reach, reach + 1)]
    return sum(a * b for a, b in zip(taps, taps[1:], strict=False)) / sum(tap * tap for tap in taps)


def deviations():
    """Of sampled taps that give neighbours what a blur of so many steps gives them: exp(-1 / (4 s^2))"""
    found = [0]
    for i in range(1, SIZES + 1):
        size = Decimal(i) / SIZE_STEPS
        wanted = (-1 / (4 * size * size)).exp()
        low, high = Decimal("0.02"), Decimal(3)
        for _ in range(40):
            middle = (low + high) / 2
            low, high = (middle, high) if common(middle) < wanted else (low, middle)
        found.append(whole(PIXEL * low))
    return found


def whole(value):
    return int(value.to_integral_value(ROUND_HALF_UP))


def text():
    arrays = [("kNormal[4096]", normals()), ("kBell[258]", bell()), ("kTapDeviation[65]", deviations())]
    return source("grain_tables.py", "grain/tables.h", "grain", arrays)


if __name__ == "__main__":
    with localcontext(ARITHMETIC):
        print(text(), end="")
