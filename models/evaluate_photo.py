"""Measures frame-to-photo through the native engine: the moment merged and enhanced as electron/engine/photo.ts does it, beside the two pictures it is
mixed of, the frame alone, the frame of the ordinary stream, and Lanczos.

    python models/evaluate_photo.py --footage DIR --programs native/build

--footage holds made/ and truth/ of the test set. Beside the made clips, the clean ones halved with white noise of 6 codes. Mean PSNR-Y and SSIM over the
moments."""

import argparse
import os
import subprocess

import numpy as np
from evaluate import ROOT, TO_709, TRUTH_CLIPS, Clip, Engine, from_file, resized, truth_cases
from metrics import psnr, ssim

NEIGHBOURS, WARM_UP, LOOK_AHEAD = 8, 16, 7
MOMENTS = (9, 20)
NOISE = 6.0


def noisy_cases(folder):
    """-> name, scale, input Clip, truth Clip: clean clips at half the size with white noise"""
    random = np.random.default_rng(1)
    for name, _, truth, _, (w, h), frames in TRUTH_CLIPS:
        path = os.path.join(folder, truth)
        clean = from_file(path, f"scale={w}:{h}:{TO_709}:flags=bicubic+accurate_rnd", (w, h), frames)
        half = from_file(
            path,
            f"scale={w}:{h}:{TO_709}:flags=bicubic+accurate_rnd,scale={w // 2}:{h // 2}:flags=area+accurate_rnd",
            (w // 2, h // 2),
            frames,
        )
        codes = np.frombuffer(half.data, np.uint8) + random.normal(0, NOISE, len(half.data))
        yield (
            f"x2 clean + noise ({name})",
            2,
            Clip(codes.round().clip(0, 255).astype(np.uint8).tobytes(), w // 2, h // 2),
            clean,
        )


def part(clip, first, last):
    return Clip(clip.data[first * clip.frame_bytes : last * clip.frame_bytes], clip.width, clip.height)


def merged(program, clip, moment):
    first, last = max(0, moment - NEIGHBOURS), min(clip.frames, moment + NEIGHBOURS + 1)
    command = [program, f"{clip.width}x{clip.height}", str(moment - first), "1"]
    done = subprocess.run(command, input=part(clip, first, last).data, capture_output=True, check=True)
    return Clip(done.stdout, clip.width, clip.height)


def in_place(clip, moment, picture):
    """The clip with another picture at a moment"""
    before, after = part(clip, 0, moment), part(clip, moment + 1, clip.frames)
    return Clip(before.data + picture.data + after.data, clip.width, clip.height)


def mixed(a, b, share):
    """share of b, the rest of a"""
    codes = [np.frombuffer(clip.data, np.uint8).astype(np.float64) for clip in (a, b)]
    return Clip((codes[0] + share * (codes[1] - codes[0])).round().astype(np.uint8).tobytes(), a.width, a.height)


def share_alone(alone, photo):
    """How much of the photo comes from the merged picture on its own; by the mean change of luma through merging, in codes"""
    change = np.abs(alone.luma().astype(np.float64) - photo.luma()).mean()
    return 0.2 + 0.15 * min(change, 2)


def pictures(clip, scale, moment, engine, program):
    """-> name -> Clip of one frame"""
    alone, first = part(clip, moment, moment + 1), max(0, moment - WARM_UP)
    around = part(clip, first, min(clip.frames, moment + LOOK_AHEAD + 1))
    photo = merged(program, clip, moment)

    def streamed(frames):
        return part(engine(frames, scale)[0], moment - first, moment - first + 1)

    placed, on_its_own = streamed(in_place(around, moment - first, photo)), engine(photo, scale)[0]
    return {
        "Lanczos": resized(alone, scale, "lanczos"),
        "frame alone": engine(alone, scale)[0],
        "ordinary stream": streamed(around),
        "merged + Lanczos": resized(photo, scale, "lanczos"),
        "merged, on its own": on_its_own,
        "merged, in its place": placed,
        "photo": mixed(placed, on_its_own, share_alone(alone, photo)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--footage", required=True)
    parser.add_argument("--programs", default=os.path.join(ROOT, "native", "build"))
    parser.add_argument("--model", default=os.path.join(ROOT, "resources", "models", "heirloom-s"))
    options = parser.parse_args()
    engine = Engine(os.path.join(options.programs, "heirloom-run"), options.model, 1)
    program = os.path.join(options.programs, "heirloom-merge")
    cases = [(name, scale, damaged, clean) for name, scale, _, damaged, clean in truth_cases(options.footage)]
    for name, scale, damaged, clean in [*cases, *noisy_cases(options.footage)]:
        scores = {}
        for moment in MOMENTS:
            for kind, picture in pictures(damaged, scale, moment, engine, program).items():
                truth = clean.luma()[moment : moment + 1]
                scores.setdefault(kind, []).append((psnr(picture.luma(), truth), ssim(picture.luma(), truth)))
        if name == cases[0][0]:
            print("| clip | " + " | ".join(scores) + " |")
        print(
            f"| {name} | "
            + " | ".join("{:.2f} / {:.4f}".format(*np.mean(values, 0)) for values in scores.values())
            + " |",
            flush=True,
        )


if __name__ == "__main__":
    main()
