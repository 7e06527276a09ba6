"""The counts of the 64 Gaussians that side symbols are coded with (docs/KEEPSAKE.md), written as C++.

    python3 models/gaussian_counts.py > native/src/entropy/gaussian_counts.cpp

A symbol is a difference from a mean, rounded to a whole number: its share is what a normal distribution of mean 0 has between q - 1/2 and q + 1/2.
Scale i is 0.11 * (64 / 0.11)^(i / 63). All arithmetic is decimal, to 50 digits and rounded correctly by Python itself: every machine writes the same file.
"""

import os
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

SCALES = 64
LEAST, MOST = Decimal("0.11"), Decimal(64)
TOTAL = 1 << 16
DIGITS = 50
ARITHMETIC = Context(prec=DIGITS)
PI = Decimal("3.14159265358979323846264338327950288419716939937510")
COLUMNS = 20


def scale(index):
    """The standard deviation of table `index` (0 to 63), in steps of a symbol"""
    return LEAST * ((MOST / LEAST).ln() * index / (SCALES - 1)).exp()


def below(x):
    """The share of the standard normal distribution between 0 and x >= 0, by the series whose terms are all positive"""
    term = total = x
    n = 1
    while term > total * Decimal(10) ** -DIGITS:
        term *= x * x / (2 * n + 1)
        total += term
        n += 1
    return total * (-x * x / 2).exp() / (2 * PI).sqrt()


def whole(share):
    return int((share * TOTAL).to_integral_value(ROUND_HALF_UP))


def counts(index):
    """-> counts of 1, 2, ... (as of -1, -2, ...), and of the escape; 0 has what is left of 65536. Sums are rounded, not shares, or 0 would pay for all"""
    deviation = scale(index)
    inside = below(Decimal("0.5") / deviation)
    given = whole(inside)
    row = []
    while True:
        reached = below((len(row) + Decimal("1.5")) / deviation)
        if row and whole(reached - inside) < 1:
            return row, max(1, whole(2 * (Decimal("0.5") - inside)))
        row.append(max(1, whole(reached) - given))
        given += row[-1]
        inside = reached


def lines(numbers):
    for start in range(0, len(numbers), COLUMNS):
        yield "    " + " ".join(f"{n}," for n in numbers[start : start + COLUMNS])


def source(script, header, namespace, arrays):
    """Arrays (declared name, numbers of 16 bits) as a C++ file"""
    out = [f"// Made by models/{script}; what it is says {os.path.basename(header)}."]
    out += [f'#include "{header}"', "", f"namespace heirloom::{namespace} {{", "", "// clang-format off"]
    for name, numbers in arrays:
        out += [f"const uint16_t {name} = {{", *lines(numbers), "};"]
    return "\n".join([*out, "// clang-format on", "", f"}}  // namespace heirloom::{namespace}", ""])


def text():
    rows, escapes = zip(*(counts(i) for i in range(SCALES)), strict=True)
    ends = [sum(len(row) for row in rows[: i + 1]) for i in range(SCALES)]
    arrays = [
        ("kGaussianEnds[64]", ends),
        ("kGaussianEscapes[64]", escapes),
        (f"kGaussianCounts[{ends[-1]}]", [n for row in rows for n in row]),
    ]
    return source("gaussian_counts.py", "entropy/gaussian_tables.h", "entropy", arrays)


if __name__ == "__main__":
    with localcontext(ARITHMETIC):
        print(text(), end="")
