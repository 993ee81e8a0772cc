"""The portal's own ASGI application under uvicorn, in a thread of the test process."""

from __future__ import annotations

import socket
import threading

import uvicorn

START_TIMEOUT = 60  # seconds


class PortalServer:
    """Serves `config.asgi:application` on a free port of this machine from `start` to `stop`."""

    def __init__(self) -> None:
        from config.asgi import application

        self._socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._socket.getsockname()[1]
        self._server = uvicorn.Server(uvicorn.Config(application, log_config=None, access_log=False, lifespan="auto"))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="portal", daemon=True)

    @property
    def url(self) -> str:
        """The base address, without a slash at its end."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        self._thread.start()
        # The socket listens already: the first answer comes as soon as the application is up.
        with socket.create_connection(("127.0.0.1", self.port), timeout=START_TIMEOUT) as probe:
            probe.sendall(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n")
            if not probe.recv(1):
                raise RuntimeError("the portal under test did not answer")

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(START_TIMEOUT)
        self._socket.close()
