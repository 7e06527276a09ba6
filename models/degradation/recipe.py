"""One random damage as plain numbers; damage.py does it to frames. The recipe is drawn once per clip and stored beside the pair."""

import numpy as np

FAMILIES = {
    1: {"clean": 0.12, "light": 0.18, "codec": 0.28, "vhs": 0.22, "dv": 0.08, "interlaced": 0.12},
    2: {"clean": 0.06, "light": 0.10, "codec": 0.46, "vhs": 0.18, "dv": 0.06, "interlaced": 0.14},
    4: {"clean": 0.15, "light": 0.25, "codec": 0.60},
}
CODECS = {
    "codec": {
        "none": 0.1,
        "mjpeg": 0.18,
        "mpeg2": 0.2,
        "mpeg1": 0.06,
        "mpeg4": 0.14,
        "h263": 0.06,
        "h264": 0.2,
        "hevc": 0.06,
    },
    "vhs": {"none": 0.1, "h264": 0.5, "mpeg2": 0.25, "mjpeg": 0.15},
    "light": {"none": 0.3, "h264": 0.4, "mjpeg": 0.3},
    "dv": {"intra": 1.0},
    "interlaced": {"mpeg2i": 0.65, "intrai": 0.35},
    "clean": {"none": 1.0},
}


def choose(rng, weights):
    p = np.array(list(weights.values()))
    return str(rng.choice(list(weights), p=p / p.sum()))


def draw(rng, scale, family=None):
    """rng: numpy Generator -> recipe"""
    family = family or choose(rng, FAMILIES[scale])
    r = {
        "scale": scale,
        "family": family,
        "seed": int(rng.integers(2**31)),
        "kernel": str(rng.choice(["area", "bicubic"])),
        "blur": 0.0,
        "noise": None,
        "chroma": None,
        "vhs": None,
        "tone": None,
        "codec": choose(rng, CODECS[family]),
        "q": float(rng.random()),
    }
    u = lambda a, b: float(rng.uniform(a, b))
    if family == "clean":
        return r
    if family == "light":
        r.update(blur=u(0, 0.5), noise=[u(0, 1.5), u(0, 2.0), u(0, 0.3)], chroma=[u(0.3, 0.6), 2, 2], q=u(0, 0.45))
        return r
    r["blur"] = u(0, 1.3 if scale > 1 else 0.9) * float(rng.random() < 0.7)
    r["noise"] = [u(0, 5), u(0, 9) * float(rng.random() < 0.8), u(0, 0.6)]
    r["chroma"] = [u(0.3, 1.5), 2, 2]
    if family == "dv":
        r["chroma"] = [u(0.3, 1.0), 4, 1]
    if family in ("dv", "interlaced"):
        r["noise"] = [u(0, 3), u(0, 5), u(0, 0.5)]
    if family == "dv" and rng.random() < 0.7:
        r["codec"] = "intrai"
    if family == "vhs":
        r["noise"] = [u(0, 2), u(0, 3), u(0, 0.5)] if rng.random() < 0.5 else None
        r["chroma"] = None
        r["vhs"] = {
            "luma_band": u(0.36, 0.66),
            "ringing": u(0, 0.9),
            "chroma_band": u(0.055, 0.13),
            "chroma_noise": u(0, 8),
            "chroma_delay": u(0, 5),
            "chroma_drop": int(rng.integers(3)),
            "luma_noise": u(1, 7),
            "noise_length": u(0, 0.9),
            "jitter": u(0, 0.5) if rng.random() < 0.7 else 0.0,
            "head_switch": int(rng.integers(3, 8)) if rng.random() < 0.2 else 0,
            "dropouts": int(rng.integers(1, 12)) if rng.random() < 0.3 else 0,
        }
        if rng.random() < 0.5:
            r["tone"] = [u(0.8, 1.0), u(0, 18), u(0.65, 1.0)]
    elif rng.random() < 0.1:
        r["tone"] = [u(0.85, 1.0), u(0, 12), u(0.7, 1.0)]
    return r


def coarsen(rng, r):
    """Tape and sensor noise as a capture at full size shows it: a tape's luma carries about 240 of 720 columns, so its grain is several
    pixels long. Half of the tapes, a quarter of the rest; -> the recipe, changed in place. Kept out of `draw`, whose draws the validation pairs hang on."""
    if r["vhs"] and rng.random() < 0.5:
        r["vhs"]["noise_length"] = float(rng.uniform(0.9, 2.2))
    elif r["noise"] and rng.random() < 0.25:
        r["noise"][2] = float(rng.uniform(0.6, 1.4))
    return r
