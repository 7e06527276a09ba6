"""What grain is drawn with is what the script makes, on any machine."""

import os
from decimal import localcontext

from grain_tables import ARITHMETIC, text

ENGINE = os.path.join(os.path.dirname(__file__), "..", "..", "native", "src", "grain", "tables.cpp")


def test_the_engine_has_what_the_script_writes():
    with localcontext(ARITHMETIC), open(ENGINE, encoding="utf-8") as file:
        assert file.read() == text()
