"""Work that makes very many small things."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def circles_ignored() -> Iterator[None]:
    """Let memory alone that only circles of references hold, until the work inside is done.

    Python looks for such circles whenever many things were made. Rows of numbers and words have none,
    and looking through all of them again and again costs a fifth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
