"""What a step of training is shown. Everything of it hangs on the seed and the step alone, so a run that was stopped goes on exactly."""

import glob
import os

import cv2
import numpy as np
import torch

from .clips import photo_paths, sharpness_weights
from .render import Scene, stills

KEYS = 3  # of a sequence: two gaps, a frame between in each
GAPS = (2, 2, 2, 3, 4)  # frames from key to key of real clips, drawn evenly from these
DAMAGED = 0.15


def tensor(frames):
    """uint8 or float [T, h, w, 3] in 0..255 -> float [T, 3, h, w] in [-1, 1]"""
    return torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 127.5 - 1


def damaged(frames, rng):
    """Keys as a bad source has them: noise, or JPEG's blocks and rings, or both. float [T, h, w, 3] in 0..255 -> the same"""
    kind = rng.integers(3)
    if kind != 1:
        frames = frames + rng.normal(0, rng.uniform(1, 7), frames.shape)
    frames = frames.clip(0, 255).round().astype(np.uint8)
    if kind != 0:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))]
        frames = np.stack([cv2.imdecode(cv2.imencode(".jpg", f, quality)[1], cv2.IMREAD_COLOR) for f in frames])
    return frames.astype(np.float32)


class Draws:
    """packs: folders of footage (photo/, sharpness.tsv); clips: the folder that clips.store wrote, or None for rendered motion alone"""

    def __init__(self, packs, clips, size, batch):
        cv2.setNumThreads(0)
        self.size, self.batch = size, batch
        self.photos = stills(photo_paths(packs))
        paths = sorted(glob.glob(os.path.join(clips, "*.npy"))) if clips else []
        # mapped: what is drawn is read
        self.clips = [np.load(path, mmap_mode="r") for path in paths]
        weights = sharpness_weights(packs)
        names = [os.path.basename(path)[:-4] for path in paths]
        chances = np.array([weights.get(name, 1.0) for name in names])
        self.chances = np.cumsum(chances / chances.sum()) if len(chances) else None

    def step(self, seed, step):
        """-> keys [B, 3, 3, s, s], truth [B, 2, 3, s, s], flows [R, 2, 4, s, s] of the R rendered ones, which come first, and t"""
        rng = np.random.default_rng([seed, step])
        gap = GAPS[int(rng.integers(len(GAPS)))]
        part = int(rng.integers(1, gap))
        rendered = self.batch - self.batch // 2 if self.clips else self.batch
        keys, truth, flows = [], [], []
        for i in range(self.batch):
            own = np.random.default_rng([seed, step, i])
            if i < rendered:
                k, y, f = self.rendered(own, part / gap)
                flows.append(f)
            else:
                k, y = self.filmed(own, gap, part)
            if own.random() < DAMAGED:
                k = damaged(k, own)
            keys.append(tensor(k))
            truth.append(tensor(y))
        return torch.stack(keys), torch.stack(truth), torch.stack(flows), part / gap

    def rendered(self, rng, t):
        scene = Scene(rng, self.photos, self.size)
        keys = np.stack([scene.picture(k) for k in range(KEYS)])
        truth = np.stack([scene.picture(k + t) for k in range(KEYS - 1)])
        flows = [np.concatenate(scene.flow(k + t, (k, k + 1)), -1) for k in range(KEYS - 1)]
        return keys, truth, torch.from_numpy(np.stack(flows)).permute(0, 3, 1, 2)

    def filmed(self, rng, gap, part):
        """The livelier of two crops"""
        span, s = (KEYS - 1) * gap + 1, self.size
        best = None
        for _ in range(2):
            clip = self.clips[min(int(np.searchsorted(self.chances, rng.random())), len(self.clips) - 1)]
            start = int(rng.integers(len(clip) - span + 1))
            y, x = (int(rng.integers(n - s + 1)) for n in clip.shape[1:3])
            crop = clip[start : start + span, y : y + s, x : x + s]
            life = np.abs(crop[0, ::4, ::4].astype(np.int16) - crop[gap, ::4, ::4]).mean()
            if best is None or life > best[0]:
                best = life, crop
        crop = best[1]
        if rng.random() < 0.5:
            crop = crop[::-1]
        turn = int(rng.integers(8))
        crop = crop[:, ::-1] if turn & 1 else crop
        crop = crop[:, :, ::-1] if turn & 2 else crop
        crop = crop.transpose(0, 2, 1, 3) if turn & 4 else crop
        frames = crop.astype(np.float32)
        return frames[::gap], frames[part::gap][: KEYS - 1]
