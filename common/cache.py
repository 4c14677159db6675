"""A cache whose absence slows the portal down and stops nothing."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

log = logging.getLogger(__name__)


class TolerantRedisCache(RedisCache):
    """Redis while it is there; without it nothing is found and nothing is kept."""

    def _try(self, act: Callable[..., Any], *args: Any, absent: Any, **kwargs: Any) -> Any:
        try:
            return act(*args, **kwargs)
        except (RedisConnectionError, RedisTimeoutError) as error:
            log.warning("the cache is away: %s", error)
            return absent

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(super().get, key, default, version, absent=default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._try(super().set, *args, **kwargs, absent=None)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(super().add, *args, **kwargs, absent=True))

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(super().touch, *args, **kwargs, absent=False))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._try(super().delete, *args, **kwargs, absent=False))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return dict(self._try(super().get_many, *args, **kwargs, absent={}))

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return list(self._try(super().set_many, *args, **kwargs, absent=[]))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._try(super().incr, key, delta, version, absent=delta))
