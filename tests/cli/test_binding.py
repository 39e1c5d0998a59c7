"""The listening socket: what each connection has from it."""

import socket
import sys

import pytest

from tenantry.cli.serving.listening_socket import bound_socket


@pytest.mark.parametrize("option", ["TCP_NOTSENT_LOWAT", "TCP_USER_TIMEOUT"])
def test_the_kernel_keeps_little_for_a_reader_who_does_not_read_and_not_for_ever(
    option: str,
) -> None:
    """Without these a page that no one reads lies in megabytes of the kernel's, out of reach of our
    own deadline, also when the connection is closed."""
    known = hasattr(socket, option)
    assert known or sys.platform != "linux"
    with bound_socket("127.0.0.1", 0) as bound, socket.create_connection(bound.getsockname()):
        accepted, _ = bound.accept()
        with accepted:
            level = socket.IPPROTO_TCP
            value = accepted.getsockopt(level, getattr(socket, option)) if known else 1
    assert 0 < value <= 128 * 1024
