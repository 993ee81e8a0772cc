"""The portal without any memory of bodies: every request renders its article from the stored blocks."""

from config.asgi import application
from helpportal.content import bodies

bodies.forget_bodies(for_good=True)

__all__ = ["application"]
