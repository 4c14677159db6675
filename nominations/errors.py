"""What the rules of entering say no to."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from common.errors import ConflictError, DomainError

if TYPE_CHECKING:
    from nominations.drafts import Problem
    from nominations.models import Answer, Check, Nomination


class Closed(DomainError):  # noqa: N818  (says what is so, as the people say it)
    """The clock says no: entries are not open (any more, or yet)."""

    def __init__(self, message: Any, *, deadline: datetime | None, now: datetime) -> None:
        super().__init__(message)
        self.deadline = deadline
        self.now = now


class AnswerConflict(ConflictError):  # noqa: N818
    """Somebody saved this answer meanwhile; `answer` is what is stored."""

    def __init__(self, message: Any, answer: "Answer") -> None:
        super().__init__(message, field=answer.prompt.slug)
        self.answer = answer


class CheckConflict(ConflictError):  # noqa: N818
    """Somebody else of the team changed this finding meanwhile; `check` is what is kept."""

    def __init__(self, message: Any, check: "Check") -> None:
        super().__init__(message, field=f"verdict-{check.item_id}")
        self.check = check


class NotInOrder(DomainError):  # noqa: N818
    """Something speaks against admitting the entry; `lines` says what. An organiser may go on, with a reason."""

    def __init__(self, message: Any, lines: "list[str]") -> None:
        super().__init__(message, field="reason")
        self.lines = lines


class NotReady(DomainError):  # noqa: N818
    """The entry lacks something; `problems` lists all of it."""

    def __init__(self, message: Any, problems: "list[Problem]") -> None:
        super().__init__(message)
        self.problems = problems


class NoPlace(DomainError):  # noqa: N818
    """A limit is reached: the nomination takes no entry (more) of this applicant, or of anybody."""

    def __init__(self, message: Any, nomination: "Nomination") -> None:
        super().__init__(message, field="nominations")
        self.nomination = nomination
