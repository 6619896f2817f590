"""Azurite starts on free ports, keeps its state, and says clearly why it cannot start."""

import os
import re
import socket
from pathlib import Path

import pytest
from azure.storage.blob import BlobServiceClient
from azure.storage.queue import QueueServiceClient

from devstack.azurite import Azurite, AzuriteError

pytestmark = pytest.mark.azurite


def _port(endpoint: str) -> int:
    match = re.search(r":(\d+)/", endpoint)
    assert match
    return int(match[1])


def test_blobs_and_queues_work_through_the_connection_string(azurite: Azurite) -> None:
    with BlobServiceClient.from_connection_string(azurite.connection_string) as blobs:
        container = blobs.create_container("azurite-hello")
        container.upload_blob("a b/ä.txt", b"content")
        assert container.download_blob("a b/ä.txt").readall() == b"content"
        container.delete_container()
    with QueueServiceClient.from_connection_string(azurite.connection_string) as queues:
        queue = queues.create_queue("azurite-hello")
        queue.send_message("hello")
        assert [message.content for message in queue.receive_messages()] == ["hello"]
        queues.delete_queue("azurite-hello")


def test_a_restart_keeps_addresses_and_state_and_a_stop_ends_the_process(tmp_path: Path) -> None:
    with Azurite.start(tmp_path / "made" / "here") as azurite:
        address, first_pid = azurite.connection_string, azurite.pid
        with BlobServiceClient.from_connection_string(address) as blobs:
            blobs.create_container("kept").upload_blob("kept.txt", b"still here")

        azurite.restart()

        assert azurite.connection_string == address
        assert azurite.pid not in (None, first_pid)
        with BlobServiceClient.from_connection_string(address) as blobs:
            assert blobs.get_blob_client("kept", "kept.txt").download_blob().readall() == b"still here"
        second_pid = azurite.pid
    assert azurite.pid is None
    assert second_pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(second_pid, 0)


def test_a_taken_port_is_an_error_that_says_so(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(AzuriteError, match=r"(?s)A port is taken.*EADDRINUSE"):
            Azurite.start(tmp_path, blob_port=other.getsockname()[1])


def test_given_ports_are_used(tmp_path: Path) -> None:
    with Azurite.start(tmp_path) as first:
        port = _port(first.blob_endpoint)
    with Azurite.start(tmp_path, blob_port=port) as second:
        assert second.blob_endpoint == f"http://127.0.0.1:{port}/devstoreaccount1"


def test_without_node_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AzuriteError, match="Node 20 or newer"):
        Azurite.start(tmp_path)
