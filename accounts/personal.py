"""What the portal knows of one person: every room says its part here, and lower rooms know no upper one.

`exporters` give what is handed out to the person, `obstacles` say what must be settled before an
account can be deleted, `erasers` take the person's name and rights out of the room's rows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User


@dataclass
class Part:
    """What one room has: sections of the data file, and files by their path in the archive."""

    sections: dict[str, Any] = field(default_factory=dict)
    files: list[tuple[str, Any]] = field(default_factory=list)


Exporter = Callable[[User], Part]
Obstacle = Callable[[User], list[str]]
Eraser = Callable[[User], None]

exporters: list[Exporter] = []
obstacles: list[Obstacle] = []
erasers: list[Eraser] = []


def exports(exporter: Exporter) -> Exporter:
    """Register what a room hands out."""
    if exporter not in exporters:
        exporters.append(exporter)
    return exporter


def hinders(obstacle: Obstacle) -> Obstacle:
    """Register what may stand in the way of deleting an account."""
    if obstacle not in obstacles:
        obstacles.append(obstacle)
    return obstacle


def erases(eraser: Eraser) -> Eraser:
    """Register what a room forgets; it is called before the name and the address are gone."""
    if eraser not in erasers:
        erasers.append(eraser)
    return eraser


def everything_about(user: User) -> Part:
    """The parts of all rooms together."""
    whole = Part()
    for exporter in exporters:
        part = exporter(user)
        whole.sections |= part.sections
        whole.files += part.files
    return whole


def hindrances(user: User) -> list[str]:
    """Everything that must be settled first, in sentences."""
    return [text for obstacle in obstacles for text in obstacle(user)]
