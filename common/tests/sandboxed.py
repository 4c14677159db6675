"""What a hostile file might make a confined process do, on order."""

import json
import os
import sys
from pathlib import Path

from common.sandbox import Limits, confine


def say(word: str) -> None:
    """Give the word back."""
    sys.stdout.write(json.dumps({"said": word}))


def swell() -> None:
    """Take a gigabyte."""
    say(str(len(bytearray(1024**3))))


def spin() -> None:
    """Never end."""
    while True:
        pass


def fall() -> None:
    """Die as a crashing library does."""
    os.abort()


def write() -> None:
    """Fill the disk."""
    with Path("much").open("wb") as file:
        for _part in range(8):
            file.write(bytes(1024**2))
            file.flush()


def talk() -> None:
    """Answer without end."""
    sys.stdout.write(json.dumps({"said": "x" * 9 * 1024**2}))


def secrets() -> None:
    """Tell what the environment holds."""
    sys.stdout.write(json.dumps({"names": sorted(os.environ)}))


if __name__ == "__main__":
    confine(Limits(seconds=2, megabytes=300, written=1))
    {one.__name__: one for one in (say, swell, spin, fall, write, talk, secrets)}[sys.argv[1]](
        *sys.argv[2:]
    )
