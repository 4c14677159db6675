"""Breaking a text into balanced lines and choosing the size at which they fit."""

import math
import re
from dataclasses import dataclass

from diplomas.rendering.fonts import Stack, is_hanzi

MM_PER_POINT = 25.4 / 72
KERNING = 1.01  # widths are summed without kerning, which may add a little
ONE_LINE_FROM = 0.8  # one line is preferred while it keeps this share of the largest size
BREAK_WORDS_BELOW = 0.4  # a word that would shrink the text below this share is broken
STEP = 0.5  # sizes are multiples of this many points

OPENING = "«„“‘([{（《〈「『【"
CLOSING = "»”’)]}.,;:!?…，。、；：！？）》〉」』】"
SHORT_WORD = re.compile(r"(?<!\S)(\w{1,2}|ООО|ОАО|ЗАО|ПАО|АНО|НКО|ФГУП|ГБУ) (?=\S)")


@dataclass(frozen=True)
class Fitted:
    """Lines, and the size in points at which the longest of them fills the room at most."""

    lines: tuple[str, ...]
    size: float
    stack: Stack

    @property
    def classes(self) -> str:
        """The style-sheet classes that set these lines."""
        return f"face-{self.stack.name} {size_class(self.size)}"


def size_class(size: float) -> str:
    """The class of a size; classes count half points."""
    return f"size-{round(size / STEP)}"


@dataclass(frozen=True)
class Room:
    """Where a text goes: its width (mm), how many lines at most, how large (pt) in one or more."""

    width: float
    largest: float
    lines: int = 1
    largest_broken: float = math.inf


def fit(text: str, stack: Stack, room: Room) -> Fitted:
    """Set a text as large as its room allows.

    One line is taken while it is nearly as large; otherwise the lines come out balanced. A text of
    any length fits: the size has no lower bound, and a word longer than a line is broken.
    """
    width = room.width / MM_PER_POINT / KERNING
    longest_word = width / room.largest / BREAK_WORDS_BELOW
    pieces = [
        part
        for piece in break_points(text)
        for part in ([piece] if stack.width(piece.strip()) <= longest_word else piece)
    ]
    best = Fitted((text,), 0, stack)
    for count in range(1, room.lines + 1):
        broken = balanced(pieces, stack, count)
        widest = max(stack.width(line) for line in broken)
        largest = room.largest if count == 1 else min(room.largest, room.largest_broken)
        size = max(math.floor(min(largest, width / max(widest, 0.001)) / STEP) * STEP, STEP)
        if size > best.size:
            best = Fitted(broken, size, stack)
        if count == 1 and size >= room.largest * ONE_LINE_FROM:
            break
    return best


def break_points(text: str) -> list[str]:
    """The pieces between which a line may end: words (with their space) and single hanzi."""
    bound = SHORT_WORD.sub("\\1\u00a0", text)
    pieces: list[str] = []
    for sign in bound:
        before = pieces[-1][-1] if pieces else ""
        joins = (
            not before
            or sign == " "
            or sign in CLOSING
            or before in OPENING
            or (before != " " and not is_hanzi(sign) and not is_hanzi(before))
        )
        if joins and pieces:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def balanced(pieces: list[str], stack: Stack, lines: int) -> tuple[str, ...]:
    """Join the pieces into at most so many lines whose widest is as narrow as possible."""
    ends = [0.0]
    for piece in pieces:
        ends.append(ends[-1] + stack.width(piece))
    count = len(pieces)
    # cost[i]: the narrowest possible widest line of pieces[i:]; chosen[i]: where its first ends.
    cost = [ends[count] - end for end in ends]
    cuts: list[list[int]] = []
    for _line in range(lines - 1):
        best = [
            min(
                (max(ends[end] - ends[start], cost[end]), end)
                for end in range(start + 1, count + 1)
            )
            for start in range(count)
        ]
        cost = [widest for widest, _end in best] + [0.0]
        cuts.append([end for _widest, end in best] + [count])
    broken: list[str] = []
    start = 0
    for chosen in reversed(cuts):
        end = chosen[start]
        broken.append("".join(pieces[start:end]).strip())
        start = end
    broken.append("".join(pieces[start:]).strip())
    return tuple(line for line in broken if line) or ("",)
