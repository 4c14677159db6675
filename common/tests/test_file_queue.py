"""A portal without Redis keeps its queue in files, some of which were never finished."""

from pathlib import Path

import pytest
from kombu import Connection


def test_a_message_that_was_not_written_to_its_end_is_passed_over(tmp_path: Path) -> None:
    folders = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path)}
    options = {**folders, "control_folder": str(tmp_path / "control"), "polling_interval": 0.01}
    with Connection(
        "filesystem://", transport="common.file_queue:Transport", transport_options=options
    ) as connection:
        queue = connection.SimpleQueue("celery")
        queue.put("whole")
        (tmp_path / "0_stopped.celery.msg").touch()

        with pytest.raises(queue.Empty):
            queue.get(block=False)
        assert queue.get(block=False).payload == "whole"
        queue.close()
