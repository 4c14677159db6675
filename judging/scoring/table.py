"""Rank any table of marks: ``entry,judge,criterion,mark[,nomination]``."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from judging.scoring import VERSION, select, uncertainty
from judging.scoring.design import components
from judging.scoring.pipeline import STANDARD, Rules, Standing, calibrated, standard_v1
from judging.scoring.robustness import number
from judging.scoring.types import Calibration, Finding, FloatArray, Marks, RankProbs, Ratings, tally

REQUIRED = ("entry", "judge", "criterion", "mark")
NOMINATION = "nomination"
DEFAULT_TOP = 10
NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?", re.IGNORECASE)
# Beyond this the squares of marks lose the digits that tell them apart.
LARGEST = 1e12


class TableError(ValueError):
    """A row that cannot be right; ``line`` counts from 1, the header included."""

    def __init__(self, line: int, problem: str) -> None:
        """Say where and what."""
        super().__init__(f"Line {line}: {problem}")
        self.line = line
        self.problem = problem


@dataclass(frozen=True, eq=False)
class Table:
    """A parsed table: names in alphabetical order, so that no order of rows matters, and scores.

    A score is the mean of the judge's marks of that entry, in the points of the
    marks. ``findings`` names cards with fewer criteria than others of the nomination.
    """

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    criteria: tuple[str, ...]
    nominations: tuple[str, ...]
    ratings: Ratings
    marks: Marks
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Row:
    line: int
    entry: str
    judge: str
    criterion: str
    mark: float
    nomination: str


def parse(text: str) -> Table:
    """Read a table; a header names the columns, in any order.

    Cells are parted by commas; by semicolons or tabs, as spreadsheets of many countries write them,
    where the header is, and then marks may have decimal commas.

    Raises TableError, with the line, for a missing or unknown column, an empty
    cell (who abstained has no row), a mark that is no finite number, a second
    mark of the same judge for the same entry and criterion, and an entry in two
    nominations.
    """
    rows = list(_rows(text))
    entries, judges, criteria, nominations = (
        _numbered(getattr(row, name) for row in rows)
        for name in ("entry", "judge", "criterion", "nomination")
    )
    seen: dict[tuple[int, int, int], int] = {}
    home: dict[int, tuple[int, int]] = {}
    for row in rows:
        e, j, c = entries[row.entry], judges[row.judge], criteria[row.criterion]
        first = seen.setdefault((e, j, c), row.line)
        if first != row.line:
            raise TableError(
                row.line,
                f"judge {row.judge} already marked {row.criterion} of entry {row.entry} "
                f"on line {first}",
            )
        unit, line = home.setdefault(e, (nominations[row.nomination], row.line))
        if unit != nominations[row.nomination]:
            raise TableError(
                row.line, f"entry {row.entry} stood in another nomination on line {line}"
            )
    index = np.array(list(seen), dtype=np.int64)
    order = np.lexsort(index.T[::-1])
    index, x = index[order], np.array([row.mark for row in rows])[order]
    marks = Marks(
        e=index[:, 0],
        j=index[:, 1],
        c=index[:, 2],
        x=x,
        max_=np.full(len(criteria), max(float(x.max()), 1.0)),
        weight=np.ones(len(criteria)),
    )
    group = np.array([home[e][0] for e in range(len(entries))], dtype=np.int64)
    cells, cell = np.unique(marks.e * len(judges) + marks.j, return_inverse=True)
    counts = tally(cell, cells.size)
    ratings = Ratings(
        cells // len(judges),
        cells % len(judges),
        tally(cell, cells.size, x) / counts,
        len(entries),
        len(judges),
        group,
    )
    return Table(
        entries=tuple(entries),
        judges=tuple(judges),
        criteria=tuple(criteria),
        nominations=tuple(nominations),
        ratings=ratings,
        marks=marks,
        findings=_incomplete(ratings, marks, counts),
    )


def _numbered(names: Iterable[str]) -> dict[str, int]:
    """Numbers of names in alphabetical order."""
    return {name: number for number, name in enumerate(sorted(set(names)))}


def _rows(text: str) -> Iterable[_Row]:
    """Checked rows with their lines; the first row is the header."""
    text = text.removeprefix("\ufeff")
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    any_row = False
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise TableError(line, f"this is not comma-separated text ({error})") from error
        if not cells:
            continue
        if header is None:
            header = _header(line, cells)
            continue
        any_row = True
        yield _row(line, header, cells, comma=delimiter != ",")
    if header is None:
        raise TableError(1, "the table is empty")
    if not any_row:
        raise TableError(2, "the table has a header but no marks")


def _delimiter(text: str) -> str:
    """What parts the cells of the first line that has any."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return next((one for one in ",;\t" if one in head), ",")


def _header(line: int, cells: Sequence[str]) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    for name in REQUIRED:
        if name not in header:
            raise TableError(line, f"there is no column {name}")
    for name in header:
        if name not in (*REQUIRED, NOMINATION):
            raise TableError(line, f"the column {name or '(without a name)'} is not known")
        if header.count(name) > 1:
            raise TableError(line, f"the column {name} stands twice")
    return header


def _row(line: int, header: Sequence[str], cells: Sequence[str], *, comma: bool) -> _Row:
    if len(cells) != len(header):
        raise TableError(line, f"{len(header)} cells are expected, {len(cells)} found")
    values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    for name in header:
        if not values[name]:
            raise TableError(line, f"{name} is empty")
    mark = _mark(line, values["mark"], comma=comma)
    return _Row(
        line=line,
        entry=values["entry"],
        judge=values["judge"],
        criterion=values["criterion"],
        mark=mark,
        nomination=values.get(NOMINATION, ""),
    )


def _mark(line: int, written: str, *, comma: bool) -> float:
    """A mark as a number; ``comma``: it may stand for the decimal point."""
    plain = written.replace(",", ".") if comma else written
    if plain.lower().lstrip("+-") in {"nan", "inf", "infinity"}:
        raise TableError(line, f"{written!r} is not a finite number")
    # What float() takes besides, as 1_000 or digits of other scripts, is more likely a slip.
    if not NUMBER.fullmatch(plain):
        raise TableError(line, f"{written!r} is not a number")
    mark = float(plain)
    if not isfinite(mark) or abs(mark) > LARGEST:
        raise TableError(line, f"{written!r} is too large a number")
    return mark


def _incomplete(ratings: Ratings, marks: Marks, counts: FloatArray) -> tuple[Finding, ...]:
    """Cards that answer fewer criteria than their nomination has."""
    wide = marks.weight.size
    per_unit = np.unique(ratings.units[marks.e] * wide + marks.c) // wide
    expected = np.bincount(per_unit, minlength=int(ratings.units.max()) + 1)
    short = np.flatnonzero(counts < expected[ratings.units[ratings.e]])
    if short.size == 0:
        return ()
    text = (
        f"{short.size} scorecards lack criteria that others of the nomination have; "
        "their score is the mean of the marks given."
    )
    subjects = tuple(sorted({int(entry) for entry in ratings.e[short]}))
    return (Finding("incomplete", text, subjects),)


def rank_table(
    table: Table, method: str = "judges_eb", top: int = DEFAULT_TOP, seed: int = 0
) -> dict[str, Any]:
    """Rank and diagnose a table; the result is ready for JSON.

    ``entries``: entry, nomination, n, raw, score (points of the marks), se, rank
    and p_top inside the nomination, best first; ``judges``: judge, n, leniency,
    se; ``variance``: judge, residual, entry (where the method has one);
    ``warnings``: code, message, entries. ``method``: a name of
    ``pipeline.METHODS``, ``mfrm``, or ``standard`` for the switches.

    Raises ScoringError for an unknown method or data it cannot handle.
    """
    ratings = table.ratings
    switch: str | None = None
    if method == STANDARD:
        standing = _standard(table, top, seed)
        cal, switch, probs = standing.calibration, standing.switch, standing.probs
        findings = [*table.findings, *standing.findings]
    else:
        best = float(table.marks.max_[0])
        cal = calibrated(ratings, method, table.marks, 0.0, best)
        probs = _probs(cal, top, seed)
        findings = [*table.findings, *cal.warnings]
    # Groups that share no entry matter where their entries compete with one another.
    findings = [one for one in findings if one.code != "disconnected"] + _split_units(ratings)
    return {
        "version": VERSION,
        "method": cal.method,
        "switch": switch,
        "top": top,
        "seed": seed,
        "marks": int(table.marks.x.size),
        "entries": _entries(table, cal, probs),
        "judges": [
            {
                "judge": name,
                "n": int(ratings.judge_counts[j]),
                "leniency": number(cal.leniency[j]),
                "se": number(cal.leniency_se[j]),
            }
            for j, name in enumerate(table.judges)
        ],
        "variance": {
            "judge": number(cal.var_judge),
            "residual": number(cal.var_resid),
            "entry": None if cal.var_entry is None else number(cal.var_entry),
        },
        "warnings": [
            {
                "code": finding.code,
                "message": finding.message,
                "entries": [table.entries[entry] for entry in finding.subjects],
            }
            for finding in findings
        ],
    }


def _standard(table: Table, top: int, seed: int) -> Standing:
    """The switches. Marks below zero have no end of the scale to crowd at but that of the scores."""
    best, least = float(table.marks.max_[0]), min(0.0, float(table.marks.x.min()))
    rules = Rules(low=least, high=best, seed=seed)
    marks = table.marks if least == 0.0 else None
    return standard_v1(table.ratings, top, rules=rules, marks=marks)


def _probs(cal: Calibration, top: int, seed: int) -> RankProbs | None:
    return uncertainty.ranks(cal, top, seed=seed) if np.isfinite(cal.var_resid) else None


def _split_units(ratings: Ratings) -> list[Finding]:
    labels, _ = components(ratings.e, ratings.j, ratings.n_entries, ratings.n_judges)
    split = [
        unit
        for unit in np.unique(ratings.units)
        if np.unique(labels[ratings.units == unit]).size > 1
    ]
    if not split:
        return []
    text = (
        "The judges form groups that share no entry; scores of different groups cannot be compared."
    )
    subjects = np.flatnonzero(np.isin(ratings.units, split))
    return [Finding("disconnected", text, tuple(int(entry) for entry in subjects))]


def _entries(table: Table, cal: Calibration, probs: RankProbs | None) -> list[dict[str, object]]:
    ratings, raw = table.ratings, table.ratings.raw_means()
    places = select.rank(cal.entry, (), ratings.units)
    rows: list[dict[str, object]] = []
    for index in np.lexsort((places, ratings.units)):
        e = int(index)
        rows.append(
            {
                "entry": table.entries[e],
                "nomination": table.nominations[int(ratings.units[e])] or None,
                "n": int(ratings.entry_counts[e]),
                "raw": number(raw[e]),
                "score": number(cal.entry[e]),
                "se": number(cal.se[e]),
                "rank": int(places[e]),
                "p_top": None if probs is None else number(probs.p_top[e]),
            }
        )
    return rows
