"""Pairs made while training runs, on the processor beside the card, from the sources that models/travel.py packed. The card holds as many as fit; when all places
are taken the oldest pair gives way to the newest, so that no damage is seen often. Crops are gathered on the card."""

import json
import lzma
import mmap
import multiprocessing
import os
import queue
import tempfile
import time

import numpy as np
import torch
from model.condition import resize
from model.motion import BLOCK, clip_vectors
from pool import CLEAN_AT_1, is_clean_at_1

HEIGHT, WIDTH, FRAMES = 384, 512, 16  # of one place, at output size
SCALE_SHARES = {2: 0.75, 4: 0.12, 1: 0.13}
PLACE_BYTES = FRAMES * HEIGHT * WIDTH * 3
WAITING = 64  # finished pairs that may wait for the card


def unpacked_ffmpeg(folder, into):
    """-> path of the packed program, ready to run. The pack itself stays as small as it travels."""
    path = os.path.join(into, "ffmpeg")
    with lzma.open(os.path.join(folder, "ffmpeg.xz")) as packed, open(path, "wb") as file:
        file.write(packed.read())
    os.chmod(path, 0o755)
    return path


def draw_pair(folder, sources, rng):
    """-> truth uint8 [T, h, w, 3], damaged uint8 [T, h / scale, w / scale, 3], recipe; T = FRAMES, h and w at most a place's"""
    from degradation import damage, recipe  # here, because it asks for the path of ffmpeg when it is loaded
    from degradation.encoders import read_rgb
    from prepare import photo_clip, region_of

    weights = np.array([s["weight"] for s in sources])
    source = sources[int(rng.choice(len(sources), p=weights / weights.sum()))]
    path = os.path.join(folder, source["file"])
    if source["kind"] == "photo":
        truth = photo_clip(path, FRAMES, (WIDTH, HEIGHT), rng)
    else:
        truth = region_of(read_rgb(path, size=source["size"])[:FRAMES], rng, (WIDTH, HEIGHT), FRAMES)
    r = recipe.coarsen(rng, recipe.draw(rng, int(recipe.choose(rng, SCALE_SHARES))))
    damaged = damage.apply(truth, r)
    return damage.target(truth, r), damaged, r


def as_pixels(memory, start, shape):
    return np.frombuffer(memory, np.uint8, int(np.prod(shape)), start).reshape(shape)


def produce(folder, sources, seed, memory, free, ready):
    """One worker: pairs without end into the places of shared memory; truth and input of a pair lie one after the other"""
    torch.set_num_threads(1)
    for number in range(1 << 30):
        place = free.get()
        try:
            truth, damaged, r = draw_pair(folder, sources, np.random.default_rng([*seed, number]))
        except (RuntimeError, ValueError, OSError) as error:  # one pair less; the trainer says so
            free.put(place)
            ready.put(str(error))
            continue
        start = place * 2 * PLACE_BYTES
        as_pixels(memory, start, truth.shape)[:] = truth
        as_pixels(memory, start + PLACE_BYTES, damaged.shape)[:] = damaged
        ready.put((place, truth.shape, damaged.shape, r["scale"], CLEAN_AT_1 if is_clean_at_1({"recipe": r}) else 1.0))


class FreshPool:
    """Make it before anything touches the card: the workers are forked."""

    def __init__(self, folder, places, workers, seed, device):
        with open(os.path.join(folder, "sources.json"), encoding="utf-8") as file:
            sources = json.load(file)
        self.programs = tempfile.TemporaryDirectory()
        os.environ["FFMPEG_BIN"] = unpacked_ffmpeg(folder, self.programs.name)
        context = multiprocessing.get_context("fork")
        self.memory = mmap.mmap(-1, WAITING * 2 * PLACE_BYTES)
        self.free, self.ready = context.Queue(), context.Queue()
        for place in range(WAITING):
            self.free.put(place)
        self.workers = [
            context.Process(
                target=produce, args=(folder, sources, (seed, w), self.memory, self.free, self.ready), daemon=True
            )
            for w in range(workers)
        ]
        for worker in self.workers:
            worker.start()
        self.device = device
        # enlarged to output size
        self.inputs = torch.zeros(places, FRAMES, HEIGHT, WIDTH, 3, dtype=torch.float16, device=device)
        self.truths = torch.zeros(places, FRAMES, HEIGHT, WIDTH, 3, dtype=torch.uint8, device=device)
        self.motion = torch.zeros(places, FRAMES, HEIGHT // BLOCK, WIDTH // BLOCK, 2, dtype=torch.int8, device=device)
        self.sizes = np.zeros((places, 2), np.int64)
        self.weights = np.zeros(places)
        self.taken = self.failed = 0

    @property
    def lines(self):  # what a pool is counted by
        return self.weights.nonzero()[0]

    def take_in(self, most, timeout=None):
        """Moves at most so many finished pairs to the card -> how many; timeout: seconds to wait for the first"""
        for count in range(most):
            try:
                item = self.ready.get(timeout=timeout) if timeout and count == 0 else self.ready.get_nowait()
            except queue.Empty:
                return count
            if isinstance(item, str):
                self.failed += 1
                print(f"a pair could not be made ({self.failed} so far): {item}", flush=True)
                continue
            place, truth_shape, damaged_shape, scale, weight = item
            start = place * 2 * PLACE_BYTES
            truth = torch.from_numpy(as_pixels(self.memory, start, truth_shape)).to(self.device)
            damaged = torch.from_numpy(as_pixels(self.memory, start + PLACE_BYTES, damaged_shape)).to(self.device)
            if self.device != "cuda":
                truth, damaged = truth.clone(), damaged.clone()
            self.free.put(place)
            self.store(truth, damaged, scale, weight)
        return most

    @torch.no_grad()
    def store(self, truth, damaged, scale, weight):
        at, (T, h, w, _) = self.taken % len(self.weights), truth.shape
        x = resize(damaged.permute(0, 3, 1, 2).float() / 127.5 - 1, scale)
        self.inputs[at, :, :h, :w] = x.permute(0, 2, 3, 1).half()
        self.truths[at, :, :h, :w] = truth
        self.motion[at, :, : h // BLOCK, : w // BLOCK] = clip_vectors(
            x, at_once=T - 1 if self.device == "cuda" else 1
        ).to(torch.int8)
        self.sizes[at], self.weights[at] = (h, w), weight
        self.taken += 1

    def fill(self, count, seconds):
        """Waits for so many pairs, at most so long; with none at all there is nothing to train on"""
        start = time.time()
        while self.taken < count and time.time() - start < seconds:
            self.take_in(4, timeout=1)
        if self.taken == 0:
            raise RuntimeError(f"no pair was ready after {seconds} s; the lines above say what failed")
        print(f"{self.taken} pairs after {time.time() - start:.1f} s", flush=True)

    def draw(self, seed, step, batch, crop, frames):
        """-> int64 [batch, 6] on the processor: place, frame, row, column, flipped left to right, upside down. Crops start at whole blocks of the motion."""
        rng = np.random.default_rng([seed, step])
        fits = self.weights * (self.sizes.min(1) >= crop)
        chances = np.cumsum(fits / fits.sum())
        place = np.minimum(np.searchsorted(chances, rng.random(batch)), len(fits) - 1)
        first = rng.integers(FRAMES - frames + 1, size=batch)
        row, column = (
            (rng.random(batch) * ((self.sizes[place, i] - crop) // BLOCK + 1)).astype(np.int64) * BLOCK for i in (0, 1)
        )
        flips = rng.integers(2, size=(2, batch))
        return torch.from_numpy(np.stack([place, first, row, column, *flips], 1))

    def gather(self, drawn, crop, frames):
        """drawn [batch, 6] on the card -> x, truth [batch, frames, 3, crop, crop] in [-1, 1], vectors [batch, frames, crop / 8, crop / 8, 2]"""
        place, first, row, column, mirrored, upside_down = drawn.unbind(1)
        n = lambda count: torch.arange(count, device=drawn.device)
        # [batch, count]
        ahead = lambda count, turned: torch.where(turned[:, None] > 0, count - 1 - n(count), n(count))
        at = lambda rows, columns: (
            place[:, None, None, None],
            (first[:, None] + n(frames))[:, :, None, None],
            rows[:, None, :, None],
            columns[:, None, None, :],
        )
        pixels = at(row[:, None] + ahead(crop, upside_down), column[:, None] + ahead(crop, mirrored))
        blocks = at(
            row[:, None] // BLOCK + ahead(crop // BLOCK, upside_down),
            column[:, None] // BLOCK + ahead(crop // BLOCK, mirrored),
        )
        x = self.inputs[pixels].float().permute(0, 1, 4, 2, 3).contiguous()
        truth = (self.truths[pixels].float() / 127.5 - 1).permute(0, 1, 4, 2, 3).contiguous()
        # [batch, 2]
        turned = 1 - 2 * torch.stack([upside_down, mirrored], 1)
        return x, truth, self.motion[blocks].long() * turned[:, None, None, None, :]

    def close(self):
        for worker in self.workers:
            worker.terminate()
        self.programs.cleanup()
