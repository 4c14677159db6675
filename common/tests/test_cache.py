"""Without Redis the cache is empty, and nothing breaks."""

import pytest

from common.cache import TolerantRedisCache


@pytest.fixture
def cache():
    """A cache whose server does not exist."""
    return TolerantRedisCache("redis://127.0.0.1:1/0", {})


def test_nothing_is_found_and_nothing_breaks(cache):
    cache.set("a", 1)

    assert [cache.get("a"), cache.get("a", 2), cache.add("a", 1), cache.delete("a")] == [
        None,
        2,
        True,
        False,
    ]


@pytest.mark.redis
def test_what_is_kept_is_found(redis_url):
    cache = TolerantRedisCache(redis_url, {})

    cache.set("kept", {"n": 1})

    assert cache.get("kept") == {"n": 1}
