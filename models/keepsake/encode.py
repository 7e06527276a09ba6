"""The encoders of a Keepsake base: a clip goes through ffmpeg at a CRF and comes back decoded, with its bits and its quantiser as the headers of its frames state it."""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass

import numpy as np
from degradation.encoders import EXACT, FFMPEG, read_rgb, run

# what the quantiser in a frame's header is divided by
LARGEST = {"av1": 255, "hevc": 51, "h264": 51}


@dataclass
class Encoded:
    frames: np.ndarray  # uint8 [T, H, W, 3], decoded
    bits_per_pixel: float  # of the packets, without container
    quantiser: float  # mean over the frames, 0 (finest) to 1


def arguments(codec, crf, preset):
    """codec av1, hevc or h264 -> ffmpeg arguments; one thread"""
    quality = ["-crf", str(crf), "-preset", str(preset)]
    if codec == "av1":
        return ["-c:v", "libsvtav1", *quality, "-pix_fmt", "yuv420p10le", "-svtav1-params", "lp=1"]
    if codec == "hevc":
        one = "log-level=none:pools=none:frame-threads=1"
        return ["-c:v", "libx265", *quality, "-pix_fmt", "yuv420p", "-x265-params", one]
    if codec == "h264":
        return ["-c:v", "libx264", *quality, "-pix_fmt", "yuv420p", "-threads", "1"]
    raise ValueError(f"no base is encoded as {codec}; there are {', '.join(LARGEST)}")


def values(trace, name):
    """The numbers that a trace of headers gives a field, in the order of the stream"""
    return [int(v) for v in re.findall(rf"\b{name}\b.*= (-?\d+)\s*$", trace, re.MULTILINE)]


def quantisers(trace, codec):
    """What trace_headers prints of a stream -> the quantiser of every coded frame or slice, 0..1, in the order of coding.
    AV1: base_q_idx. H.264 and H.265: 26 + what the picture parameters begin with + the slice's own. What is added block by block is not counted."""
    if codec == "av1":
        steps = values(trace, "base_q_idx")
    else:
        first = values(trace, "pic_init_qp_minus26" if codec == "h264" else "init_qp_minus26")
        steps = [26 + first[-1] + v for v in values(trace, "slice_qp_delta")] if first else []
    if not steps:
        raise ValueError(f"the headers of this {codec} stream state no quantiser")
    return [v / LARGEST[codec] for v in steps]


def quantiser_of(path, codec):
    """Mean over the coded frames of a file, 0..1. A frame that is coded unseen and shown later counts once."""
    trace = ["-i", path, "-map", "0:v:0", "-c", "copy", "-bsf:v", "trace_headers", "-f", "null", "-"]
    told = subprocess.run([FFMPEG[0], "-nostdin", *trace], capture_output=True, text=True, errors="replace")
    return float(np.mean(quantisers(told.stderr, codec)))


def encoder_version(codec):
    """The encoder and its version, as it names itself"""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "one.mp4")
        one = ["-y", "-nostdin", "-f", "lavfi", "-i", "color=s=64x64", "-frames:v", "1"]
        told = subprocess.run(
            [FFMPEG[0], *one, *arguments(codec, 30, 8 if codec == "av1" else "fast"), path], capture_output=True
        )
        with open(path, "rb") as file:
            told = told.stderr + file.read()
    found = re.search(rb"SVT-AV1 Encoder Lib v[\w.]+|x264 - core \d+ r\d+|x265 \(build \d+\) - [\w.+]+", told)
    if not found:
        raise RuntimeError(f"the encoder of {codec} does not name itself")
    return found[0].decode().replace(" Encoder Lib v", " ")


def packet_bytes(path):
    """Bytes of the coded pictures of a file"""
    probe = os.environ.get("FFPROBE_BIN", "ffprobe")
    ask = ["-v", "error", "-select_streams", "v:0", "-show_entries", "packet=size", "-of", "default=nk=1:nw=1"]
    return sum(map(int, subprocess.check_output([probe, *ask, path], text=True).split()))


def write_base(data, pixels, size, codec, crf, preset, path):
    """Packed frames of a pixel format and a size (width, height), 25 a second -> the film at path"""
    given = ["-f", "rawvideo", "-pix_fmt", pixels, "-s", f"{size[0]}x{size[1]}", "-r", "25", "-i", "-"]
    exact = ["-threads", "1", "-vf", f"scale=flags={EXACT}"]
    run([*given, *exact, *arguments(codec, crf, preset), path], data)


def encode(frames, codec, crf, preset):
    """uint8 [T, H, W, 3], sides even -> Encoded"""
    T, H, W, _ = frames.shape
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "base.mp4")
        write_base(np.ascontiguousarray(frames).tobytes(), "rgb24", (W, H), codec, crf, preset, path)
        out = read_rgb(path, size=(W, H))
        if len(out) != T:
            raise RuntimeError(f"{codec} gave back {len(out)} of {T} frames")
        return Encoded(out, 8 * packet_bytes(path) / (T * H * W), quantiser_of(path, codec))
