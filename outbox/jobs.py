"""The one import other rooms need for background work: `job`, `enqueue`, `run_due`."""

from outbox.registry import job
from outbox.services import enqueue, run_due

__all__ = ["enqueue", "job", "run_due"]
