"""Wires the rooms of the portal together; nobody imports it."""

import os

# Before anybody imports numpy: several workers whose matrices are small only wait for each other's
# threads (a Cholesky factor of 300 judges took 350 ms instead of 2 on a busy machine).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from awards_portal.celery import app as celery_app

__all__ = ["celery_app"]
