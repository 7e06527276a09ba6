"""Every family of damage at a level from 0 (just seen) to 1 (as bad as tapes get), with the rest of its numbers drawn. Strengths are log-spaced over the
level: equal steps of level look equally far apart. -> the recipes of recipe.py, which stays as it is: the validation pairs hang on its draws."""

from .recipe import choose

SPREAD = 0.12  # of the logarithm of every strength, so that two clips at one level are not alike


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
    return {"codec": choose(d.rng, {"none": 0.4, "h264": 0.6}), "q": d.between(0, 0.3)}


def noise(d):
    return {
        "noise": [d.at(0.6, 7), d.at(0.9, 10), d.between(0, 1.3)],
        "chroma": [d.between(0.3, 0.8), 2, 2],
        **light_codec(d),
    }


def vhs(d):
    tape = {
        "luma_band": min(d.at(0.8, 0.34), 1.0),
        "ringing": d.at(0.15, 0.9),
        "chroma_band": d.at(0.16, 0.05),
        "chroma_noise": d.at(0.6, 4.5),
        "chroma_delay": d.at(0.4, 5),
        "chroma_drop": int(d.rng.integers(3)),
        "luma_noise": d.at(0.7, 6),
        "noise_length": d.between(0.6, 2.2),
        "jitter": d.at(0.02, 0.4),
        "head_switch": int(d.rng.integers(3, 8)) if d.often(0.3) else 0,
        "dropouts": 0,
        "streaks": int(d.at(1, 10)) if d.often(0.5) else 0,
        "pump": d.at(0.004, 0.03),
        "sag": d.at(0.01, 0.06) if d.often(0.5) else 0.0,
        "track_leak": d.at(0.01, 0.07),
        # carriers of PAL and NTSC at 13.5 MHz
        "cable": [d.at(0.02, 0.15), float(d.rng.choice([3.05, 3.77]))] if d.often(0.5) else None,
    }
    codec = choose(d.rng, {"none": 0.2, "h264": 0.4, "mpeg2q": 0.3, "mjpeg": 0.1})
    return {
        "vhs": tape,
        "tone": [1 - d.at(0.02, 0.15), d.at(1, 14), 1 - d.at(0.03, 0.25)] if d.often(0.5) else None,
        "codec": codec,
        "q": quality(d, codec, 0.5),
    }


HARDEST = {
    "mjpeg": 1.4,
    "h264": 1.3,
    "phone264": -0.3,
    "mpeg2q": 1.0,
    "mpeg1q": 1.0,
    "mpeg2qi": 1.0,
    "mpeg4q": 1.0,
    "h263q": 1.0,
    "intrai": 1.3,
}


def quality(d, codec, share=1.0):
    """q of encoders.py for this level, the hardest one at level 1 (times share)"""
    level = max(share * (d.level + d.between(-0.06, 0.06)), 0)
    return level * HARDEST.get(codec, 1) if HARDEST.get(codec, 1) > 0 else 1 - level * (1 - HARDEST[codec])


def coded(**codecs):
    def family(d):
        codec = choose(d.rng, codecs)
        return {
            "noise": [d.between(0, 2), d.between(0, 3), d.between(0, 0.6)],
            "chroma": [d.between(0.3, 0.9), 2, 2],
            "codec": codec,
            "q": quality(d, codec),
        }

    return family


def dv(d):
    """DV has one rate. What differs is how many times it was copied, and what the camera's sensor gave it to encode."""
    codec = "dvi" if d.often(0.6) else "dv"
    grain = {"noise": [d.at(0.5, 4), d.at(0.6, 6), d.between(0, 0.6)], "blur": d.at(0.15, 0.6)}
    return {"first": blank(d, {**grain, "codec": "dv"}), "codec": codec} if d.level > 0.6 else {**grain, "codec": codec}


def fields(d):
    codec = choose(d.rng, {"mpeg2qi": 0.65, "intrai": 0.35})
    return {
        "noise": [d.between(0, 2), d.between(0, 4), d.between(0, 0.5)],
        "chroma": [d.between(0.3, 0.9), 2, 2],
        "codec": codec,
        "q": quality(d, codec),
    }


def combing(d):
    soften = d.between(0.25, 0.6) if d.often(0.3) else 0.0
    is_whole = d.often(0.6) and d.level > 0.6  # never deinterlaced at all
    return {
        "weave": [1.0 if is_whole else min(d.at(0.04, 0.8), 1.0), soften],
        "noise": [d.between(0, 2), d.between(0, 3), d.between(0, 0.5)],
        **light_codec(d),
    }


KEPT = {"red": ("red",), "green": ("green",), "blue": ("blue",), "yellow": ("red", "green")}


def fading(d):
    # old film keeps its reds; a wrong white balance or a fluorescent tube does the rest
    kept = choose(d.rng, {"red": 0.45, "blue": 0.25, "yellow": 0.2, "green": 0.1})
    shares = [
        1 - (d.at(0.005, 0.03) if colour in KEPT[kept] else d.at(0.02, 0.2)) for colour in ("red", "green", "blue")
    ]
    return {
        "tone": [1 - d.at(0.03, 0.25), d.at(1.5, 25), 1 - d.at(0.06, 0.5)],
        "cast": [*shares, d.at(0.5, 8)],
        "noise": [d.between(0, 2), d.between(0, 3), d.between(0, 1.0)],
        **light_codec(d),
    }


def defocus(d):
    sharp = {"disc": d.at(0.6, 4)} if d.often(0.6) else {"blur": d.at(0.4, 2.6)}
    return {**sharp, "noise": [d.between(0, 2), d.between(0, 3), d.between(0, 0.6)], **light_codec(d)}


def enlarged(d):
    """Stored small and blown up; at x2 and x4 the model's own scale comes on top"""
    return {
        "enlarged": [1 + d.at(0.15, 2.4), str(d.rng.choice(["bicubic", "bilinear"]))],
        "noise": [d.between(0, 1.5), d.between(0, 2), 0.0],
        **light_codec(d),
    }


def several(d):
    """A film as a family has it: what the camera did, then what happened to it: two lives, the second one at a lower level"""
    early = choose(d.rng, {"noise": 0.3, "defocus": 0.2, "vhs": 0.3, "combing": 0.1, "fading": 0.1})
    late = choose(d.rng, {"mpeg2": 0.3, "h264": 0.25, "mjpeg": 0.15, "enlarged": 0.1, "h263": 0.1, "fields": 0.1})
    second = Draw(d.rng, max(d.level - 0.25, 0))
    return {"first": blank(d, FAMILIES[early](d)), **FAMILIES[late](second), "noise": None}


FAMILIES = {
    "noise": noise,
    "vhs": vhs,
    "mpeg2": coded(mpeg2q=0.8, mpeg1q=0.2),
    "h263": coded(h263q=0.6, mpeg4q=0.4),
    "mjpeg": coded(mjpeg=1.0),
    "dv": dv,
    "h264": coded(phone264=0.7, h264=0.3),
    "fields": fields,
    "combing": combing,
    "fading": fading,
    "defocus": defocus,
    "enlarged": enlarged,
    "several": several,
}
SHARES = {
    "noise": 0.12,
    "vhs": 0.16,
    "mpeg2": 0.12,
    "h263": 0.07,
    "mjpeg": 0.08,
    "dv": 0.07,
    "h264": 0.1,
    "fields": 0.08,
    "combing": 0.02,
    "fading": 0.02,
    "defocus": 0.05,
    "enlarged": 0.05,
    "several": 0.06,
}


def blank(d, numbers, scale=1, family="part"):
    """A recipe that does nothing, with these numbers in it"""
    return {
        "scale": scale,
        "family": family,
        "level": d.level,
        "seed": int(d.rng.integers(2**31)),
        "kernel": str(d.rng.choice(["area", "bicubic", "bilinear", "point"], p=[0.35, 0.35, 0.2, 0.1])),
        "blur": 0.0,
        "noise": None,
        "chroma": None,
        "vhs": None,
        "tone": None,
        "codec": "none",
        "q": 0.0,
        **numbers,
    }


def draw(rng, scale, family=None, level=None):
    """rng: numpy Generator; family: a key of FAMILIES, or by SHARES; level in 0..1, or any -> recipe"""
    family = family or choose(rng, SHARES)
    d = Draw(rng, float(rng.random()) if level is None else level)
    r = blank(d, FAMILIES[family](d), scale, family)
    if scale > 1 and not r["blur"]:
        # the unknown kernel: anything between a crisp and a soft lens before the samples are taken
        r["blur"] = float(rng.uniform(0, 0.5) * scale)
    return r
