"""What a step of training is shown: crops of photos and of frames of clips. All of it hangs on the seed and the step alone, so a run that was stopped goes on exactly."""

import glob
import os

import cv2
import numpy as np
import torch
from held_out import HELD_OUT_PHOTOS, is_held_out
from motion.clips import photo_paths, sharpness_weights
from motion.render import stills

LONGEST = 1440  # side of a photo
LEAST_SIZE = {"photo": 0.35, "frame": 0.6}  # of what a crop is made smaller to: pixels sharper than a camera's
PHOTOS = 0.75  # share of the crops
# sides of the crops of a step: a tile of the scale net is 256 or what is left of it at a border
SIDES = (128, 128, 128, 192, 192, 256)


def training_photos(packs):
    return [path for path in photo_paths(packs) if not os.path.basename(path).startswith(HELD_OUT_PHOTOS)]


class Draws:
    """packs: folders of footage; clips: the folder that motion.clips.store wrote, or None for photos alone; pixels: of a step, about"""

    def __init__(self, packs, clips, pixels):
        cv2.setNumThreads(0)
        self.pixels, self.photos = pixels, stills(training_photos(packs), LONGEST)
        paths = (
            [path for path in sorted(glob.glob(os.path.join(clips, "*.npy"))) if not is_held_out(path)] if clips else []
        )
        self.clips = [np.load(path, mmap_mode="r") for path in paths]
        weights = sharpness_weights(packs)
        chances = np.array([weights.get(os.path.basename(path)[:-4], 1.0) for path in paths])
        self.chances = np.cumsum(chances / chances.sum()) if len(chances) else None

    def crop(self, rng, side):
        """uint8 [side, side, 3]"""
        kind = "photo" if not self.clips or rng.random() < PHOTOS else "frame"
        if kind == "photo":
            picture = self.photos[int(rng.integers(len(self.photos)))]
        else:
            clip = self.clips[min(int(np.searchsorted(self.chances, rng.random())), len(self.clips) - 1)]
            picture = clip[int(rng.integers(len(clip)))]
        least = max(LEAST_SIZE[kind], side / min(picture.shape[:2]))
        size = min(round(side / rng.uniform(min(least, 1), 1)), *picture.shape[:2])
        y, x = (int(rng.integers(n - size + 1)) for n in picture.shape[:2])
        cut = np.ascontiguousarray(picture[y : y + size, x : x + size])
        cut = cv2.resize(cut, (side, side), interpolation=cv2.INTER_AREA) if size != side else cut
        turn = int(rng.integers(8))
        cut = cut[::-1] if turn & 1 else cut
        cut = cut[:, ::-1] if turn & 2 else cut
        return cut.transpose(1, 0, 2) if turn & 4 else cut

    def step(self, seed, step):
        """-> [B, 3, s, s] in [-1, 1]"""
        rng = np.random.default_rng([seed, step])
        side = SIDES[int(rng.integers(len(SIDES)))]
        count = max(1, round(self.pixels / side**2))
        cuts = np.stack([self.crop(rng, side) for _ in range(count)])
        return torch.from_numpy(cuts).permute(0, 3, 1, 2).float() / 127.5 - 1
