"""The embedded PostgreSQL and Redis: where they listen, how they are started, and who still needs them."""

from .addresses import celery_url, database_url, redis_url, redis_url_with_database, secret_key, socket_dir
from .errors import StartError
from .lease import Lease

__all__ = [
    "Lease",
    "StartError",
    "celery_url",
    "database_url",
    "redis_url",
    "redis_url_with_database",
    "secret_key",
    "socket_dir",
]
