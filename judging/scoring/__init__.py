"""Fair judging mathematics: arrays in, frozen dataclasses out.

Nothing here knows Django, a database or a person. Entries, judges and criteria
are indices 0, 1, 2, …; scores are float64 in the points of the rubric (or
0-100); severities are in the same points, except in the many-facet Rasch model,
which speaks logits. Every function is deterministic: what is random takes a seed.

``docs/judging-maths.md`` tells organisers and statisticians why these methods.
"""

VERSION = "standard-v1"
# How chances of places are drawn: 2 draws each ranking unit by a generator of its own.
PLACES = "2"
# How the Rasch model is fitted: 2 gives judges and criteria with only extreme marks a finite measure.
RASCH = "2"
# How the parts of a result are put together.
METHOD = "tree-v1"
