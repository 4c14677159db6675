import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.serve import Address, Part, address_from, dead, parts, started, wait_until

PYTHON = [sys.executable, "-c"]


@pytest.fixture(autouse=True)
def signals():
    """`started` ignores further signals once it stops; a test must not."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def sleeper(name: str) -> Part:
    return Part(name, [*PYTHON, "import time; time.sleep(60)"])


def test_a_portal_listens_on_this_machine_alone_unless_told():
    assert address_from({}) == Address("127.0.0.1", 8000)
    assert address_from({"HOST": "0.0.0.0", "PORT": "80"}) == Address("0.0.0.0", 80)


@pytest.mark.parametrize("port", ["web", "0", "65536", "-1"])
def test_a_wrong_port_is_explained(port):
    with pytest.raises(SystemExit) as refusal:
        address_from({"PORT": port})

    assert refusal.value.code == f"portal: PORT must be a number from 1 to 65535, not “{port}”."


def test_the_address_shown_can_be_opened_on_this_machine():
    assert Address("0.0.0.0", 8000).url == "http://localhost:8000/"
    assert Address("portal.lan", 8000).url == "http://portal.lan:8000/"


def test_a_portal_is_a_web_server_a_worker_and_a_beat():
    names = [part.name for part in parts(Address("127.0.0.1", 8000), {}, Path("var"))]

    assert names == ["web server", "worker", "beat"]


def test_leaving_stops_every_part():
    with started([sleeper("one"), sleeper("two")]) as running:
        assert dead(running) is None

    assert [process.returncode for process in running.values()] == [-signal.SIGTERM] * 2


def test_children_of_a_part_are_stopped_with_it():
    grandparent = "import subprocess, sys; print(subprocess.Popen(['sleep', '60']).pid, flush=True)"
    part = Part("parent", [*PYTHON, f"{grandparent}; sys.stdout.close(); input()"])

    with started([part]) as running:
        group = running["parent"].pid
        time.sleep(0.3)

    left = subprocess.run(
        ["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True, check=False
    )
    assert [state for state in left.stdout.split() if not state.startswith("Z")] == []


def test_a_part_that_ends_by_itself_is_named():
    with started([sleeper("worker"), Part("web server", [*PYTHON, "exit(3)"])]) as running:
        running["web server"].wait()

        assert dead(running) == "the web server ended by itself (exit code 3)"


def test_waiting_for_the_first_answer_ends_when_a_part_is_dead():
    broken = Part("web server", [*PYTHON, "exit(3)"])

    with started([broken]) as running, pytest.raises(SystemExit) as refusal:
        wait_until(lambda: False, running)

    assert "the web server ended by itself (exit code 3)" in str(refusal.value.code)
