"""What a step of training is shown. Everything of it hangs on the seed and the step alone, so a run that was stopped goes on exactly."""

import glob
import os
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from .clips import photo_paths, sharpness_weights
from .render import Scene, stills

KEYS = (
    2,
    2,
    2,
    2,
    3,
    8,
)  # of a sequence, drawn evenly from these; between the last two is the frame that is judged, what was before is history
GAPS = (2, 2, 2, 3, 4)  # frames from key to key of real clips, drawn evenly from these
DAMAGED = 0.15
FARTHEST = 40.0  # pixels: beyond it nothing can be found
BELIEVED = 6.0  # mean difference of 5x5 pixels, 8-bit steps


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


@dataclass
class Drawn:
    keys: torch.Tensor  # [B, K, 3, s, s] in [-1, 1]
    truth: torch.Tensor  # [B, 3, s, s]: at t in the last gap
    flows: torch.Tensor  # [B, 4, s, s] from there to its keys, pixels
    known: torch.Tensor  # [B, 1, s, s]: 1 where the flow is to be believed, else 0
    t: float


class FilmedFlow:
    """Where the pixels of a real frame lie in the keys around it: dense inverse search from the frame that was taken out, believed only where the key, read
    there, looks like it"""

    def __init__(self):
        self.search = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)

    def to(self, frame, key):
        """uint8 [s, s, 3] each -> float32 [s, s, 2] in pixels as (x, y), bool [s, s]"""
        a, b = (cv2.cvtColor(np.ascontiguousarray(x), cv2.COLOR_RGB2GRAY) for x in (frame, key))
        flow = self.search.calc(a, b, None)
        y, x = np.mgrid[: a.shape[0], : a.shape[1]].astype(np.float32)
        x, y = x + flow[..., 0], y + flow[..., 1]
        seen = cv2.remap(b, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        error = cv2.blur(cv2.absdiff(a, seen).astype(np.float32), (5, 5))
        inside = (x >= 0) & (y >= 0) & (x <= a.shape[1] - 1) & (y <= a.shape[0] - 1)
        return flow, inside & (error < BELIEVED)

    def __call__(self, before, frame, after):
        """uint8 [s, s, 3] each -> float32 [s, s, 4], bool [s, s]"""
        (back, seen), (ahead, seen_too) = self.to(frame, before), self.to(frame, after)
        return np.concatenate([back, ahead], -1), seen & seen_too


class Draws:
    """packs: folders of footage (photo/, sharpness.tsv); clips: the folder that clips.store wrote, or None for rendered motion alone"""

    def __init__(self, packs, clips, size, batch):
        cv2.setNumThreads(0)
        self.size, self.batch, self.flow = size, batch, FilmedFlow()
        self.photos = stills(photo_paths(packs))
        paths = sorted(glob.glob(os.path.join(clips, "*.npy"))) if clips else []
        # mapped: what is drawn is read
        self.clips = [np.load(path, mmap_mode="r") for path in paths]
        weights = sharpness_weights(packs)
        names = [os.path.basename(path)[:-4] for path in paths]
        chances = np.array([weights.get(name, 1.0) for name in names])
        self.chances = np.cumsum(chances / chances.sum()) if len(chances) else None

    def step(self, seed, step):
        """-> Drawn; the rendered ones come first"""
        rng = np.random.default_rng([seed, step])
        gap = GAPS[int(rng.integers(len(GAPS)))]
        part = int(rng.integers(1, gap))
        count = KEYS[int(rng.integers(len(KEYS)))]
        rendered = max(1, self.batch // 4) if self.clips else self.batch
        if self.clips:
            count = min(count, (max(len(clip) for clip in self.clips) - 1) // gap + 1)
        each = []
        for i in range(self.batch):
            own = np.random.default_rng([seed, step, i])
            keys, *rest = self.rendered(own, count, part / gap) if i < rendered else self.filmed(own, count, gap, part)
            if own.random() < DAMAGED:
                keys = damaged(keys, own)
            each.append((tensor(keys), *rest))
        keys, truth, flows, known = (torch.stack(x) for x in zip(*each))
        known = known[:, None].float() * (flows.abs().amax(1, keepdim=True) < FARTHEST)
        return Drawn(keys, truth, flows, known, part / gap)

    def rendered(self, rng, count, t):
        """-> keys [K, s, s, 3] as floats, truth, flows and known as in Drawn"""
        scene = Scene(rng, self.photos, self.size)
        keys = np.stack([scene.picture(k) for k in range(2 - count, 2)])
        flow = torch.from_numpy(np.concatenate(scene.flow(t, (0, 1)), -1)).permute(2, 0, 1)
        return keys, tensor(scene.picture(t)[None])[0], flow, torch.ones(flow.shape[1:], dtype=torch.bool)

    def filmed(self, rng, count, gap, part):
        """The same; the livelier of two crops of clips that are long enough"""
        span, s = (count - 1) * gap + 1, self.size
        best, seen = None, 0
        while seen < 2:
            clip = self.clips[min(int(np.searchsorted(self.chances, rng.random())), len(self.clips) - 1)]
            if len(clip) < span:
                continue
            seen += 1
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
        keys, truth = crop[::gap], crop[part::gap][-1]
        flow, known = self.flow(keys[-2], truth, keys[-1])
        flow = torch.from_numpy(flow).permute(2, 0, 1)
        return keys.astype(np.float32), tensor(truth[None])[0], flow, torch.from_numpy(known)
