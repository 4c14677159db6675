"""What one diploma says, in plain values: no model, no request, no clock."""

import re
import unicodedata
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, Self, get_args

from diplomas.rendering.errors import DiplomaError

Kind = Literal["finalist", "laureate"]
Language = Literal["ru", "en", "zh-hans", "zh-hant"]

MOST_SIGNATORIES = 3
COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class DiplomaContent:
    """Everything printed on one diploma, already in the diploma's language.

    `recipient` is the large line (an organisation, a person or a team), `nominee_name` an optional
    second one (the person or team an organisation put forward). `outcome_label` stands in the seal
    ("Laureate", "2nd place"). `logo` is an SVG picture.
    """

    kind: Kind
    language: Language
    programme: str
    season: str
    nomination: str
    category: str
    recipient: str
    outcome_label: str
    number: str
    verification_url: str
    date: str
    nominee_name: str = ""
    entry_title: str = ""
    signatories: tuple[tuple[str, str], ...] = ()
    accent: str = "#7a2e5d"
    logo: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise DiplomaError(f"There is no diploma of the kind “{self.kind}”.")
        if self.language not in get_args(Language):
            raise DiplomaError(f"There is no diploma in the language “{self.language}”.")
        if not COLOUR.fullmatch(self.accent):
            raise DiplomaError(f"“{self.accent}” is not a colour like #7a2e5d.")
        if len(self.signatories) > MOST_SIGNATORIES:
            raise DiplomaError(f"At most {MOST_SIGNATORIES} people sign a diploma.")

    def tidied(self) -> Self:
        """The same content with composed letters, single spaces and no invisible characters."""
        texts: dict[str, Any] = {
            entry.name: tidy(value)
            for entry in fields(self)
            if isinstance(value := getattr(self, entry.name), str)
        }
        signatories = tuple((tidy(name), tidy(position)) for name, position in self.signatories)
        return replace(self, **texts, signatories=signatories)


def tidy(text: str) -> str:
    """Compose letters with their accents, drop control and direction marks, join white space."""
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in composed)
    visible = "".join(sign for sign in spaced if unicodedata.category(sign) != "Cf")
    return re.sub(r"[ \u2028\u2029]+", " ", visible).strip()
