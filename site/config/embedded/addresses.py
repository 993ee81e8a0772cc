"""Where the embedded services of a `var/` keep their data and listen."""

import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from .errors import StartError

DATABASE_NAME = "helpportal"
# A Unix socket's path may have 107 bytes on Linux and 103 on macOS; PostgreSQL's name for it takes 15 of them.
LONGEST_SOCKET_DIR = 85


def socket_dir(var_dir: Path) -> Path:
    """Where the embedded services of `var_dir` put their sockets: in `var/run`, or in /tmp when that is too deep."""
    usual = var_dir.resolve() / "run"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_DIR:
        return usual
    digest = hashlib.sha256(os.fsencode(var_dir.resolve())).hexdigest()[:12]
    return Path("/tmp") / f"helpportal-{digest}"  # noqa: S108 - made private and checked by account.private_dir


def database_url(var_dir: Path) -> str:
    return f"postgresql://postgres@/{DATABASE_NAME}?host={quote(str(socket_dir(var_dir)), safe='')}"


def redis_url(var_dir: Path, db: int = 0) -> str:
    return f"unix://{socket_dir(var_dir)}/redis.sock?db={db}"


def redis_url_with_database(redis_url: str, offset: int) -> str:
    """The address of the Redis database that stands `offset` after the one that `redis_url` names."""
    parts = urlsplit(redis_url)
    query = dict(parse_qsl(parts.query))
    base = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme == "unix" or "db" in query:
        query["db"] = str(int(query.get("db", 0)) + offset)
        return f"{base}{parts.path}?{urlencode(query)}"
    number = int(parts.path.strip("/") or 0) + offset
    return f"{base}/{number}" + (f"?{parts.query}" if parts.query else "")


def celery_url(redis_url: str) -> str:
    """The same Redis in the spelling that Celery's transport expects."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    return f"redis+socket://{parts.path}?virtual_host={dict(parse_qsl(parts.query)).get('db', 0)}"


def secret_key(var_dir: Path) -> str:
    """Read the installation's own secret key, made on first use."""
    path = var_dir / "secret-key"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"{path.name}.{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(50))
            # A link fails when somebody was quicker: then theirs is the key, and it was complete from the start.
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise unwritable(var_dir, error) from error


def make_var_dir(var_dir: Path) -> None:
    """Make `var/` and see that it can be written. Raises StartError."""
    try:
        var_dir.mkdir(parents=True, exist_ok=True)
        probe = var_dir / f".writable.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise unwritable(var_dir, error) from error


def unwritable(var_dir: Path, error: OSError) -> StartError:
    return StartError(
        f"{var_dir} cannot be written: {error.strerror}. "
        "Give this user write access to it, or name another folder in HELPPORTAL_VAR_DIR."
    )
