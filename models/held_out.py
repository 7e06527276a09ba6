"""The shots that no training sees, and what is done to them for validation."""

import os

# whole stems
HELD_OUT = (
    "bedroom-children",
    "letter-blocks-hands",
    "park-trees",
    "dog-run",
    "dog-football-lawn",
    "woman-talking-portrait",
)
# photos that no training of a codec sees (keepsake/codec)
HELD_OUT_PHOTOS = (
    "026-mate-ladybird",
    "047-path",
    "060-blue-periwinkle",
    "066-oakland-zoo-otters",
    "070-roman-colosseum",
    "103-canon-eos-350d",
    "130-fujifilm-finepix-f40fd",
    "158-nikon-d3100",
    "172-olympus-s760",
    "183-pentax-optio-430",
    "193-sony-d5403-xperia-z2",
    "279-sean-afnan-244576",
)
# stem -> two damages at x2: (family, codec, q, blur, noise)
VALIDATION = {
    "bedroom-children": (("codec", "h264", 0.7, 0.5, [2, 3, 0.3]), ("codec", "mpeg2", 0.4, 0.8, [2, 6, 0.3])),
    "dog-run": (("codec", "mjpeg", 0.5, 0.6, [2, 4, 0.3]), ("interlaced", "mpeg2i", 0.5, 0.5, [1, 2, 0.3])),
    "letter-blocks-hands": (("codec", "mpeg4", 0.5, 0.4, [2, 5, 0.3]), ("vhs", "h264", 0.5, 0.3, [1, 1, 0.3])),
    "park-trees": (("codec", "none", 0, 0.6, [2, 8, 0.3]), ("codec", "h264", 0.6, 0.9, [2, 3, 0.3])),
    "dog-football-lawn": (("codec", "h264", 0.4, 0.4, [1, 3, 0.3]), ("dv", "intrai", 0.4, 0.4, [1, 3, 0.3])),
    "woman-talking-portrait": (("vhs", "mpeg2", 0.5, 0.3, [1, 2, 0.3]), ("codec", "h263", 0.6, 0.5, [2, 4, 0.3])),
}


def is_held_out(path):
    return os.path.basename(path).startswith(HELD_OUT)
