"""What is killed mid-work: nothing acknowledged is lost, and nothing is done twice.

Real processes on a database and a queue of their own; a mail server of ours counts what it accepts.
"""

import contextlib
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from scripts.processes import die_with_parent, free_port, stop

pytestmark = pytest.mark.slow
PATIENCE = 180
SETTINGS_OF_OURS = ("DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "CELERY_EAGER")


class MailServer:
    """Speaks just enough SMTP; while it holds, it takes no text and keeps the sender waiting."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.holds = False
        self.asked = threading.Event()
        self.closed = threading.Event()
        self.accepted: list[str] = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _address = self.socket.accept()
                threading.Thread(target=self.talk, args=[connection], daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rwb") as lines:

            def say(text: str) -> None:
                lines.write(f"{text}\r\n".encode())
                lines.flush()

            say("220 here")
            for line in lines:
                word = line[:4].upper().strip()
                if word == b"DATA":
                    say("354 go on")
                    text = b"".join(iter(lines.readline, b".\r\n"))
                    self.asked.set()
                    if self.holds:
                        self.closed.wait(PATIENCE)
                        return
                    self.accepted.append(text.decode())
                    say("250 taken")
                elif word == b"QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 fine")

    def close(self) -> None:
        self.closed.set()
        self.socket.close()


class Portal:
    """A portal in a folder of its own: its database, its queue, its worker."""

    def __init__(self, folder: Path, mail: MailServer) -> None:
        self.folder = folder
        self.database = folder / "portal.sqlite3"
        self.environ = {
            **{name: value for name, value in os.environ.items() if name not in SETTINGS_OF_OURS},
            "PORTAL_VAR": str(folder),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "DJANGO_SETTINGS_MODULE": "awards_portal.settings",
            "DEBUG": "1",
        }

    def prepare(self) -> None:
        """Make the tables."""
        self.run(
            "from django.core.management import call_command\ncall_command('migrate', verbosity=0)"
        )

    def run(self, code: str, **environ: str) -> str:
        """Run a few lines inside the portal."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=settings.BASE_DIR,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def post(self, key: str = "one") -> None:
        """Write a message to somebody, as any service does."""
        self.run(
            "from outbox.services import post\n"
            f"post('account-notice', effect_key='{key}', to='nora@example.org')"
        )

    @contextlib.contextmanager
    def worker(self) -> Iterator[subprocess.Popen[bytes]]:
        """A real Celery worker."""
        command = [sys.executable, "-m", "celery", "--app=awards_portal", "--quiet", "worker"]
        command += ["--pool=threads", "--concurrency=1", "--without-gossip", "--without-mingle"]
        process = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=self.environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread of ours runs code between
        )
        try:
            yield process
        finally:
            stop(process, signal.SIGKILL, within=10)

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Ask or change the database past the portal."""
        with contextlib.closing(sqlite3.connect(self.database, timeout=20)) as connection:
            rows = connection.execute(statement).fetchall()
            connection.commit()
        return rows

    def state(self) -> list[tuple[object, ...]]:
        """State and attempts of every message."""
        return self.sql("SELECT state, attempts FROM outbox_message ORDER BY id")


def until(ready: Callable[[], object]) -> None:
    """Wait for something to come true."""
    ends_at = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < ends_at, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer()
    yield server
    server.close()


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables, to copy."""
    server = MailServer()
    portal = Portal(tmp_path_factory.mktemp("empty"), server)
    portal.prepare()
    server.close()
    return portal.database


@pytest.fixture
def portal(tmp_path: Path, mail_server: MailServer, empty_database: Path) -> Portal:
    made = Portal(tmp_path, mail_server)
    shutil.copy(empty_database, made.database)
    return made


SWEEP = "from outbox.tasks import sweep; sweep()"


def test_a_worker_killed_while_it_sends_leaves_a_message_that_is_sent_once(
    portal: Portal, mail_server: MailServer
) -> None:
    mail_server.holds = True
    portal.post()
    with portal.worker() as worker:
        until(mail_server.asked.is_set)
        os.killpg(worker.pid, signal.SIGKILL)
    assert portal.state() == [("waiting", 1)]
    assert mail_server.accepted == []
    mail_server.holds = False

    # Nobody takes the row from whoever might still be at it; five minutes later they may.
    portal.run(SWEEP)
    assert portal.state() == [("waiting", 1)]
    portal.sql("UPDATE outbox_message SET locked_until = '2022-01-01 00:00:00'")
    portal.run(SWEEP)
    portal.run(SWEEP)
    with portal.worker():
        until(lambda: portal.state() == [("done", 2)])
        time.sleep(1)  # for a second delivery that must not come

    assert len(mail_server.accepted) == 1
    assert portal.state() == [("done", 2)]


@pytest.mark.redis
def test_what_a_flushed_redis_forgot_is_sent_all_the_same(
    portal: Portal, mail_server: MailServer, redis_url: str
) -> None:
    import redis

    portal.environ["REDIS_URL"] = redis_url.removesuffix("/0") + "/9"
    portal.post()
    queue = redis.Redis.from_url(portal.environ["REDIS_URL"])
    assert queue.llen("celery") == 1
    queue.flushdb()
    queue.close()

    portal.run(SWEEP)
    with portal.worker():
        until(lambda: portal.state() == [("done", 1)])

    assert len(mail_server.accepted) == 1


SUBMIT = """
import time
from uuid import uuid4
from django.core.files.storage import default_storage
from nominations.services import submit_entry
from outbox.services import hold_queue
from tests.world import build_world
with hold_queue():
    world = build_world()
entry, nominee = world.entries["draft"], world.person("nominee")
before = time.monotonic()
revision = submit_entry(entry, by=nominee, key=uuid4())
print(revision.number, entry.status, time.monotonic() - before < 15)
"""


def test_an_entry_is_submitted_while_the_queue_is_away(
    portal: Portal, mail_server: MailServer
) -> None:
    nowhere = f"redis://127.0.0.1:{free_port()}/0"

    assert portal.run(SUBMIT, REDIS_URL=nowhere).splitlines()[-1] == "1 submitted True"

    receipt = (
        "SELECT state FROM outbox_message WHERE kind = 'entry-receipt' ORDER BY id DESC LIMIT 1"
    )
    assert portal.sql(receipt) == [("waiting",)]
    portal.run("from outbox.services import deliver_due; deliver_due(kinds=['entry-receipt'])")
    assert portal.sql(receipt) == [("done",)]
    assert "To: nominee@example.org" in mail_server.accepted[-1]
