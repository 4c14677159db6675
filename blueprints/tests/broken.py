"""Snippets of the shipped season file, each broken in one way, and the fault each must raise.

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
    Case(
        "unknown channel",
        "channels: [open, invitation]",
        "channels: [open, invited]",
        "season.channels[1]",
        "“invited” is not one of: open, invitation, recommendation, link.",
        file=GOLDEN,
    ),
    Case(
        "channel twice",
        "channels: [open, invitation]",
        "channels: [open, open]",
        "season.channels",
        "Something is named twice in this list.",
        file=GOLDEN,
    ),
    Case(
        "no channel",
        "channels: [open, invitation]",
        "channels: []",
        "season.channels",
        "This list is empty.",
        file=GOLDEN,
    ),
    Case(
        "unknown rule for drafts",
        "draft_rule: stay",
        "draft_rule: keep",
        "season.draft_rule",
        "“keep” is not one of: stay, submit.",
        file=GOLDEN,
    ),
    Case(
        "limit of none",
        "max_entries_per_applicant: 4",
        "max_entries_per_applicant: 0",
        "season.max_entries_per_applicant",
        "A whole number from 1 to 999 is expected here, not “0”.",
        file=GOLDEN,
    ),
    Case(
        "more for one than for all",
        "max_per_applicant: 1",
        "max_per_applicant: 3\n        max_entries: 2",
        "categories[0].nominations[0].max_per_applicant",
        "One applicant cannot have more entries than there are in all.",
        at="max_per_applicant: 3",
        file=GOLDEN,
    ),
    Case(
        "check list looks at nothing known",
        "aspect: truth",
        "aspect: beauty",
        "categories[0].nominations[0].check_list[0].aspect",
        "“beauty” is not one of: truth, completeness, compliance, figures.",
        file=GOLDEN,
    ),
    Case(
        "check twice",
        "- slug: no-false-data",
        "- slug: applicant",
        "categories[0].nominations[0].check_list[1].slug",
        "“applicant” is used already",
        at="applicant",
        file=GOLDEN,
    ),
    Case(
        "choice without options",
        "            options:\n",
        "            optiens:\n",
        "categories[0].nominations[0].prompts[0].optiens",
        "This key is not known here.",
        others=(
            "categories[0].nominations[0].prompts[0].options",
            "categories[0].nominations[0].prompts[1].shown_if.value",
        ),
        file=GOLDEN,
    ),
    Case(
        "choice twice",
        "- slug: finance",
        "- slug: government",
        "categories[0].nominations[0].prompts[0].options[1].slug",
        "“government” is used already",
        at="government",
        after="categories:",
        file=GOLDEN,
    ),
    Case(
        "unit of a text",
        "kind: text\n            label:\n              zh-hans: 核心",
        "kind: text\n            decimals: 1\n            label:\n              zh-hans: 核心",
        "categories[0].nominations[0].prompts[2].decimals",
        "This key does not go with a prompt of kind text.",
        at="decimals: 1",
        file=GOLDEN,
    ),
    Case(
        "words of a metric",
        "kind: metric",
        "kind: metric\n            max_words: 10",
        "categories[0].nominations[0].prompts[10].max_words",
        "This key does not go with a prompt of kind metric.",
        at="max_words: 10",
        file=GOLDEN,
    ),
    Case(
        "finer than an answer",
        "            minimum: 0\n",
        "            minimum: 0.05\n",
        "categories[0].nominations[0].prompts[10].minimum",
        "This has more digits after the point than an answer may have",
        at="minimum: 0.05",
        file=GOLDEN,
    ),
    Case(
        "range the wrong way",
        "maximum: 86400",
        "maximum: -1",
        "categories[0].nominations[0].prompts[10].maximum",
        "The most is not less than the least.",
        file=GOLDEN,
    ),
    Case(
        "half a row",
        "minimum: 1\n            maximum: 3\n",
        "minimum: 1.5\n            maximum: 3\n",
        "categories[0].nominations[0].prompts[16].minimum",
        "A whole number from 1 to 50 is expected here, not “1.5”.",
        at="minimum: 1.5",
        file=GOLDEN,
    ),
    Case(
        "waits for nothing there is",
        "prompt: industry",
        "prompt: industrie",
        "categories[0].nominations[0].prompts[1].shown_if.prompt",
        "The nomination has no prompt “industrie”.",
        file=GOLDEN,
    ),
    Case(
        "waits for itself",
        "prompt: industry",
        "prompt: industry-other",
        "categories[0].nominations[0].prompts[1].shown_if.prompt",
        "A prompt does not wait for itself.",
        at="prompt: industry-other",
        file=GOLDEN,
    ),
    Case(
        "waits for a later one",
        "prompt: industry",
        "prompt: technology",
        "categories[0].nominations[0].prompts[1].shown_if.prompt",
        "A prompt waits for an earlier one only; “technology” comes later.",
        file=GOLDEN,
    ),
    Case(
        "waits for a choice there is not",
        "value: other",
        "value: others",
        "categories[0].nominations[0].prompts[1].shown_if.value",
        "“others” is not one of the choices of “industry”.",
        file=GOLDEN,
    ),
    Case(
        "waits for the value of a text",
        "            required: true\n            min_words: 80\n            max_words: 800\n\n"
        "          - slug: efficiency",
        "            required: true\n            min_words: 80\n            max_words: 800\n"
        "            shown_if:\n              prompt: technology\n              value: deep\n\n"
        "          - slug: efficiency",
        "categories[0].nominations[0].prompts[3].shown_if.value",
        "Only a prompt of kind choice or choices has values to wait for.",
        at="value: deep",
        above="prompt: technology",
        file=GOLDEN,
    ),
    Case(
        "round of no nomination",
        "nominations: [1]",
        "nominations: [7]",
        "rounds[0].nominations[0]",
        "The file has no “7” of this sort.",
        others=("outcomes[0].rounds",),
        at="7]",
        file=GOLDEN,
    ),
    Case(
        "weights of one nomination",
        "weight: 70",
        "weight: 60",
        "outcomes[0].rounds",
        "The weights of these rounds add up to 90, not to 100, for nomination 1.",
        at="[expert-digital-operations",
        above="outcomes:",
        file=GOLDEN,
    ),
]
