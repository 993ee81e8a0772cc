"""The embedded PostgreSQL and Redis: where they listen, and how they are started and stopped."""

import hashlib
import secrets
import tempfile
from pathlib import Path
from urllib.parse import quote


def socket_dir(var_dir: Path) -> Path:
    """Where the embedded services of `var_dir` put their sockets.

    A Unix socket's path may have 107 bytes at most, so it cannot stand below an arbitrarily deep `var/`.
    """
    digest = hashlib.sha256(str(var_dir.resolve()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"helpportal-{digest}"


def database_url(var_dir: Path) -> str:
    return f"postgresql://postgres@/helpportal?host={quote(str(socket_dir(var_dir)), safe='')}"


def redis_url(var_dir: Path) -> str:
    return f"unix://{socket_dir(var_dir)}/redis.sock?db=0"


def celery_url(redis_url: str) -> str:
    """The same Redis in the spelling that Celery's transport expects."""
    if redis_url.startswith("unix://"):
        path, _, query = redis_url.removeprefix("unix://").partition("?db=")
        return f"redis+socket://{path}?virtual_host={query or 0}"
    return redis_url


def secret_key(var_dir: Path) -> str:
    """Read the installation's own secret key, made on first use."""
    path = var_dir / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text().strip()
