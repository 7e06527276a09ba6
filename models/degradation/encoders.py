"""Damage by real encoders: a clip goes through ffmpeg and comes back, same size, same number of frames. Simulated blocks teach the wrong thing."""

import os
import subprocess
import tempfile

import numpy as np

# swscale's quick path from YUV to RGB darkens by 1 to 1.5 steps; a model trained on that learns to brighten. Always ask for the exact path.
EXACT = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"
DV_FRAME = (480, 720)
FFMPEG = [os.environ.get("FFMPEG_BIN", "ffmpeg"), "-v", "error", "-y", "-nostdin"]


def run(arguments, data=None):
    result = subprocess.run(FFMPEG + arguments, input=data, capture_output=True)
    if result.returncode:
        raise RuntimeError(f"ffmpeg {' '.join(arguments)} failed: {result.stderr.decode(errors='replace').strip()}")
    return result.stdout


def size_of(path):
    probe = os.environ.get("FFPROBE_BIN", "ffprobe")
    out = subprocess.check_output(
        [
            probe,
            "-v",
            "error",
            "-select_streams",
            "v:0",
            "-show_entries",
            "stream=width,height",
            "-of",
            "csv=p=0:s=x",
            path,
        ],
        text=True,
    )
    # transport streams are listed once more under their programme
    return tuple(map(int, out.split()[0].split("x")[:2]))


def read_rgb(path, filters=None, size=None):
    """-> uint8 [T, h, w, 3]"""
    w, h = size or size_of(path)
    exact = f"scale=flags={EXACT}"
    out = run(
        [
            "-i",
            path,
            "-vf",
            f"{filters},{exact}" if filters else exact,
            "-fps_mode",
            "passthrough",
            "-f",
            "rawvideo",
            "-pix_fmt",
            "rgb24",
            "-",
        ]
    )
    return np.frombuffer(out, np.uint8).reshape(-1, h, w, 3)


def arguments(codec, q, pixels, frames_per_second=25):
    """codec and quality q, about 0..1 (0 worst for rates, best for quantisers; a little beyond is allowed) -> (ffmpeg arguments, file ending)"""
    # a fixed one: rate control needs more frames than a clip of ours has to come down to a starved rate
    quantiser = str(min(max(round(3 * 8**q), 2), 31))
    # bits per pixel, log-spaced
    rate = lambda low, high: f"{max(int(pixels * low * (high / low) ** q * frames_per_second / 1000), 16)}k"
    table = {
        "mjpeg": (["-c:v", "mjpeg", "-q:v", str(int(3 + 13 * q)), "-pix_fmt", "yuvj420p"], "avi"),
        "mpeg2": (["-c:v", "mpeg2video", "-g", "12", "-b:v", rate(0.15, 0.8), "-pix_fmt", "yuv420p"], "mpg"),
        "mpeg1": (["-c:v", "mpeg1video", "-g", "12", "-b:v", rate(0.15, 0.6), "-pix_fmt", "yuv420p"], "mpg"),
        "mpeg4": (["-c:v", "mpeg4", "-g", "25", "-b:v", rate(0.10, 0.5), "-pix_fmt", "yuv420p"], "avi"),
        "mpeg2q": (["-c:v", "mpeg2video", "-g", "12", "-bf", "2", "-q:v", quantiser, "-pix_fmt", "yuv420p"], "mpg"),
        "mpeg1q": (["-c:v", "mpeg1video", "-g", "12", "-bf", "2", "-q:v", quantiser, "-pix_fmt", "yuv420p"], "mpg"),
        "mpeg2qi": (
            [
                "-c:v",
                "mpeg2video",
                "-g",
                "12",
                "-q:v",
                quantiser,
                "-flags",
                "+ildct+ilme",
                "-top",
                "1",
                "-pix_fmt",
                "yuv420p",
            ],
            "mpg",
        ),
        "mpeg4q": (["-c:v", "mpeg4", "-g", "60", "-q:v", quantiser, "-pix_fmt", "yuv420p"], "avi"),
        "h263q": (["-c:v", "h263p", "-g", "60", "-q:v", quantiser, "-pix_fmt", "yuv420p"], "avi"),
        # as phones' chips: no B frames, CAVLC
        "phone264": (
            [
                "-c:v",
                "libx264",
                "-preset",
                "superfast",
                "-profile:v",
                "baseline",
                "-g",
                "30",
                "-b:v",
                rate(0.08, 0.5),
                "-pix_fmt",
                "yuv420p",
            ],
            "mp4",
        ),
        "dv": (["-c:v", "dvvideo", "-pix_fmt", "yuv411p"], "dv"),  # NTSC; has one rate, q means nothing to it
        "h263": (["-c:v", "flv", "-g", "25", "-b:v", rate(0.10, 0.4), "-pix_fmt", "yuv420p"], "flv"),
        "h264": (
            ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(int(18 + 15 * q)), "-pix_fmt", "yuv420p"],
            "mp4",
        ),
        "hevc": (
            [
                "-c:v",
                "libx265",
                "-preset",
                "superfast",
                "-crf",
                str(int(20 + 13 * q)),
                "-x265-params",
                "log-level=none:pools=1",
                "-pix_fmt",
                "yuv420p",
            ],
            "mp4",
        ),
        # what DV does to luma, at any size
        "intra": (
            ["-c:v", "mpeg2video", "-g", "1", "-q:v", str(int(2 + 6 * q)), "-pix_fmt", "yuv422p"],
            "avi",
        ),
        "mpeg2i": (
            [
                "-c:v",
                "mpeg2video",
                "-g",
                "12",
                "-b:v",
                rate(0.3, 1.2),
                "-flags",
                "+ildct+ilme",
                "-top",
                "1",
                "-pix_fmt",
                "yuv420p",
            ],
            "mpg",
        ),
        "dvi": (["-c:v", "dvvideo", "-flags", "+ildct+ilme", "-pix_fmt", "yuv411p"], "dv"),
        "intrai": (
            [
                "-c:v",
                "mpeg2video",
                "-g",
                "1",
                "-q:v",
                str(int(2 + 6 * q)),
                "-flags",
                "+ildct+ilme",
                "-top",
                "1",
                "-pix_fmt",
                "yuv422p",
            ],
            "avi",
        ),
    }
    if codec not in table:
        raise ValueError(f"no encoder called {codec}; there are {', '.join(sorted(table))}")
    return table[codec]


def mirrored(frames, height, width):
    """A DV frame has one size and one number of bits: the clip is continued by its mirror image, so that it gets its share of them."""
    T, h, w, _ = frames.shape
    if h > height or w > width:
        raise ValueError(f"a clip of {w}x{h} is larger than a DV frame of {width}x{height}; take a part of it")
    return np.pad(frames, ((0, 0), (0, height - h), (0, width - w), (0, 0)), mode="symmetric")


def recode(frames, codec, q):
    """uint8 [T, h, w, 3] -> the same clip after encoder and decoder. Names ending in i: fields are woven into half as many
    interlaced frames (top field first), encoded so, and taken apart again by bwdif at field rate: what the product does."""
    if codec == "none":
        return frames
    T, h, w, _ = frames.shape
    if codec in ("dv", "dvi") and (h, w) != DV_FRAME:
        return recode(mirrored(frames, *DV_FRAME), codec, q)[:, :h, :w]
    interlaced = codec in ("mpeg2i", "mpeg2qi", "intrai", "dvi")
    sent = frames
    if interlaced:
        if T % 2:
            raise ValueError(f"an interlaced clip needs an even number of frames, not {T}")
        sent = frames[0::2].copy()
        sent[:, 1::2] = frames[1::2, 1::2]
    encoder, ending = arguments(codec, q, h * w)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "clip." + ending)
        run(
            [
                "-f",
                "rawvideo",
                "-pix_fmt",
                "rgb24",
                "-s",
                f"{w}x{h}",
                "-r",
                "30000/1001" if codec in ("dv", "dvi") else "25",
                "-i",
                "-",
                "-threads",
                "1",
            ]
            + ["-vf", f"scale=flags={EXACT}" + (":interl=1" if interlaced else "")]
            + encoder
            + [path],
            np.ascontiguousarray(sent).tobytes(),
        )
        out = read_rgb(path, "bwdif=mode=send_field:parity=tff:deint=all" if interlaced else None, (w, h))
    if len(out) < T:
        raise RuntimeError(f"{codec} gave back {len(out)} of {T} frames")
    return out[:T]
