"""Snippets of the shipped season file, each broken in one way, and the fault each must raise.

A case replaces `old` by `new` (its first occurrence after `after`); the fault's line is that of `at`
in the broken file, looked for from where `new` begins, or from `above`. `others` are the paths of
further faults that the same slip causes.
"""

from dataclasses import dataclass
from pathlib import Path

SHIPPED = Path("seasons/data/cx-award-2022.yaml")


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

    def text(self) -> str:
        """The broken file."""
        text = SHIPPED.read_text()
        start = text.index(self.old, text.index(self.after))
        return text[:start] + self.new + text[start + len(self.old) :]

    def line(self) -> int:
        """The line, counted from 1, where the fault is to be reported."""
        whole = SHIPPED.read_text()
        start = whole.index(self.old, whole.index(self.after))
        text = self.text()
        if self.above:
            start = text.index(self.above)
        return text.count("\n", 0, text.index(self.at or self.new.strip(), start)) + 1


STAGE_1 = "  - slug: entry\n    kind: entry\n"
CASES = [
    Case(
        "unknown key",
        "    quorum: 3",
        "    quorun: 3",
        "rounds[0].quorun",
        "This key is not known here.",
        others=("rounds[0].quorum",),
    ),
    Case(
        "missing key",
        "  code: CX22\n",
        "",
        "season.code",
        "This key is missing.",
        at="slug: cx-award-2022",
        above="\nseason:\n",
    ),
    Case(
        "key twice",
        STAGE_1,
        STAGE_1 + "    kind: judging\n",
        "stages[0].kind",
        "This key stands here twice; the first is on line",
        at="kind: judging",
    ),
    Case("empty value", "  code: CX22", "  code:", "season.code", "A text is expected here."),
    Case(
        "wrong word",
        "kind: entry",
        "kind: entri",
        "stages[0].kind",
        "“entri” is not one of: entry, judging",
    ),
    Case(
        "slug with a space",
        "slug: cx-award-2022",
        "slug: cx award",
        "season.slug",
        "A short name is made of",
    ),
    Case("code in small letters", "code: CX22", "code: cx22", "season.code", "A code is made of"),
    Case(
        "code too long",
        "code: CX22",
        "code: CX2222222222222",
        "season.code",
        "At most 12 characters; these are 15.",
    ),
    Case(
        "colour without a hash",
        'accent: "#7a2e5d"',
        "accent: 7a2e5d",
        "season.accent",
        "Write a colour in quotes",
    ),
    Case(
        "colour without quotes",
        'accent: "#7a2e5d"',
        "accent: #7a2e5d",
        "season.accent",
        "A text is expected here.",
    ),
    Case(
        "unknown zone",
        "time_zone: Europe/Moscow",
        "time_zone: Europe/Moskau",
        "season.time_zone",
        "Europe/Moskau is not a known time zone.",
    ),
    Case(
        "language not listed",
        "  language: ru",
        "  language: de",
        "season.language",
        "The main language is one of the season's languages.",
    ),
    Case(
        "unknown language",
        "languages: [ru, en]",
        "languages: [ru, en, xx]",
        "season.languages[2]",
        "“xx” is not a known language.",
    ),
    Case(
        "language twice",
        "languages: [ru, en]",
        "languages: [ru, en, ru]",
        "season.languages",
        "Something is named twice in this list.",
    ),
    Case(
        "language missing",
        "      en: Entries and essays\n",
        "",
        "stages[0].name",
        "The text in “en” is missing.",
        at="ru: Приём заявок и эссе",
        above="stages:\n  - slug",
    ),
    Case(
        "language too many",
        "      en: Entries and essays",
        "      en: Entries and essays\n      de: Einreichung",
        "stages[0].name.de",
        "“de” is not among the season's languages.",
        at="de: E",
    ),
    Case(
        "text empty",
        "      en: Entries and essays",
        '      en: ""',
        "stages[0].name.en",
        "This text is empty.",
    ),
    Case(
        "text instead of texts",
        "    name:\n      ru: Приём заявок и эссе\n      en: Entries and essays\n",
        "    name: Приём\n",
        "stages[0].name",
        "A text per language is expected here",
    ),
    Case(
        "no such picture",
        "logo: cx-award.svg",
        "logo: nothing.svg",
        "season.logo",
        "There is no picture nothing.svg",
    ),
    Case(
        "no e-mail",
        "contact_email: cx-award@example.org",
        "contact_email: cx-award",
        "season.contact_email",
        "This is not an e-mail address.",
    ),
    Case(
        "closes before it opens",
        "closes: 2022-01-21T00:00",
        "closes: 2021-09-21T00:00",
        "stages[0].closes",
        "A stage closes after it opens.",
    ),
    Case(
        "no moment",
        "opens: 2021-10-01T00:00",
        "opens: 01.10.2021",
        "stages[0].opens",
        "A moment such as 2022-01-21T00:00 is expected here, not “01.10.2021”.",
    ),
    Case(
        "no such day",
        "opens: 2021-10-01T00:00",
        "opens: 2021-09-31T00:00",
        "stages[0].opens",
        "A moment such as",
    ),
    Case(
        "stage twice",
        "slug: essay-judging\n    kind: judging",
        "slug: entry\n    kind: judging",
        "stages[1].slug",
        "“entry” is used already, on line 295.",
        others=("rounds[0].stage",),
    ),
    Case(
        "no entry stage",
        "kind: entry",
        "kind: judging",
        "stages",
        "A season needs a stage of kind “entry”.",
        at="- slug: entry",
        above="stages:\n",
    ),
    Case(
        "round in no stage",
        "stage: essay-judging",
        "stage: nowhere",
        "rounds[0].stage",
        "The file has no “nowhere” of this sort.",
    ),
    Case(
        "round in a wrong stage",
        "stage: essay-judging",
        "stage: ceremony",
        "rounds[0].stage",
        "A round takes place in a stage of kind judging or defence.",
        others=("outcomes[0].stage", "outcomes[1].stage"),
    ),
    Case(
        "round without its rubric",
        "rubric: essay",
        "rubric: essai",
        "rounds[0].rubric",
        "The file has no “essai” of this sort.",
    ),
    Case(
        "round without its jury",
        "juries: [expert]",
        "juries: [expert, public]",
        "rounds[0].juries[1]",
        "The file has no “public” of this sort.",
    ),
    Case(
        "weights",
        "weight: 50",
        "weight: 40",
        "outcomes[1].rounds",
        "The weights of these rounds add up to 90, not to 100.",
        at="rounds: [essay, defence]",
    ),
    Case(
        "weight zero",
        "weight: 50",
        "weight: 0",
        "rounds[0].weight",
        "A number above 0, up to 100, with at most 2 decimals is expected here, not “0”.",
    ),
    Case(
        "outcome twice",
        "kind: laureate",
        "kind: finalist",
        "outcomes[1].kind",
        "“finalist” is used already",
        others=("outcomes[1].stage",),
    ),
    Case(
        "outcome too early",
        "stage: finalists",
        "stage: ceremony",
        "outcomes[0].stage",
        "This is announced in a stage of kind finalists.",
    ),
    Case(
        "outcome without its round",
        "rounds: [essay]",
        "rounds: [essey]",
        "outcomes[0].rounds[0]",
        "The file has no “essey” of this sort.",
    ),
    Case(
        "no truth",
        "diploma: true",
        "diploma: yes",
        "outcomes[0].diploma",
        "true or false is expected here, not “yes”.",
    ),
    Case(
        "bands overlap",
        "- low: 9",
        "- low: 8",
        "rubrics[0].dimensions[0].criteria[0].bands[0]",
        "The marks from 8 to 8 have two bands.",
        at="low: 8",
    ),
    Case(
        "bands gap",
        "- low: 3",
        "- low: 4",
        "rubrics[0].dimensions[0].criteria[0].bands[2]",
        "",
        at="low: 4",
    ),
    Case(
        "band off the step",
        "- low: 9",
        "- low: 8.5",
        "rubrics[0].dimensions[0].criteria[0].bands[0]",
        "A band starts and ends on a possible mark, in steps of 1.",
        at="low: 8.5",
    ),
    Case(
        "criterion twice",
        "- slug: human",
        "- slug: approach",
        "rubrics[0].dimensions[0].criteria[1].slug",
        "“approach” is used already",
        at="approach",
    ),
    Case(
        "nomination number twice",
        "- number: 2\n",
        "- number: 1\n",
        "categories[0].nominations[1].number",
        "“1” is used already",
        after="nominations:\n",
        at="1",
    ),
    Case(
        "hint to nowhere",
        "- nomination: 16",
        "- nomination: 96",
        "categories[0].nominations[1].hints[0].nomination",
        "The file has no “96” of this sort.",
    ),
    Case(
        "unknown kind of entry",
        "kinds: [organisation]",
        "kinds: [organization]",
        "categories[0].nominations[0].kinds[0]",
        "“organization” is not one of: organisation, person, team, joint, brand.",
    ),
    Case(
        "unknown role",
        "requires_roles: [client]",
        "requires_roles: [customer]",
        "categories[1].nominations[1].requires_roles[0]",
        "“customer” is not one of: client, vendor, partner.",
    ),
    Case(
        "words the wrong way",
        "min_words: 50",
        "min_words: 500",
        "categories[0].nominations[0].prompts[0].max_words",
        "The most words are not fewer than the least.",
        at="max_words",
    ),
    Case(
        "year that is none",
        "minimum: 2020",
        "minimum: MMXX",
        "categories[1].nominations[1].prompts[0].minimum",
        "A number with at most 4 decimals is expected here, not “MMXX”.",
    ),
    Case(
        "minimum on a text",
        "kind: text",
        "kind: text\n            minimum: 2020",
        "categories[0].nominations[0].prompts[0].minimum",
        "This key does not go with a prompt of kind text.",
        at="minimum: 2020",
    ),
    Case(
        "prompt twice",
        "- slug: empowerment",
        "- slug: approach",
        "categories[0].nominations[0].prompts[1].slug",
        "“approach” is used already",
        at="approach",
    ),
    Case(
        "list expected",
        "juries: [expert]",
        "juries: expert",
        "rounds[0].juries",
        "A list is expected here",
    ),
    Case(
        "wrong format",
        "format: 1",
        "format: 2",
        "format",
        "A whole number from 1 to 1 is expected here, not “2”.",
    ),
    Case(
        "bad indentation",
        "  time_zone: Europe/Moscow",
        " time_zone: Europe/Moscow",
        "",
        "This is not valid YAML:",
        after="season:\n",
    ),
    Case(
        "colon in a text",
        "ru: Приём заявок и эссе",
        "ru: Приём: заявки и эссе",
        "",
        "This is not valid YAML: a colon where none may stand",
    ),
    Case("tab", "    quorum: 3", "\tquorum: 3", "", "This is not valid YAML:"),
    Case("tag", "quorum: 3", "quorum: !!python/name:os.system 3", "", "Tags such as"),
    Case("alias", "quorum: 3", "quorum: *three", "", ""),
    Case(
        "anchor",
        "quorum: 3",
        "quorum: &three 3",
        "",
        "Anchors (&) and aliases (*) are not used here",
    ),
]
