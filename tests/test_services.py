"""The services of the tests themselves; without their binaries the parts that need them say so."""

import psycopg2
import pytest
import redis as redis_client

from tests import services


def test_a_postgresql_of_our_own_answers_and_is_gone_afterwards():
    try:
        services.postgres_binaries()
    except services.ServiceMissingError as missing:
        pytest.skip(str(missing))

    with services.postgres() as url:
        connection = psycopg2.connect(url)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'Ромашка'")
            assert cursor.fetchone() == ("Ромашка",)
        connection.close()

    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(url)


@pytest.mark.redis
def test_a_redis_of_our_own_answers_and_is_gone_afterwards():
    with services.redis() as url:
        client = redis_client.Redis.from_url(url)
        assert client.ping()

        client.close()

    with pytest.raises(redis_client.ConnectionError):
        client.ping()


def test_a_missing_service_is_said_in_words(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")

    with pytest.raises(services.ServiceMissingError) as refusal, services.redis():
        pass

    assert str(refusal.value) == "Redis is not installed (no redis-server was found)"
