"""What judges type is cleaned, never refused for it."""

from judging.forms.marks import LONGEST_COMMENT, clean_text


def test_impossible_characters_and_line_ends_are_cleaned():
    assert clean_text("Good\r\nwork\x00 ") == "Good\nwork"


def test_a_comment_has_an_end():
    assert len(clean_text("a" * (LONGEST_COMMENT + 5))) == LONGEST_COMMENT
