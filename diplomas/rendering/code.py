"""The QR code of a diploma, drawn straight into the page: filled rectangles, no picture to parse."""

from itertools import pairwise

import segno

POINTS_PER_MM = 72 / 25.4
PAGE_HEIGHT = 210.0
INK = "0.11 0.1 0.13 rg"
LEFT, TOP, SIDE = 248.0, 156.0, 22.0  # mm of the page


def qr_operators(address: str) -> bytes:
    """The PDF drawing operators of the code that leads to an address."""
    rows = segno.make(address, error="m", boost_error=False, micro=False).matrix
    module = SIDE / len(rows) * POINTS_PER_MM
    left, top = LEFT * POINTS_PER_MM, (PAGE_HEIGHT - TOP) * POINTS_PER_MM
    boxes = [
        f"{start} {-y - 1} {end - start} 1 re"
        for y, row in enumerate(rows)
        for start, end in dark_runs(row)
    ]
    place = f"{module:.4f} 0 0 {module:.4f} {left:.3f} {top:.3f} cm"
    return "\n".join(("q", INK, place, *boxes, "f", "Q")).encode()


def dark_runs(row: bytearray) -> list[tuple[int, int]]:
    """Where dark modules stand side by side in a row: (first, one past the last)."""
    turns = [
        x for x, (before, after) in enumerate(pairwise([0, *row, 0])) if bool(before) != bool(after)
    ]
    return list(zip(turns[::2], turns[1::2], strict=True))
