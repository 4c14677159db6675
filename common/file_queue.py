"""The queue of files, kept alive by a message that was not written to its end."""

from queue import Empty
from typing import Any

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """A sender that was stopped leaves an empty file behind: it is dropped, the outbox says it again."""

    def _get(self, queue: str, _timeout: float | None = None) -> Any:
        try:
            return super()._get(queue)
        except ValueError:
            raise Empty from None


class Transport(filesystem.Transport):
    """Celery's queue for a portal without Redis."""

    Channel = Channel
