"""The engraved ornament of a diploma, computed: border, watermark, seal and laurels.

Everything is in millimetres of the page and depends on nothing but its arguments, so the same
season always gets the same picture.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from diplomas.rendering.content import Kind

PAGE = (297.0, 210.0)
SEAL = (148.5, 168.0)
SEAL_RADIUS = 13.5
GOLD = "#a9853a"

Point = tuple[float, float]


def mixed(colour: str, share: float) -> str:
    """A colour with so much of it left and white for the rest: opaque, as printers like it."""
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


@dataclass(frozen=True)
class Palette:
    """The colours of one season's diploma."""

    accent: str
    second: str
    metal: str

    @classmethod
    def of(cls, kind: Kind, accent: str) -> "Palette":
        """Laureates get gold beside the season's colour, finalists a tint of it."""
        if kind == "laureate":
            return cls(accent, GOLD, GOLD)
        return cls(accent, mixed(accent, 0.5), mixed(accent, 0.75))


def smooth(points: Sequence[Point], *, closed: bool = True) -> str:
    """A path through the points with rounded turns (a Catmull-Rom spline as Bézier curves)."""
    count = len(points)

    def at(index: int) -> Point:
        return points[index % count] if closed else points[min(max(index, 0), count - 1)]

    path = [f"M{points[0][0]:.2f} {points[0][1]:.2f}"]
    for index in range(count if closed else count - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = (at(index + step) for step in (-1, 0, 1, 2))
        path.append(
            f"C{bx + (cx - ax) / 6:.2f} {by + (cy - ay) / 6:.2f}"
            f" {cx - (dx - bx) / 6:.2f} {cy - (dy - by) / 6:.2f} {cx:.2f} {cy:.2f}"
        )
    return "".join(path) + ("Z" if closed else "")


def stroke(path: str, colour: str, width: float) -> str:
    """A line along a path."""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'


def rounded_frame(inset: float, radius: float) -> Callable[[float], tuple[Point, Point]]:
    """A walk along a rounded rectangle: share of the way -> (point, outward direction)."""
    width, height = PAGE[0] - 2 * inset, PAGE[1] - 2 * inset
    across, down, turn = width - 2 * radius, height - 2 * radius, math.pi / 2 * radius
    left, top, right, bottom = inset, inset, PAGE[0] - inset, PAGE[1] - inset
    # Each leg: its length, where it starts, its direction; then the corner that follows it.
    legs = (
        (across, (left + radius, top), (1, 0), (right - radius, top + radius)),
        (down, (right, top + radius), (0, 1), (right - radius, bottom - radius)),
        (across, (right - radius, bottom), (-1, 0), (left + radius, bottom - radius)),
        (down, (left, bottom - radius), (0, -1), (left + radius, top + radius)),
    )
    total = 2 * (across + down) + 4 * turn

    def walk(share: float) -> tuple[Point, Point]:
        rest = share % 1 * total
        for length, (x, y), (step_x, step_y), (centre_x, centre_y) in legs:
            if rest <= length:
                return (x + step_x * rest, y + step_y * rest), (step_y, -step_x)
            rest -= length
            if rest <= turn:
                angle = math.atan2(-step_x, step_y) + rest / radius
                normal = (math.cos(angle), math.sin(angle))
                return (centre_x + radius * normal[0], centre_y + radius * normal[1]), normal
            rest -= turn
        return (left + radius, top), (0, -1)

    return walk


def wave(
    walk: Callable[[float], tuple[Point, Point]], turns: int, offset: Callable[[float], float]
) -> str:
    """A closed wave along a frame; `offset` says how far out it runs at each angle."""
    steps = turns * 5
    points = []
    for step in range(steps):
        (x, y), (normal_x, normal_y) = walk(step / steps)
        out = offset(2 * math.pi * step / steps)
        points.append((x + normal_x * out, y + normal_y * out))
    return smooth(points)


def border(palette: Palette) -> str:
    """Two braids of waves between fine rules, running round the corners without a seam."""
    walk = rounded_frame(12.6, 9.0)
    turns, strands = 66, 5
    lines = []
    for strand in range(strands):
        phase = 2 * math.pi * strand / strands

        def outer(angle: float, phase: float = phase) -> float:
            return (2.1 + 1.1 * math.cos(turns * angle / 3)) * math.sin(turns * angle + phase)

        def inner(angle: float, phase: float = phase) -> float:
            return (2.1 - 1.1 * math.cos(turns * angle / 3)) * math.sin(-turns * angle + phase)

        lines.append(stroke(wave(walk, turns, inner), palette.second, 0.13))
        lines.append(stroke(wave(walk, turns, outer), palette.accent, 0.13))
    return (
        frame(7.0, 12.4, palette.accent, 0.7)
        + frame(8.3, 11.6, palette.second, 0.2)
        + "".join(lines)
        + frame(17.2, 5.2, palette.second, 0.2)
        + frame(18.2, 4.4, palette.accent, 0.35)
    )


def frame(inset: float, radius: float, colour: str, width: float) -> str:
    """A rule round the page."""
    return (
        f'<rect x="{inset}" y="{inset}" width="{PAGE[0] - 2 * inset:.2f}"'
        f' height="{PAGE[1] - 2 * inset:.2f}" rx="{radius}" fill="none"'
        f' stroke="{colour}" stroke-width="{width}"/>'
    )


def rosette(
    centre: Point, radii: tuple[float, float], petals: int, curves: int, paint: tuple[str, float]
) -> str:
    """Turned copies of a flower-shaped curve between two radii, as a rose engine cuts them."""
    low, high = radii
    middle, swing = (low + high) / 2, (high - low) / 2
    steps = petals * 6
    lines = []
    for curve in range(curves):
        turn = 2 * math.pi * curve / curves / petals
        points = []
        for step in range(steps):
            angle = 2 * math.pi * step / steps
            radius = middle + swing * math.cos(petals * angle)
            points.append(polar(centre, radius, angle + turn))
        lines.append(stroke(smooth(points), *paint))
    return "".join(lines)


def polar(centre: Point, radius: float, angle: float) -> Point:
    """The point at an angle round a centre."""
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def watermark(palette: Palette) -> str:
    """Faint rosettes behind the names."""
    centre = (PAGE[0] / 2, 108.0)
    paint = (mixed(palette.accent, 0.085), 0.22)
    second = (mixed(palette.second, 0.13), 0.22)
    return (
        rosette(centre, (50, 74), 24, 6, paint)
        + rosette(centre, (28, 56), 18, 6, second)
        + rosette(centre, (3, 33), 9, 6, paint)
    )


def seal(palette: Palette) -> str:
    """The disc that carries the outcome, on an engraved ground."""
    x, y = SEAL
    teeth = 44
    edge = [
        polar(SEAL, SEAL_RADIUS + (2.5 if step % 2 else 1.7), math.pi * step / teeth)
        for step in range(2 * teeth)
    ]
    disc = SEAL_RADIUS - 1.6
    return (
        f'<path d="{smooth(edge)}" fill="{palette.metal}"/>'
        f'<circle cx="{x}" cy="{y}" r="{SEAL_RADIUS + 0.9}" fill="#ffffff"/>'
        + rosette(SEAL, (disc - 1.0, SEAL_RADIUS + 0.6), 36, 4, (palette.metal, 0.16))
        + f'<circle cx="{x}" cy="{y}" r="{disc}" fill="{palette.accent}"/>'
        f'<circle cx="{x}" cy="{y}" r="{disc - 0.8}" fill="none"'
        f' stroke="{mixed(palette.metal, 0.7)}" stroke-width="0.2"/>'
    )


def leaf(base: Point, angle: float, length: float) -> str:
    """A laurel leaf growing from a point in a direction."""
    tip = polar(base, length, angle)
    one = polar(base, length * 0.52, angle - 0.52)
    two = polar(base, length * 0.52, angle + 0.52)
    return (
        f"M{base[0]:.2f} {base[1]:.2f}Q{one[0]:.2f} {one[1]:.2f} {tip[0]:.2f} {tip[1]:.2f}"
        f"Q{two[0]:.2f} {two[1]:.2f} {base[0]:.2f} {base[1]:.2f}Z"
    )


def laurels(palette: Palette) -> str:
    """Two branches round the seal, open at the top."""
    radius = SEAL_RADIUS + 4.6
    leaves: list[str] = []
    stems: list[str] = []
    for side in (-1, 1):
        angles = [math.pi / 2 - side * (0.16 + 0.235 * step) for step in range(10)]
        points = [polar(SEAL, radius, angle) for angle in angles]
        stems.append(smooth(points, closed=False))
        for step, (angle, point) in enumerate(zip(angles, points, strict=True)):
            onward = angle - side * math.pi / 2
            length = 5.0 - 0.14 * step
            leaves.append(leaf(point, onward + side * 0.62, length))
            leaves.append(leaf(point, onward - side * 0.62, length * 0.92))
        leaves.append(leaf(points[-1], angles[-1] - side * math.pi / 2, 4.0))
    return f'<path d="{"".join(leaves)}" fill="{palette.metal}"/>' + "".join(
        stroke(stem, palette.metal, 0.35) for stem in stems
    )


def divider(palette: Palette, y: float) -> str:
    """A fine rule with a diamond in the middle, under the title."""
    x = PAGE[0] / 2
    rules = ((x - 44, x - 4), (x + 4, x + 44))
    return "".join(
        stroke(f"M{start:.2f} {y}H{end:.2f}", palette.metal, 0.25) for start, end in rules
    ) + (
        f'<path d="M{x} {y - 1.5}L{x + 1.5} {y}L{x} {y + 1.5}L{x - 1.5} {y}Z"'
        f' fill="{palette.metal}"/>'
    )


@lru_cache(maxsize=32)
def artwork(kind: Kind, accent: str) -> str:
    """The whole drawn layer of a diploma as one SVG picture."""
    palette = Palette.of(kind, accent)
    parts = [watermark(palette), border(palette), divider(palette, 72.0), seal(palette)]
    if kind == "laureate":
        parts.insert(3, laurels(palette))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAGE[0]:.0f} {PAGE[1]:.0f}"'
        f' width="{PAGE[0]:.0f}mm" height="{PAGE[1]:.0f}mm">{"".join(parts)}</svg>'
    )
