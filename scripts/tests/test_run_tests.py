import pytest

from scripts.run_tests import Tally, Wish, exit_code, tally_of, wish_from

REPORT = """<?xml version="1.0"?>
<testsuites><testsuite>
  <testcase name="passes"/>
  <testcase name="passes_too"/>
  <testcase name="fails"><failure message="no"/></testcase>
  <testcase name="errs_after_failing"><failure message="no"/><error message="no"/></testcase>
  <testcase name="is_skipped"><skipped message="no"/></testcase>
</testsuite></testsuites>
"""


def test_a_report_is_counted_test_by_test(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)

    assert tally_of(report) == Tally(passed=2, failed=2, skipped=1)


def test_the_last_line_sums_the_parts():
    total = Tally(10, 1, 0) + Tally(5, 0, 2)

    assert str(total) == "15 passed, 1 failed, 2 skipped"


def test_our_own_words_are_taken_out_of_what_pytest_gets():
    assert wish_from(["fast", "judging", "--no-skip", "-x"], {}) == Wish(
        fast=True, no_skip=True, pytest=["judging", "-x"]
    )


def test_the_environment_can_forbid_skipping():
    assert wish_from([], {"PORTAL_TEST_NO_SKIP": "1"}).no_skip


@pytest.mark.parametrize(
    ("tally", "codes", "no_skip", "expected"),
    [
        (Tally(passed=3), [0, 0], False, 0),
        (Tally(passed=3), [0, 5], False, 0),
        (Tally(passed=3, skipped=1), [0], False, 0),
        (Tally(passed=3, skipped=1), [0], True, 1),
        (Tally(passed=3, failed=1), [1], False, 1),
        (Tally(passed=3), [0, 3], False, 1),
        (Tally(passed=3), [0, -9], False, 1),
        (Tally(), [5, 5], False, 1),
    ],
)
def test_success_needs_something_passed_and_nothing_broken(tally, codes, no_skip, expected):
    assert exit_code(tally, codes, no_skip=no_skip) == expected
