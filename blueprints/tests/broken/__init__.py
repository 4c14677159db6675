"""The shipped season files, broken in every way that has its own fault."""

from blueprints.tests.broken import catalogue, judging, season
from blueprints.tests.broken.case import GOLDEN, SHIPPED, Case

CASES = [*season.CASES, *catalogue.CASES, *judging.CASES]

__all__ = ["CASES", "GOLDEN", "SHIPPED", "Case"]
