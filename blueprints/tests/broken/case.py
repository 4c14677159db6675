"""A snippet of a shipped season file, broken in one way, and the fault it must raise.

A case replaces `old` by `new` (its first occurrence after `after`); the fault's line is that of `at`
in the broken file, looked for from where `new` begins, or from `above`. `others` are the paths of
further faults that the same slip causes.
"""

from dataclasses import dataclass
from pathlib import Path

SHIPPED = Path("seasons/data/cx-award-2022.yaml")
GOLDEN = Path("seasons/data/golden-headset-2025.yaml")


@dataclass(frozen=True)
class Case:
    """One way to break the file."""

    name: str
    old: str
    new: str
    path: str
    message: str
    at: str = ""
    after: str = ""
    above: str = ""
    others: tuple[str, ...] = ()
    file: Path = SHIPPED

    def text(self) -> str:
        """The broken file."""
        text = self.file.read_text()
        start = text.index(self.old, text.index(self.after))
        return text[:start] + self.new + text[start + len(self.old) :]

    def line(self) -> int:
        """The line, counted from 1, where the fault is to be reported."""
        whole = self.file.read_text()
        start = whole.index(self.old, whole.index(self.after))
        text = self.text()
        if self.above:
            start = text.index(self.above)
        return text.count("\n", 0, text.index(self.at or self.new.strip(), start)) + 1
