"""Counting words and cleaning typed text; static/js/words.js counts the same way."""

import re

# One Chinese or Japanese character counts as a word; elsewhere spaces part the words.
IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
SPACES = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
CHUNK = re.compile(f"[{IDEOGRAPHS}]|[^{SPACES}{IDEOGRAPHS}]+")
# A database cannot keep these, a person cannot type them.
IMPOSSIBLE = re.compile("[\x00\ud800-\udfff]")


def count_words(text: str) -> int:
    """Count the words that hold a letter or a digit."""
    return sum(any(map(str.isalnum, chunk)) for chunk in CHUNK.findall(text))


def clean_text(text: str) -> str:
    """Keep what was typed, in one form: Unix line ends, no impossible characters, blank is empty."""
    text = IMPOSSIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if text.strip() else ""
