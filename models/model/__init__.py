"""heirloom-s in PyTorch, one file per file of native/src/model; docs/heirloom-s.md is the page both follow."""
