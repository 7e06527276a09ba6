"""A still as few bytes: the residual codec (docs/residual-codec.md), its training and its measure."""
