"""Rendered motion: layers cut from stills, moved along random paths; the picture and the true flow are known at any time.
Times are in gaps between keys: keys at 0, 1, 2; between them the path bends, so that two keys alone do not tell it."""

import cv2
import numpy as np

LARGEST = 36.0  # pixels between two keys
SMALLEST = 0.5
FAR = (8.0, 44.0)
FLAT = 0.3  # of the scenes: grounds of one colour that stand still, as behind titles; what lies on them has one colour, too, or a photo's texture


def stills(paths, longest=1000):
    """Photos as uint8 RGB, at most so long"""
    out = []
    for path in paths:
        x = cv2.imread(path)
        share = longest / max(x.shape[:2])
        if share < 1:
            x = cv2.resize(x, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
        out.append(np.ascontiguousarray(x[..., ::-1]))
    return out


def shape(rng, side):
    """A random blob, stick or ellipse as float32 [side, side], soft by a pixel"""
    alpha = np.zeros((side, side), np.uint8)
    middle, kind = side / 2, rng.integers(4)
    if kind == 0:
        axes = (int(side * rng.uniform(0.1, 0.48)), int(side * rng.uniform(0.1, 0.48)))
        cv2.ellipse(alpha, (side // 2, side // 2), axes, rng.uniform(0, 180), 0, 360, 255, -1)
    elif kind == 1:
        angle, thick = rng.uniform(0, np.pi), int(max(2, side * rng.uniform(0.02, 0.12)))
        reach = np.array([np.cos(angle), np.sin(angle)]) * middle * 0.9
        ends = [tuple(int(v) for v in middle + sign * reach) for sign in (-1, 1)]
        cv2.line(alpha, *ends, 255, thick)
    else:
        corners = rng.integers(3, 13)
        angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
        radius = middle * rng.uniform(0.35, 0.95, corners)
        points = middle + np.stack([np.cos(angles), np.sin(angles)], 1) * radius[:, None]
        cv2.fillPoly(alpha, [points.astype(np.int32)], 255)
    return cv2.GaussianBlur(alpha.astype(np.float32) / 255, (0, 0), 0.8)


class Path:
    """Homographies of one layer over time, as the canvas sees it; at time 1 it stands where it was put"""

    def __init__(self, rng, centre, speed, base):
        angle = rng.uniform(0, 2 * np.pi)
        self.speed = speed * np.array([np.cos(angle), np.sin(angle)])
        self.bend = 0.5 * speed * rng.uniform(0, 0.5) * rng.normal(size=2)
        turns = rng.random() < 0.5
        self.turn = rng.normal() * 0.06 * turns
        self.zoom = rng.normal() * 0.04 * turns
        self.tilt = rng.normal(size=2) * 1e-4 * (rng.random() < 0.25)
        self.centre, self.base = np.array(centre, float), base

    def at(self, time):
        """-> 3x3, from the layer's own pixels to the canvas"""
        s = time - 1
        # long before, it only went straight on: a tilt that grew for ever would turn the plane's back to us
        near = max(s, -1.0)
        x, y = self.centre
        there = np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1]])
        c, n = np.exp(self.zoom * s) * np.cos(self.turn * s), np.exp(self.zoom * s) * np.sin(self.turn * s)
        moved = self.centre + self.speed * s + self.bend * near * near
        back = np.array([[1, 0, moved[0]], [0, 1, moved[1]], [0, 0, 1]])
        return back @ np.array([[c, -n, 0], [n, c, 0], [*(self.tilt * near), 1]]) @ there @ self.base


def speed_of(rng, still):
    """Pixels between two keys, evenly spread over the powers; now and then none, and a third of them far"""
    if rng.random() < still:
        return 0.0
    return float(rng.uniform(*FAR) if rng.random() < 1 / 3 else np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST))))


def placed(rng, photo, side, share, middle):
    """A piece of a photo, `share` as large as it lies there, centred on `middle` of the canvas -> (texture, 3x3 to the canvas)"""
    n = min(int(side / share) + 2, *photo.shape[:2])
    y, x = (int(rng.integers(m - n + 1)) for m in photo.shape[:2])
    texture = photo[y : y + n, x : x + n]
    if rng.random() < 0.5:
        texture = texture[:, ::-1]
    k = side / n
    return np.ascontiguousarray(texture), np.array(
        [[k, 0, middle[0] - side / 2], [0, k, middle[1] - side / 2], [0, 0, 1.0]]
    )


def plain(rng, texture):
    return np.broadcast_to(rng.integers(0, 256, 3, dtype=np.uint8), texture.shape).copy()


class Scene:
    def __init__(self, rng, photos, size, flat=FLAT):
        """size: side of the square canvas in pixels; flat: the share of scenes with grounds of one colour"""
        self.size, self.layers = size, []
        pick = lambda: photos[int(rng.integers(len(photos)))]
        texture, base = placed(rng, pick(), size * 1.4, rng.uniform(0.5, 1.0), (size / 2, size / 2))
        is_flat = flat > 0 and rng.random() < flat
        camera = 0.0 if is_flat else speed_of(rng, 0.3) * 0.6
        if is_flat:
            texture = plain(rng, texture)
        self.layers.append((texture, None, Path(rng, (size / 2, size / 2), camera, base)))
        for _ in range(int(rng.integers(1, 4))):
            side = size * rng.uniform(0.15, 0.7)
            middle = rng.uniform(0.1, 0.9, 2) * size
            texture, base = placed(rng, pick(), side, rng.uniform(0.5, 1.0), middle)
            texture = np.clip(texture * rng.uniform(0.6, 1.3) + rng.uniform(-25, 25), 0, 255).astype(np.uint8)
            if is_flat and rng.random() < 0.6:
                texture = plain(rng, texture)
            self.layers.append(
                (texture, shape(rng, len(texture)), Path(rng, middle, speed_of(rng, 0.4 if is_flat else 0.15), base))
            )

    def picture(self, time):
        """-> float32 [size, size, 3], 0..255"""
        out = None
        for texture, alpha, path in self.layers:
            matrix = path.at(time)
            flags = {"flags": cv2.INTER_LINEAR}
            seen = cv2.warpPerspective(
                texture, matrix, (self.size, self.size), borderMode=cv2.BORDER_REFLECT_101, **flags
            ).astype(np.float32)
            if alpha is None:
                out = seen
                continue
            cover = cv2.warpPerspective(alpha, matrix, (self.size, self.size), **flags)[..., None]
            out += cover * (seen - out)
        return out

    def flow(self, time, keys):
        """-> float32 [size, size, 2] for each key's time: where what is seen at `time` lies then, in pixels as (x, y)"""
        x, y = np.meshgrid(np.arange(self.size, dtype=np.float64), np.arange(self.size, dtype=np.float64))
        points = np.stack([x, y, np.ones_like(x)], -1)
        out = [np.zeros((self.size, self.size, 2), np.float32) for _ in keys]
        for _, alpha, path in self.layers:
            now = path.at(time)
            cover = None if alpha is None else cv2.warpPerspective(alpha, now, (self.size, self.size)) > 0.5
            for flow, key in zip(out, keys):
                there = points @ (path.at(key) @ np.linalg.inv(now)).T
                moved = there[..., :2] / there[..., 2:] - points[..., :2]
                if cover is None:
                    flow[:] = moved
                else:
                    flow[cover] = moved[cover]
        return out
