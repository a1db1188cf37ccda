"""Finds a port for a server on this machine."""

import os
import socket

from progress import Failed

USUAL_PORT = 4566


def choose_port(asked_for=None):
    """Returns the port that was asked for, if it is free; without one, the usual port or any free one."""
    if asked_for is not None:
        if not 0 < asked_for < 65536:
            raise Failed(f"GATEWAY_PORT={asked_for} is not a port: choose one from 1 to 65535.")
        if not is_free(asked_for):
            raise Failed(f"Port {asked_for} is taken: choose another with GATEWAY_PORT=..., or leave it out for a free one.")
        return asked_for
    if is_free(USUAL_PORT):
        return USUAL_PORT
    return free_port()


def free_port():
    """Returns a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port):
    """Tells whether a server could listen on the port now."""
    with socket.socket() as probe:
        # As servers do: a connection that has just ended does not block the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def port_from_environment():
    """Reads GATEWAY_PORT; None if it is not set."""
    value = os.environ.get("GATEWAY_PORT", "").strip()
    if not value:
        return None
    if not value.isdecimal():
        raise Failed(f"GATEWAY_PORT={value} is not a port: choose one from 1 to 65535.")
    return int(value)
