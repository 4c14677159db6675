"""Writing rows only where they differ, and remembering what was added, changed, removed or kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Change:
    """One row and what happened to it; `what` is added, changed, removed or kept."""

    what: str
    model: str
    name: str
    details: list[str] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """Plain values for the log."""
        return {"what": self.what, "row": f"{self.model} {self.name}", "details": self.details}

    def __str__(self) -> str:
        details = f" ({', '.join(self.details)})" if self.details else ""
        return f"{self.what} {self.model} {self.name}{details}"


class Ledger:
    """Writes rows and notes the changes; a row that is as it should be is left alone."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.kept: list[Change] = []

    def note(
        self, what: str, row: models.Model | type[models.Model], name: str, *details: str
    ) -> None:
        self.changes.append(Change(what, row._meta.model_name or "", name, list(details)))

    def put(
        self, model: type[Row], key: dict[str, Any], values: dict[str, Any], *, name: str
    ) -> Row:
        """Find a row by its key and make it say the values, or add it."""
        rows: models.Manager[Row] = model._default_manager
        row = rows.filter(**key).first()
        if row is None:
            own = {column: value for column, value in key.items() if "__" not in column}
            row = rows.create(**own, **values)
            self.note("added", model, name)
            return row
        differing = [column for column, value in values.items() if getattr(row, column) != value]
        if differing:
            for column in differing:
                setattr(row, column, values[column])
            row.save(update_fields=differing)
            self.note("changed", row, name, *differing)
        return row

    def tie(
        self, row: models.Model, relation: str, others: Sequence[models.Model], *, name: str
    ) -> None:
        """Make a row belong together with exactly these others."""
        manager = getattr(row, relation)
        if set(manager.values_list("pk", flat=True)) != {other.pk for other in others}:
            manager.set(others)
            if not self.added_now(row, name):
                self.note("changed", row, name, relation)

    def added_now(self, row: models.Model, name: str) -> bool:
        """Whether the row came with this very file."""
        return Change("added", row._meta.model_name or "", name) in self.changes

    def remove(self, rows: models.QuerySet[Any]) -> None:
        """Delete rows nobody uses."""
        for row in rows:
            self.note("removed", row, getattr(row, "slug", "") or str(row))
            row.delete()

    def keep(self, rows: models.QuerySet[Any], reason: str) -> None:
        """Say that rows stay though the file no longer names them; that alone changes nothing."""
        for row in rows.distinct():
            name = getattr(row, "slug", "") or str(row)
            self.kept.append(Change("kept", row._meta.model_name or "", name, [reason]))
