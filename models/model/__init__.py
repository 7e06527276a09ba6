"""heirloom-s in PyTorch, one file per file of native/src/graphs/small; docs/heirloom-s.md is the page both follow."""
