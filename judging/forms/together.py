"""What judges and chairs write at the table."""

from collections.abc import Mapping
from decimal import Decimal

from common.errors import DomainError
from judging.forms.marks import read_number
from judging.models import Criterion


def read_corrected(
    typed: Mapping[str, str], criteria: list[Criterion]
) -> tuple[dict[int, Decimal | None], dict[int, str]]:
    """The marks that were sent, an empty one being an abstention, and what could not be read."""
    marks: dict[int, Decimal | None] = {}
    faults: dict[int, str] = {}
    for criterion in criteria:
        raw = typed.get(f"mark-{criterion.pk}")
        if raw is None:
            continue
        try:
            marks[criterion.pk] = read_number(raw, f"mark-{criterion.pk}")
        except DomainError as error:
            faults[criterion.pk] = str(error)
    return marks, faults
