"""The processes of an installation, and the ports of those that listen."""

import socket

PORTS = {
    "kiosk": 8001,
    "desk": 8002,
    "portal": 8003,
    "analytics": 8004,
    "tsa": 8005,
    "witness": 8006,
}
WEB_ROOMS = ("kiosk", "desk", "portal")
BACKGROUND = ("publisher", "worker")
#: What `bansao serve` runs. A witness is a program of its own: it should run elsewhere.
SERVED = (*(name for name in PORTS if name != "witness"), *BACKGROUND)


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on `port` of `host` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        # A port whose last connections are still closing can be listened on.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            return False
    return True
