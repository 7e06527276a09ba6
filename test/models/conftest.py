"""Puts models/ on the import path; these tests need what models/requirements.txt lists; `npm test` runs them where it is there."""

import os
import sys

import torch

# One thread: two on a busy machine wait for each other
torch.set_num_threads(1)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "models"))
