"""One random damage as plain numbers, and its application. The recipe is drawn once per clip and stored beside the pair."""
import numpy as np
import torch
from . import operations as op
from .encoders import recode

FAMILIES = {1: {"clean": .12, "light": .18, "codec": .28, "vhs": .22, "dv": .08, "interlaced": .12},
            2: {"clean": .06, "light": .10, "codec": .46, "vhs": .18, "dv": .06, "interlaced": .14},
            4: {"clean": .15, "light": .25, "codec": .60}}
CODECS = {"codec": {"none": .1, "mjpeg": .18, "mpeg2": .2, "mpeg1": .06, "mpeg4": .14, "h263": .06, "h264": .2, "hevc": .06},
          "vhs": {"none": .1, "h264": .5, "mpeg2": .25, "mjpeg": .15}, "light": {"none": .3, "h264": .4, "mjpeg": .3},
          "dv": {"intra": 1.}, "interlaced": {"mpeg2i": .65, "intrai": .35}, "clean": {"none": 1.}}


def choose(rng, weights):
    p = np.array(list(weights.values()))
    return str(rng.choice(list(weights), p=p / p.sum()))


def draw(rng, scale, family=None):
    """rng: numpy Generator -> recipe"""
    family = family or choose(rng, FAMILIES[scale])
    r = {"scale": scale, "family": family, "seed": int(rng.integers(2 ** 31)), "kernel": str(rng.choice(["area", "bicubic"])),
         "blur": 0., "noise": None, "chroma": None, "vhs": None, "tone": None, "codec": choose(rng, CODECS[family]), "q": float(rng.random())}
    u = lambda a, b: float(rng.uniform(a, b))
    if family == "clean":
        return r
    if family == "light":
        r.update(blur=u(0, .5), noise=[u(0, 1.5), u(0, 2.), u(0, .3)], chroma=[u(.3, .6), 2, 2], q=u(0, .45))
        return r
    r["blur"] = u(0, 1.3 if scale > 1 else .9) * float(rng.random() < .7)
    r["noise"] = [u(0, 5), u(0, 9) * float(rng.random() < .8), u(0, .6)]
    r["chroma"] = [u(.3, 1.5), 2, 2]
    if family == "dv":
        r["chroma"] = [u(.3, 1.), 4, 1]
    if family in ("dv", "interlaced"):
        r["noise"] = [u(0, 3), u(0, 5), u(0, .5)]
    if family == "dv" and rng.random() < .7:
        r["codec"] = "intrai"
    if family == "vhs":
        r["noise"] = [u(0, 2), u(0, 3), u(0, .5)] if rng.random() < .5 else None
        r["chroma"] = None
        r["vhs"] = {"luma_band": u(.36, .66), "ringing": u(0, .9), "chroma_band": u(.055, .13), "chroma_noise": u(0, 8), "chroma_delay": u(0, 5), "chroma_drop": int(rng.integers(3)),
                    "luma_noise": u(1, 7), "noise_length": u(0, .9), "jitter": u(0, .5) if rng.random() < .7 else 0.,
                    "head_switch": int(rng.integers(3, 8)) if rng.random() < .2 else 0, "dropouts": int(rng.integers(1, 12)) if rng.random() < .3 else 0}
        if rng.random() < .5:
            r["tone"] = [u(.8, 1.), u(0, 18), u(.65, 1.)]
    elif rng.random() < .1:
        r["tone"] = [u(.85, 1.), u(0, 12), u(.7, 1.)]
    return r


def coarsen(rng, r):
    """Tape and sensor noise as a capture at full size shows it: a tape's luma carries about 240 of 720 columns, so its grain is several
    pixels long. Half of the tapes, a quarter of the rest; -> the recipe, changed in place. Kept out of `draw`, whose draws the validation pairs hang on."""
    if r["vhs"] and rng.random() < .5:
        r["vhs"]["noise_length"] = float(rng.uniform(.9, 2.2))
    elif r["noise"] and rng.random() < .25:
        r["noise"][2] = float(rng.uniform(.6, 1.4))
    return r


def picture(truth, r):
    """uint8 [T, H, W, 3] and recipe -> what goes into its encoder: float [T, 3, H / scale, W / scale], neither rounded nor clamped.
    Keys that only families.py draws: first (a recipe at x1 that comes before this one), disc, enlarged, weave, cast."""
    if r.get("first"):
        truth = apply(truth, r["first"])
    generator = torch.Generator().manual_seed(r["seed"])
    x = torch.from_numpy(np.array(truth)).permute(0, 3, 1, 2).float()
    if r.get("disc"):
        x = op.disc(x, r["disc"])
    x = op.downscale(op.gaussian(x, r["blur"]), r["scale"], r["kernel"])
    if r.get("enlarged"):
        x = op.there_and_back(x, *r["enlarged"])
    if r["noise"]:
        x = op.sensor_noise(x, *r["noise"], generator)
    if r["vhs"]:
        x = op.vhs(x, r["vhs"], generator)
    if r.get("weave"):
        x = op.weave(x, *r["weave"], torch.Generator().manual_seed(r["seed"] + 2))
    if r["chroma"]:
        x = op.soft_chroma(x, *r["chroma"])
    return faded(x, r)


def faded(x, r):
    """[T, 3, h, w] of any size, with the fading and the cast of this recipe"""
    if r["tone"]:
        x = op.tone(x, *r["tone"])
    return op.cast(x, *r["cast"]) if r.get("cast") else x


def target(truth, r):
    """uint8 [T, H, W, 3] -> the same, as the model should give it: clean, but faded as the damaged clip is. Nobody can tell a faded tape from
    a misty morning by a small window, and a model that guesses shifts the brightness of clips that were right."""
    chain = []
    while r:
        chain, r = [r] + chain, r.get("first")
    x = torch.from_numpy(np.array(truth)).permute(0, 3, 1, 2).float()
    for link in chain:
        x = faded(x, link)
    return as_frames(x)


def as_frames(x):
    """[T, 3, h, w] -> uint8 [T, h, w, 3]"""
    return x.round().clamp(0, 255).byte().permute(0, 2, 3, 1).contiguous().numpy()


def apply(truth, r):
    """uint8 [T, H, W, 3] and recipe -> damaged uint8 [T, H / scale, W / scale, 3]"""
    return recode(as_frames(picture(truth, r)), r["codec"], r["q"])
