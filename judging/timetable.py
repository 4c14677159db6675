"""The plan of one day as a table: a column for each room, a row for every five minutes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from judging.models import DefencePhase, DefenceSlot
from judging.planning import Clash

STEP = timedelta(minutes=5)
FIRST, LAST = 9, 18


@dataclass
class Block:
    """Somebody presents: what the organiser may know and move."""

    slot: DefenceSlot
    hidden: bool
    other: bool
    """Of another round of the season."""
    clashes: list[Clash] = field(default_factory=list)

    @property
    def movable(self) -> bool:
        return not (self.hidden or self.other) and self.slot.phase == DefencePhase.WAITING


@dataclass
class Cell:
    """A place in the table: something that starts there, or room for it."""

    column: int
    block: Block | None = None
    rows: int = 1


@dataclass
class Row:
    """Five minutes."""

    at: datetime
    cells: list[Cell]

    @property
    def labelled(self) -> bool:
        """Whether the time is written beside it."""
        return self.at.minute % 30 == 0


@dataclass
class Table:
    """A day."""

    columns: list[str]
    rows: list[Row]


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The day in the season's zone."""
    return moment.astimezone(zone).date()


def table_of(day: date, zone: ZoneInfo, rooms: list[str], blocks: Iterable[Block]) -> Table:
    """Lay the blocks of a day out; those that share a room and a time stand in columns of their own."""
    blocks = sorted(blocks, key=lambda one: (one.slot.starts_at, one.slot.pk))
    names = list(dict.fromkeys([*rooms, *(one.slot.place for one in blocks)])) or [""]
    columns: list[str] = []
    placed: dict[tuple[int, datetime], tuple[Block, int]] = {}
    begin, end = hours(day, zone, blocks)
    for name in names:
        free: list[datetime] = []
        for block in (one for one in blocks if one.slot.place == name):
            at = down(block.slot.starts_at.astimezone(zone).replace(tzinfo=None))
            until = block.slot.ends_at.astimezone(zone).replace(tzinfo=None)
            rows = max(1, -((at - min(until, end)) // STEP))
            lane = next((n for n, since in enumerate(free) if since <= at), len(free))
            if lane == len(free):
                free.append(at)
            free[lane] = at + rows * STEP
            placed[len(columns) + lane, at] = block, rows
        columns += [name] * max(len(free), 1)
    return Table(columns, fill(begin, end, len(columns), placed))


def fill(
    begin: datetime,
    end: datetime,
    columns: int,
    placed: dict[tuple[int, datetime], tuple[Block, int]],
) -> list[Row]:
    """The rows; a block covers the cells below it."""
    covered = [0] * columns
    rows = []
    at = begin
    while at < end:
        cells = []
        for column in range(columns):
            if covered[column]:
                covered[column] -= 1
                continue
            block, height = placed.get((column, at), (None, 1))
            covered[column] = height - 1
            cells.append(Cell(column, block, height))
        rows.append(Row(at, cells))
        at += STEP
    return rows


def hours(day: date, zone: ZoneInfo, blocks: list[Block]) -> tuple[datetime, datetime]:
    """The part of the day that is shown: office hours, and whatever is outside of them."""
    begin = datetime.combine(day, time(FIRST))
    end = datetime.combine(day, time(LAST))
    midnight = datetime.combine(day + timedelta(days=1), time())
    for one in blocks:
        first = one.slot.starts_at.astimezone(zone).replace(tzinfo=None)
        last = one.slot.ends_at.astimezone(zone).replace(tzinfo=None)
        begin = min(begin, first.replace(minute=0, second=0, microsecond=0))
        end = max(end, last.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
    return begin, min(end, midnight)


def down(moment: datetime) -> datetime:
    """The row a time stands in."""
    return moment.replace(minute=moment.minute - moment.minute % 5, second=0, microsecond=0)
