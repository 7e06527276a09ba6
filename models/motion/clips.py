"""Real clips: which are for training and which are held out, and their frames."""

import csv
import glob
import os

import numpy as np
from degradation.encoders import run, size_of
from held_out import HELD_OUT as HELD_OUT_SHOTS
from held_out import is_held_out

# The first part of each shot that no training sees, and real and made test clips
HELD_OUT = tuple(f"{shot}-a.mp4" for shot in HELD_OUT_SHOTS) + (
    "test/real/gopro-480p-path.mp4",
    "test/real/digicam-mjpeg-640x480-pcm-road.avi",
    "test/truth/ducks-1024x576-50p.mp4",
    "test/truth/flower-640x480-29.97p.mp4",
)
FRAMES = 33


def video_paths(packs):
    """Training clips: all of the packs but those of held-out shots"""
    paths = sorted(path for pack in packs for path in glob.glob(os.path.join(pack, "video", "*.mp4")))
    return [path for path in paths if not is_held_out(path)]


def photo_paths(packs):
    return sorted(path for pack in packs for path in glob.glob(os.path.join(pack, "photo", "*.jpg")))


def held_out_paths(footage):
    """The fixed list, found under the footage folder"""
    found = []
    for name in HELD_OUT:
        inside = name if "/" in name else os.path.join("train", "*", "video", name)
        found += sorted(glob.glob(os.path.join(footage, inside)))
    return found


def frames_of(path, frames=None, scale=1.0):
    """-> uint8 [T, h, w, 3], sides even; scale: smaller by area averaging"""
    w, h = (int(n * scale) // 2 * 2 for n in size_of(path))
    arguments = ["-threads", "1", "-noautorotate", "-i", path, "-vf", f"scale={w}:{h}:flags=area"]
    arguments += [] if frames is None else ["-frames:v", str(frames)]
    data = run([*arguments, "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
    return np.frombuffer(data, np.uint8).reshape(-1, h, w, 3)


def store(packs, folder, scale=0.75):
    """Decodes the training clips once, as NumPy files that are mapped and not read whole. Three quarters of the size: sharper pixels, and what moves
    in them moves as it does in a film of SD."""
    os.makedirs(folder, exist_ok=True)
    for path in video_paths(packs):
        target = os.path.join(folder, os.path.basename(path)[:-4] + ".npy")
        if not os.path.exists(target):
            np.save(target + ".part.npy", frames_of(path, scale=scale))
            os.replace(target + ".part.npy", target)


def sharpness_weights(packs):
    """{clip name: weight}: soft clips are drawn less (sharpness.tsv of the packs)"""
    weights = {}
    for pack in packs:
        table = os.path.join(pack, "sharpness.tsv")
        if not os.path.exists(table):
            continue
        with open(table, encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                name = os.path.basename(row["file"])[:-4]
                weights[name] = float(np.interp(float(row["high_to_mid_top20_db"]), (-5, -2), (0.3, 1)))
    return weights
