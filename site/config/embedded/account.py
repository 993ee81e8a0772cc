"""The system account that the embedded services run as, and the folders that it may use.

PostgreSQL refuses to run as root. Where the portal is started by root, as in most containers, the services run as an
account of their own; otherwise they run as whoever started the portal.
"""

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import Any

from .errors import StartError

ACCOUNT = "pgserver"


def service_account() -> pwd.struct_passwd | None:
    """Return the account to change to, made when it is missing; None when the services run as this process does."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    try:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],  # noqa: S607
            check=True,
            capture_output=True,
            text=True,
        )
        return pwd.getpwnam(ACCOUNT)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        raise StartError(
            f"PostgreSQL does not run as root, and the account {ACCOUNT!r} could not be made: {error}. "
            "Run the portal as another user, or set DATABASE_URL."
        ) from error


def process_options() -> dict[str, Any]:
    """Return the options that make `subprocess` run a service as its account."""
    account = service_account()
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def private_dir(path: Path) -> Path:
    """Make a folder that only the services' account may use, or check that an existing one is like that.

    Raises StartError when it cannot be made or belongs to somebody else.
    """
    account = service_account()
    owner = account.pw_uid if account else os.geteuid()
    try:
        path.mkdir(mode=0o700, exist_ok=True)
        found = path.lstat()
        if account and found.st_uid == 0:
            os.chown(path, account.pw_uid, account.pw_gid)
            found = path.lstat()
    except OSError as error:
        raise StartError(f"{path} cannot be made: {error.strerror}.") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
        raise StartError(
            f"{path} belongs to another user. Run the portal as the user who ran it first, or remove that folder."
        )
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)
    return path


def let_account_reach(path: Path) -> None:
    """Let the services' account pass through the folders above `path` (pass only: it cannot list them)."""
    if service_account() is None:
        return
    for folder in path.resolve().parents:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)
