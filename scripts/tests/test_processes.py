import socket
import subprocess
import sys

from scripts.processes import free_port, is_taken

PARENT = """
import subprocess
from scripts.processes import die_with_parent
subprocess.Popen(["sleep", "60"], preexec_fn=die_with_parent)
print("started", flush=True)
input()
"""


def test_a_port_is_taken_while_somebody_listens():
    port = free_port()
    assert not is_taken("127.0.0.1", port)

    with socket.create_server(("127.0.0.1", port)):
        assert is_taken("127.0.0.1", port)


def test_a_child_dies_with_a_parent_that_was_killed():
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            PARENT,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"started\n"

    parent.kill()

    # The pipe reaches its end when the child, which holds the other end, is gone too.
    assert parent.stdout.read() == b""
    parent.communicate()
