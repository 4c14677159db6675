"""Who reads what: arithmetic over arrays that knows neither Django nor the rooms."""

from judging.assignment.limits import Limit, binding_limits
from judging.assignment.problem import Outcome, Problem
from judging.assignment.solver import solve

__all__ = ["Limit", "Outcome", "Problem", "binding_limits", "solve"]
