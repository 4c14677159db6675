"""Finds people's names in what somebody wrote, however they are spelled or inflected. No database.

A name is found in any case of letters, in every grammatical case of Russian, with an English
possessive, without its accents, and in Chinese or Japanese without any border of words. A name that
is an ordinary word as well (Will, Вера) or very short (Li) counts alone only as `Found.sure` tells:
the first when it is capitalised, the second beside another part of the same name.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

IDEOGRAPHS = (
    "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
WORD = re.compile(rf"(?:(?![{IDEOGRAPHS}])[^\W\d_])+(?:['’ʼ](?:(?![{IDEOGRAPHS}])[^\W\d_])+)*")
RUN = re.compile(rf"[{IDEOGRAPHS}]+")
EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
# What may stand between two parts of one name, an initial's full stop among it.
BETWEEN = re.compile(r"\.?[ \u00a0\t,‐‑-]{0,2}")
BETWEEN_IDEOGRAPHS = r"[\s·・‧]?"
SHORT = 2
LEAST_IDEOGRAPHS = 2

# Names that are ordinary words, or forms of them, in what a jury writes.
WORDS = """
art banks baker best bill black brown bush case chase church cook day dawn faith field fields frank
good grace grant gray green grey hall hill hope house joy king lane long major mark may miles page
price rich rivers rose sharp short stone strong summer white will winter wise wood young
белый вера воля волк герой дан дана добрый золото король крутой лада лев любовь марк мила мир мороз
надежда новый рада роза роман рост свет светлый сила слава смелый толк толстой тома умный успех
черный честь ясный
"""
ORDINARY = frozenset(WORDS.split())

# The endings that follow from how a Russian name ends; ё is read as е throughout.
FEMININE = ["а", "я", "ы", "и", "е", "у", "ю", "ой", "ей", "ою", "ею"]
OF_FAMILY = ["", "ых", "ым", "ыми", "ом"]
MASCULINE_ADJECTIVE = ["ый", "ий", "ой", "ого", "его", "ому", "ему", "ым", "им", "ом", "ем"]
FEMININE_ADJECTIVE = ["ая", "яя", "ую", "юю", "ою", "ею", "ей"]
ADJECTIVE = [*MASCULINE_ADJECTIVE, *FEMININE_ADJECTIVE, "ые", "ие", "ых", "их", "ыми", "ими"]
SOFT = ["ь", "й", "я", "ю", "ем", "е", "и", "ью", "ей"]
HARD = ["а", "у", "ом", "ем", "е", "ым", "ы", "и", "ой", "ою", "ов", "ых", "ыми", "ам", "ами", "ах"]
FAMILY = ("ов", "ев", "ин", "ын")
LEAST_STEM, LEAST_RUNNING = 2, 4


@dataclass(frozen=True)
class Found:
    """A stretch of text that names somebody, and whether nobody would read it as anything else."""

    start: int
    end: int
    sure: bool


def fold(word: str) -> str:
    """The word without its case and its accents, as names are compared."""
    found = []
    for letter in word:
        if letter in "ёЁ":
            found.append("е")
        elif letter in "’ʼ":
            found.append("'")
        else:
            bare = unicodedata.normalize("NFKD", letter)[:1]
            found.append((bare if bare.isascii() and bare.isalpha() else letter).casefold())
    return "".join(found)


def forms(name: str) -> set[str]:
    """Every form a folded name takes in a sentence; one that is not Russian has just itself."""
    found = {name}
    if not ("а" <= name[-1] <= "я") or len(name) <= LEAST_STEM:
        return found
    for ending, after in endings(name):
        stem = name.removesuffix(ending)
        if len(stem) >= LEAST_STEM:
            found |= {stem + one for one in after}
    # Павел, Павла; Кузнец, Кузнеца and Стрелец, Стрельца.
    if len(name) > LEAST_RUNNING and name[-2] in "ео" and name[-1] in "лцк":
        soft = "ь" if name[-3] == "л" else ""
        found |= {name[:-2] + soft + name[-1] + one for one in HARD}
    if name == "лев":
        found |= {"льв" + one for one in HARD}
    return found


def endings(name: str) -> Iterator[tuple[str, list[str]]]:
    """What a Russian name may lose, and what it may get instead."""
    if name.endswith(("ая", "яя")):
        yield name[-2:], ADJECTIVE
    elif name[-1] in "ая":
        family = name[:-1].endswith(FAMILY)
        yield name[-1], [*FEMININE, *(OF_FAMILY if family else [])]
    elif name.endswith(("ый", "ий", "ой")):
        yield name[-2:], ADJECTIVE
        yield "й", SOFT
    elif name[-1] in "йь":
        yield name[-1], SOFT
    elif name[-1] not in "еиоуыэю":
        yield "", HARD


class Names:
    """Knows some people by their names and addresses."""

    def __init__(self, people: Iterable[tuple[str, str]]) -> None:
        self.emails: set[str] = set()
        self.people_of: dict[str, set[int]] = defaultdict(set)
        self.initials_of: dict[str, set[int]] = defaultdict(set)
        self.weak: set[str] = set()
        """Forms that are ordinary words as well."""
        runs: set[str] = set()
        for person, (full_name, email) in enumerate(people):
            name = unicodedata.normalize("NFC", full_name)
            self.emails.update(filter(None, [email.casefold()]))
            for part in WORD.findall(name):
                folded = fold(part)
                self.initials_of[folded[0]].add(person)
                for form in forms(folded):
                    self.people_of[form].add(person)
                    if folded in ORDINARY:
                        self.weak.add(form)
            some = RUN.findall(name)
            whole = BETWEEN_IDEOGRAPHS.join("".join(some))
            runs.update(one for one in some if len(one) >= LEAST_IDEOGRAPHS)
            if len("".join(some)) >= LEAST_IDEOGRAPHS:
                runs.add(whole)
        self.runs = re.compile("|".join(sorted(runs, key=len, reverse=True))) if runs else None

    def found_in(self, text: str) -> list[Found]:
        """Where somebody is named; the text is in NFC."""
        found = [
            Found(*match.span(), sure=True)
            for match in EMAIL.finditer(text)
            if match[0].casefold() in self.emails
        ]
        if self.runs:
            found += [Found(*match.span(), sure=True) for match in self.runs.finditer(text)]
        return [*found, *self.words_in(text)]

    def words_in(self, text: str) -> Iterator[Found]:
        """Single names, and what of one person's name stands together."""
        words = list(WORD.finditer(text))
        at = 0
        while at < len(words):
            people = self.named_by(words[at]) or self.initial(text, words[at])
            last = at
            while people and last + 1 < len(words):
                between = text[words[last].end() : words[last + 1].start()]
                following = words[last + 1]
                both = people & (self.named_by(following) or self.initial(text, following))
                if not both or not BETWEEN.fullmatch(between):
                    break
                people, last = both, last + 1
            group = words[at : last + 1]
            named = [one for one in group if self.named_by(one)]
            if named:
                end = group[-1].end()
                end += text[end : end + 1] == "." and not self.named_by(group[-1])
                sure = len(group) > 1 or self.is_sure(named[0])
                yield Found(group[0].start(), end, sure)
            at = last + 1

    def named_by(self, word: re.Match[str]) -> set[int]:
        """The people the word may name."""
        folded = fold(word[0])
        return self.people_of.get(folded) or self.people_of.get(folded.partition("'")[0]) or set()

    def initial(self, text: str, word: re.Match[str]) -> set[int]:
        """The people a capital letter with a full stop may stand for."""
        is_one = (
            len(word[0]) == 1 and word[0].isupper() and text[word.end() : word.end() + 1] == "."
        )
        return self.initials_of.get(fold(word[0]), set()) if is_one else set()

    def is_sure(self, word: re.Match[str]) -> bool:
        """Whether a name alone is one: long enough, and no ordinary word unless capitalised."""
        folded = fold(word[0]).removesuffix("'s")
        if len(folded) <= SHORT:
            return False
        return folded not in self.weak or word[0][0].isupper()

    def without(self, text: str, instead: str) -> str:
        """The text with every name that is surely one replaced."""
        composed = unicodedata.normalize("NFC", text)
        sure = sorted((one.start, one.end) for one in self.found_in(composed) if one.sure)
        if not sure:
            return text
        parts, at = [], 0
        for start, end in sure:
            if end <= at:
                continue
            parts += [composed[at:start], instead] if start >= at else []
            at = end
        return "".join([*parts, composed[at:]])
