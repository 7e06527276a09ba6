"""The counts that the engine codes with are those that the script makes, on any machine."""

import os
from decimal import Decimal, localcontext

from gaussian_counts import ARITHMETIC, LEAST, MOST, SCALES, counts, scale, text

ENGINE = os.path.join(os.path.dirname(__file__), "..", "..", "native", "src", "entropy", "gaussian_counts.cpp")


def test_the_engine_has_what_the_script_writes():
    with localcontext(ARITHMETIC), open(ENGINE, encoding="utf-8") as file:
        assert file.read() == text()


def test_scales_go_from_the_least_to_the_most_and_no_symbol_is_without_a_count():
    with localcontext(ARITHMETIC):
        assert abs(scale(0) - LEAST) + abs(scale(SCALES - 1) - MOST) < Decimal("1e-40")
        for index in (0, 30, SCALES - 1):
            row, escape = counts(index)
            assert min(row) >= 1 and escape >= 1 and 2 * sum(row) + escape < 65536
