"""Faults of a season file: where, and in words."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend, at a line and column counted from 1; `path` says which key it is about."""

    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return f"{where}{self.message}"


@dataclass(frozen=True)
class Place:
    """A spot in the file, counted from 1."""

    line: int
    column: int


class FaultyFileError(Exception):
    """The file has faults; nothing was stored."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = sorted(faults)


class Faults:
    """Collects faults, and knows where each path stands and which languages each text has."""

    def __init__(self) -> None:
        self.found: list[Fault] = []
        self.places: dict[str, Place] = {"": Place(1, 1)}
        self.texts: dict[str, set[str]] = {}

    def add(self, path: str, message: Any, place: Place | None = None) -> None:
        """Note a fault at a path (or the nearest one above it that the file has)."""
        place = place or self.nearest(path)
        self.found.append(Fault(place.line, place.column, path, str(message)))

    def nearest(self, path: str) -> Place:
        """Return where a path stands; a missing key stands where its owner does."""
        while path not in self.places:
            cut = max(path.rfind("."), path.rfind("["))
            path = path[: max(cut, 0)]
        return self.places[path]

    def spoilt(self, path: str) -> bool:
        """Whether this very value, or something in it, is at fault already."""
        return any(
            fault.path == path or fault.path.startswith((f"{path}.", f"{path}["))
            for fault in self.found
        )
