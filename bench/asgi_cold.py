"""The portal as a new process meets each page for the first time: nothing kept, no text prepared."""

from bench.asgi_read_anew import application
from helpportal.content import prepared_bodies

prepared_bodies.kept.max_bytes = 0

__all__ = ["application"]
