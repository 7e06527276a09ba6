"""Every family of damage at a level from 0 (just seen) to 1 (as bad as tapes get), with the rest of its numbers drawn. Strengths are log-spaced over the
level: equal steps of level look equally far apart. -> the recipes of recipe.py, which stays as it is: the validation pairs hang on its draws."""
from .recipe import choose

SPREAD = .12    # of the logarithm of every strength, so that two clips at one level are not alike


class Draw:
    """The numbers of one recipe at one level"""

    def __init__(self, rng, level):
        self.rng, self.level = rng, level

    def at(self, light, heavy):
        return float(light * (heavy / light) ** self.level * self.rng.lognormal(0, SPREAD))

    def between(self, low, high):
        return float(self.rng.uniform(low, high))

    def often(self, chance):
        return bool(self.rng.random() < chance)


def light_codec(d):
    """What a careful person's file went through"""
    return {"codec": choose(d.rng, {"none": .4, "h264": .6}), "q": d.between(0, .3)}


def noise(d):
    return {"noise": [d.at(.6, 7), d.at(.9, 10), d.between(0, 1.3)], "chroma": [d.between(.3, .8), 2, 2], **light_codec(d)}


def vhs(d):
    tape = {"luma_band": min(d.at(.8, .34), 1.), "ringing": d.at(.15, .9), "chroma_band": d.at(.16, .05), "chroma_noise": d.at(.6, 4.5), "chroma_delay": d.at(.4, 5), "chroma_drop": int(d.rng.integers(3)),
            "luma_noise": d.at(.7, 6), "noise_length": d.between(.6, 2.2), "jitter": d.at(.02, .4), "head_switch": int(d.rng.integers(3, 8)) if d.often(.3) else 0, "dropouts": 0,
            "streaks": int(d.at(1, 10)) if d.often(.5) else 0, "pump": d.at(.004, .03), "sag": d.at(.01, .06) if d.often(.5) else 0.,
            "track_leak": d.at(.01, .07), "cable": [d.at(.02, .15), float(d.rng.choice([3.05, 3.77]))] if d.often(.5) else None}     # carriers of PAL and NTSC at 13.5 MHz
    codec = choose(d.rng, {"none": .2, "h264": .4, "mpeg2q": .3, "mjpeg": .1})
    return {"vhs": tape, "tone": [1 - d.at(.02, .15), d.at(1, 14), 1 - d.at(.03, .25)] if d.often(.5) else None, "codec": codec, "q": quality(d, codec, .5)}


HARDEST = {"mjpeg": 1.4, "h264": 1.3, "phone264": -.3, "mpeg2q": 1., "mpeg1q": 1., "mpeg2qi": 1., "mpeg4q": 1., "h263q": 1., "intrai": 1.3}


def quality(d, codec, share=1.):
    """q of encoders.py for this level, the hardest one at level 1 (times share)"""
    level = max(share * (d.level + d.between(-.06, .06)), 0)
    return level * HARDEST.get(codec, 1) if HARDEST.get(codec, 1) > 0 else 1 - level * (1 - HARDEST[codec])


def coded(**codecs):
    def family(d):
        codec = choose(d.rng, codecs)
        return {"noise": [d.between(0, 2), d.between(0, 3), d.between(0, .6)], "chroma": [d.between(.3, .9), 2, 2], "codec": codec, "q": quality(d, codec)}
    return family


def dv(d):
    """DV has one rate. What differs is how many times it was copied, and what the camera's sensor gave it to encode."""
    codec = "dvi" if d.often(.6) else "dv"
    grain = {"noise": [d.at(.5, 4), d.at(.6, 6), d.between(0, .6)], "blur": d.at(.15, .6)}
    return {"first": blank(d, {**grain, "codec": "dv"}), "codec": codec} if d.level > .6 else {**grain, "codec": codec}


def fields(d):
    codec = choose(d.rng, {"mpeg2qi": .65, "intrai": .35})
    return {"noise": [d.between(0, 2), d.between(0, 4), d.between(0, .5)], "chroma": [d.between(.3, .9), 2, 2], "codec": codec, "q": quality(d, codec)}


def combing(d):
    soften = d.between(.25, .6) if d.often(.3) else 0.
    is_whole = d.often(.6) and d.level > .6     # never deinterlaced at all
    return {"weave": [1. if is_whole else min(d.at(.04, .8), 1.), soften], "noise": [d.between(0, 2), d.between(0, 3), d.between(0, .5)], **light_codec(d)}


KEPT = {"red": ("red",), "green": ("green",), "blue": ("blue",), "yellow": ("red", "green")}


def fading(d):
    kept = choose(d.rng, {"red": .45, "blue": .25, "yellow": .2, "green": .1})     # old film keeps its reds; a wrong white balance or a fluorescent tube does the rest
    shares = [1 - (d.at(.005, .03) if colour in KEPT[kept] else d.at(.02, .2)) for colour in ("red", "green", "blue")]
    return {"tone": [1 - d.at(.03, .25), d.at(1.5, 25), 1 - d.at(.06, .5)], "cast": [*shares, d.at(.5, 8)], "noise": [d.between(0, 2), d.between(0, 3), d.between(0, 1.)], **light_codec(d)}


def defocus(d):
    sharp = {"disc": d.at(.6, 4)} if d.often(.6) else {"blur": d.at(.4, 2.6)}
    return {**sharp, "noise": [d.between(0, 2), d.between(0, 3), d.between(0, .6)], **light_codec(d)}


def enlarged(d):
    """Stored small and blown up; at x2 and x4 the model's own scale comes on top"""
    return {"enlarged": [1 + d.at(.15, 2.4), str(d.rng.choice(["bicubic", "bilinear"]))], "noise": [d.between(0, 1.5), d.between(0, 2), 0.], **light_codec(d)}


def several(d):
    """A film as a family has it: what the camera did, then what happened to it: two lives, the second one at a lower level"""
    early = choose(d.rng, {"noise": .3, "defocus": .2, "vhs": .3, "combing": .1, "fading": .1})
    late = choose(d.rng, {"mpeg2": .3, "h264": .25, "mjpeg": .15, "enlarged": .1, "h263": .1, "fields": .1})
    second = Draw(d.rng, max(d.level - .25, 0))
    return {"first": blank(d, FAMILIES[early](d)), **FAMILIES[late](second), "noise": None}


FAMILIES = {"noise": noise, "vhs": vhs, "mpeg2": coded(mpeg2q=.8, mpeg1q=.2), "h263": coded(h263q=.6, mpeg4q=.4), "mjpeg": coded(mjpeg=1.), "dv": dv, "h264": coded(phone264=.7, h264=.3),
            "fields": fields, "combing": combing, "fading": fading, "defocus": defocus, "enlarged": enlarged, "several": several}
SHARES = {"noise": .12, "vhs": .16, "mpeg2": .12, "h263": .07, "mjpeg": .08, "dv": .07, "h264": .1, "fields": .08, "combing": .02, "fading": .02, "defocus": .05, "enlarged": .05, "several": .06}


def blank(d, numbers, scale=1, family="part"):
    """A recipe that does nothing, with these numbers in it"""
    return {"scale": scale, "family": family, "level": d.level, "seed": int(d.rng.integers(2 ** 31)), "kernel": str(d.rng.choice(["area", "bicubic", "bilinear", "point"], p=[.35, .35, .2, .1])),
            "blur": 0., "noise": None, "chroma": None, "vhs": None, "tone": None, "codec": "none", "q": 0., **numbers}


def draw(rng, scale, family=None, level=None):
    """rng: numpy Generator; family: a key of FAMILIES, or by SHARES; level in 0..1, or any -> recipe"""
    family = family or choose(rng, SHARES)
    d = Draw(rng, float(rng.random()) if level is None else level)
    r = blank(d, FAMILIES[family](d), scale, family)
    if scale > 1 and not r["blur"]:
        r["blur"] = float(rng.uniform(0, .5) * scale)     # the unknown kernel: anything between a crisp and a soft lens before the samples are taken
    return r
