"""Keepsake level 0: the residual with which a decoded film of ours is shown, trained on what our own encoders make of clean clips; docs/heirloom-s.md, Quantiser."""
