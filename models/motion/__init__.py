"""heirloom-motion in PyTorch: frames between two frames of a film, for any time between them; docs/heirloom-motion.md is the page it follows."""
