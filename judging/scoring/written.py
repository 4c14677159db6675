"""Numbers as the protocol writes them."""

import math

from judging.scoring.types import FloatArray

SCORE_DECIMALS, P_DECIMALS = 6, 4


def text(value: float | None, decimals: int = SCORE_DECIMALS) -> str | None:
    """A number as the protocol writes it; what is not known is null."""
    if value is None or not math.isfinite(value):
        return None
    written = f"{value:.6f}" if decimals == SCORE_DECIMALS else f"{value:.{decimals}f}"
    # No minus before zeros.
    return written[1:] if written[0] == "-" and float(written) == 0.0 else written


def texts(values: FloatArray) -> list[str | None]:
    """Many scores at once."""
    return [text(value) for value in values.tolist()]
