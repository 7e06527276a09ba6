"""The damage operations, one function each, on [T, 3, h, w] (RGB) or [T, C, h, w] float pictures in 0..255. Randomness comes in as a generator."""

import math

import torch
import torch.nn.functional as F

RGB_TO_YCC = torch.tensor([[0.299, 0.587, 0.114], [-0.168736, -0.331264, 0.5], [0.5, -0.418688, -0.081312]])
YCC_TO_RGB = torch.linalg.inv(RGB_TO_YCC)


def matrix(x, m):
    return torch.einsum("ij,tjhw->tihw", m, x)


def gaussian(x, sigma_x, sigma_y=None):
    """Blur with a replicated border; sigma in pixels, under 0.15 nothing happens."""
    sigma_y = sigma_x if sigma_y is None else sigma_y
    channels = x.shape[1]
    for sigma, across in ((sigma_x, True), (sigma_y, False)):
        if sigma < 0.15:
            continue
        radius = int(3 * sigma + 1)
        kernel = torch.exp(-(torch.arange(-radius, radius + 1).float() ** 2) / (2 * sigma * sigma))
        kernel = (kernel / kernel.sum()).view(1, 1, 1, -1) if across else (kernel / kernel.sum()).view(1, 1, -1, 1)
        border = (radius, radius, 0, 0) if across else (0, 0, radius, radius)
        x = F.conv2d(F.pad(x, border, mode="replicate"), kernel.expand(channels, 1, -1, -1), groups=channels)
    return x


def resample(x, height, width):
    return F.interpolate(x, size=(height, width), mode="bicubic", antialias=True, align_corners=False)


def downscale(x, scale, kernel):
    """kernel: "area", "bicubic", "bilinear", or "point" (no filter before the samples are taken: aliases, as cheap cameras do)"""
    if scale == 1:
        return x
    if kernel == "area":
        return F.avg_pool2d(x, scale)
    size = (x.shape[2] // scale, x.shape[3] // scale)
    if kernel in ("bilinear", "point"):
        return F.interpolate(x, size=size, mode="bilinear", antialias=kernel == "bilinear", align_corners=False)
    return resample(x, *size)


def there_and_back(x, factor, up):
    """A picture that was stored smaller by `factor` (not whole) and enlarged again: web video, VCD copied to DVD, digital zoom. up: "bicubic" or "bilinear"."""
    h, w = x.shape[2:]
    small = resample(x, max(round(h / factor), 4), max(round(w / factor), 4))
    return F.interpolate(small, size=(h, w), mode=up, align_corners=False)


def disc(x, radius):
    """Defocus: the mean over a disc of this radius in pixels, its edge one pixel soft."""
    reach = int(radius + 1.5)
    at = torch.arange(-reach, reach + 1).float()
    kernel = (radius + 0.5 - (at[:, None] ** 2 + at[None] ** 2).sqrt()).clamp(0, 1)
    kernel = (kernel / kernel.sum()).expand(x.shape[1], 1, -1, -1)
    return F.conv2d(F.pad(x, (reach,) * 4, mode="replicate"), kernel, groups=x.shape[1])


def sensor_noise(x, floor, slope, correlation, generator):
    """Luma-dependent: sd = floor + slope * sqrt(luma), in 8-bit steps; three quarters of it common to the colours."""
    luma = matrix(x, RGB_TO_YCC)[:, :1].clamp(0, 255) / 255
    noise = torch.randn(x.shape, generator=generator)
    noise = gaussian(noise, correlation) / max(1 - 0.55 * correlation, 0.4)
    return x + (0.75 * noise[:, :1] + 0.5 * noise) * (floor + slope * luma.sqrt())


def soft_chroma(x, sigma, divide_x=2, divide_y=2):
    """4:2:0 or 4:1:1 chroma: blurred, stored small, brought back with straight lines between the samples."""
    ycc = matrix(x, RGB_TO_YCC)
    h, w = ycc.shape[2:]
    small = F.interpolate(gaussian(ycc[:, 1:], sigma), size=(max(h // divide_y, 1), max(w // divide_x, 1)), mode="area")
    return matrix(
        torch.cat([ycc[:, :1], F.interpolate(small, size=(h, w), mode="bilinear", align_corners=False)], 1), YCC_TO_RGB
    )


def tone(x, gain, lift, saturation):
    """Fading: less contrast, raised black, weaker colour."""
    ycc = matrix(x, RGB_TO_YCC)
    return matrix(torch.cat([ycc[:, :1] * gain + lift, ycc[:, 1:] * gain * saturation], 1), YCC_TO_RGB)


def cast(x, red, green, blue, bleach):
    """Dyes that fade unequally: each colour keeps its share, and the shadows rise towards what is left (bleach in 8-bit steps)."""
    share = torch.tensor([red, green, blue]).view(1, 3, 1, 1)
    return x * share + bleach * share / share.mean() * (1 - x / 255)


def weave(x, share, soften, generator):
    """Leftover combing: odd lines come from the next frame, as if two moments were one frame. share: part of the picture where that shows, in patches
    as a deinterlacer misses them; soften: the picture was scaled down the height afterwards, sigma in lines."""
    T, _, h, w = x.shape
    later = torch.cat([x[1:], x[-1:]]) if T > 1 else x
    seeds = torch.rand(T, 1, max(h // 24, 1), max(w // 24, 1), generator=generator)
    patches = F.interpolate(seeds, size=(h, w), mode="bilinear", align_corners=False)
    combed = torch.where(
        (torch.arange(h) % 2 == 1).view(1, 1, h, 1)
        & (patches <= torch.quantile(patches.flatten()[::7], min(share, 1.0))),
        later,
        x,
    )
    return gaussian(combed, 0, soften)


def slide_lines(x, offsets):
    """Moves every line sideways by its own offset [T, h] in pixels."""
    T, _, h, w = x.shape
    gx = (torch.arange(w).view(1, 1, w) + offsets.view(T, h, 1) + 0.5) / w * 2 - 1
    gy = ((torch.arange(h) + 0.5) / h * 2 - 1).view(1, h, 1).expand(T, h, w)
    return F.grid_sample(
        x, torch.stack([gx.expand(T, h, w), gy], -1), mode="bilinear", padding_mode="border", align_corners=False
    )


def gain_control(luma, pump, sag, generator):
    """AGC: the recorder's gain wanders from frame to frame (pump, its standard deviation; the clip's mean stays) and is still settling at the top of each field (sag)."""
    T, _, h, _ = luma.shape
    wander = torch.cumsum(torch.randn(T, generator=generator), 0)
    wander = (wander - wander.mean()) / max(T, 2) ** 0.5
    settling = 1 - sag * torch.exp(-torch.arange(h) / (0.07 * h)).view(1, 1, h, 1)
    return luma * (1 + pump * wander).view(T, 1, 1, 1) * settling


def neighbour_track(chroma, leak):
    """Colour-under crosstalk: the track beside this one, recorded a field earlier with its phase turned a quarter from line to line, leaks into the colour.
    The player's comb filter takes most of it away and leaves alternating pairs of lines."""
    h = chroma.shape[2]
    other = torch.roll(torch.cat([chroma[:1], chroma[:-1]]), 2, 2)
    turned = torch.stack([-other[:, 1], other[:, 0]], 1)
    sign = 1 - 2 * (torch.arange(h) // 2 % 2).float().view(1, 1, h, 1)
    return chroma + leak * sign * turned


def composite(ycc, leak, period):
    """One cable for both: fine luma near the colour carrier becomes colour (rainbows), the edges of colour become dots in the luma that crawl.
    period: of the carrier in pixels; its phase turns half a circle from line to line and from frame to frame."""
    T, _, h, w = ycc.shape
    turn = torch.arange(h).view(1, 1, h, 1) + torch.arange(T).view(T, 1, 1, 1)
    phase = 2 * math.pi * torch.arange(w).view(1, 1, 1, w) / period + math.pi * turn
    luma, chroma = ycc[:, :1], ycc[:, 1:]
    fine = luma - gaussian(luma, 0.35 * period, 0)
    rainbow = gaussian(torch.cat([fine * phase.cos(), fine * phase.sin()], 1), 0.6 * period, 0)
    edges = chroma - gaussian(chroma, 1.2 * period, 0)
    dots = edges[:, :1] * phase.cos() + edges[:, 1:] * phase.sin()
    return torch.cat([luma + leak * dots, chroma + 2 * leak * rainbow], 1)


def streaks(luma, count, generator):
    """Dropouts as they look: the signal is gone for a few dozen pixels of a line or two; what comes is bright, and fades out to the right."""
    T, _, h, w = luma.shape
    luma = luma.clone()
    for _ in range(count):
        t, row, start = (int(torch.randint(n, (), generator=generator)) for n in (T, h, w))
        length = int(6 + w / 5 * torch.rand((), generator=generator) ** 2)
        end = min(start + length, w)
        tail = torch.exp(-torch.arange(end - start) / (0.4 * length)) * (
            0.5 + 0.5 * torch.rand((), generator=generator)
        )
        rows = slice(row, min(row + 1 + int(torch.randint(2, (), generator=generator)), h))
        luma[t, 0, rows, start:end] += tail * (235 - luma[t, 0, rows, start:end])
    return luma


def vhs(x, r, generator):
    """Band-limited luma with ringing, coarse delayed chroma, tape noise, line jitter, now and then dropouts and the head-switching band.
    Keys that only families.py draws: pump, sag, track_leak, cable (leak, period), streaks. They have a generator of their own, so that recipes without them stay what they were."""
    more = torch.Generator().manual_seed(generator.initial_seed() + 1)
    T, _, h, w = x.shape
    ycc = matrix(x, RGB_TO_YCC)
    luma = resample(resample(ycc[:, :1], h, max(int(w * r["luma_band"]), 8)), h, w)
    luma = luma + r["ringing"] * (luma - gaussian(luma, 1.6, 0))
    rows, columns = max(h // 2, 4), max(int(w * r["chroma_band"]), 4)
    chroma = resample(ycc[:, 1:], rows, columns)
    chroma = chroma + r["chroma_noise"] * torch.randn(chroma.shape, generator=generator)
    chroma = slide_lines(resample(chroma, h, w), torch.full((T, h), -r["chroma_delay"]))
    chroma = torch.roll(chroma, r["chroma_drop"], 2)
    if r.get("track_leak"):
        chroma = neighbour_track(chroma, r["track_leak"])
    noise = torch.randn(luma.shape, generator=generator)
    luma = luma + r["luma_noise"] * gaussian(noise, r["noise_length"], 0) * (1 + 1.2 * r["noise_length"])
    if r.get("pump") or r.get("sag"):
        luma = gain_control(luma, r["pump"], r["sag"], more)
    if r.get("streaks"):
        luma = streaks(luma, r["streaks"], more)
    y = torch.cat([luma, chroma], 1)
    wobble = torch.randn(T, 1, 1, h, generator=generator)
    offsets = r["jitter"] * (0.5 * wobble + 2.5 * gaussian(torch.randn(T, 1, 1, h, generator=generator), 6, 0)).view(
        T, h
    )
    if r["head_switch"]:
        offsets[:, -r["head_switch"] :] += torch.linspace(0, 12, r["head_switch"])
    y = slide_lines(y, offsets)
    for _ in range(r["dropouts"]):
        t, row, start, length = (int(torch.randint(n, (), generator=generator)) for n in (T, h, w, max(w // 5, 2)))
        y[t, 0, row, start : start + length] = 200.0
    if r.get("cable"):
        y = composite(y, *r["cable"])
    return matrix(y, YCC_TO_RGB)
