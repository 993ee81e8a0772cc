"""`make run`, from the first start to the last process gone."""

import re
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx2
import psutil
import pytest
from django.conf import settings

from .commands import Stack, environment, free_port, manage, run_portal

COUNT_USERS = "from django.contrib.auth import get_user_model as u; print('users', u().objects.count())"

# Of a database that may have no tables yet: each of these tests runs by itself too.
ASK = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT 6 * 7'); print('answer', *k.fetchone())"


@pytest.fixture(scope="module")
def var_dir():
    with tempfile.TemporaryDirectory(prefix="portal-") as name:
        folder = Path(name).resolve()
        # As if the demo had been loaded: these tests are about processes.
        (folder / "demo-loaded").touch()
        yield folder


@pytest.fixture(scope="module")
def stack(var_dir):
    stack = Stack(var_dir)
    yield stack
    for process in stack.processes():
        process.kill()


@pytest.mark.long
def test_the_life_of_a_stack(stack):
    stack.start()
    output = "".join(stack.output)
    for service in ("PostgreSQL", "Redis", "web", "worker", "index", "chat", "beat"):
        assert re.search(rf"^{service} ", output, re.MULTILINE), output
    assert f"Portal  {stack.url}/" in output
    assert f"Admin   {stack.url}/admin/" in output
    password = re.search(r"user admin, password (\S+)", output)[1]
    ready = httpx2.get(f"{stack.url}/readyz", timeout=30)
    assert (ready.status_code, ready.json()["status"]) == (200, "ok")
    assert log_in(stack.url, password) == "/admin/"

    beside = manage("shell", "-c", COUNT_USERS, **stack.variables())
    assert "users 1" in beside.stdout, beside.stderr
    assert httpx2.get(f"{stack.url}/readyz", timeout=30).status_code == 200

    second = run_portal(**stack.variables())
    assert second.returncode == 1
    assert "runs already" in second.stderr

    server = next(process for process in stack.processes() if process.name() == "redis-server")
    server.kill()
    stack.wait_for_line("Redis       had ended and was started again")

    before = {process.pid for process in stack.processes()}
    stack.end(signal.SIGKILL)
    left = {process.pid for process in stack.processes()}
    assert left, "kill -9 leaves processes behind, and that is what the next start is about"
    stack.start()
    output = "".join(stack.output)
    assert "The last run was killed" in output
    assert "password " not in output.replace("the password?", "").replace("make password", "")
    assert httpx2.get(f"{stack.url}/readyz", timeout=30).status_code == 200
    python = {pid for pid in before & left if psutil.pid_exists(pid) and "python" in psutil.Process(pid).name()}
    assert python == set()

    assert stack.end(signal.SIGINT) == 0, "".join(stack.output)
    assert stack.processes() == []


def test_a_command_alone_starts_what_it_needs_and_stops_it_again(stack, var_dir):
    alone = manage("shell", "-c", ASK, HELPPORTAL_VAR_DIR=str(var_dir))
    assert "answer 42" in alone.stdout, alone.stderr
    assert stack.processes() == []


def test_two_commands_at_once_do_not_stop_the_servers_under_each_other(stack, var_dir):
    patient = subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-c", f"input(); {ASK}"],
        cwd=settings.BASE_DIR,
        env=environment(HELPPORTAL_VAR_DIR=str(var_dir)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    for _ in range(2):
        quick = manage("shell", "-c", ASK, HELPPORTAL_VAR_DIR=str(var_dir))
        assert "answer 42" in quick.stdout, quick.stderr
    output, _errors = patient.communicate("\n", timeout=60)
    assert patient.returncode == 0
    assert "answer 42" in output
    assert stack.processes() == []


def test_a_command_without_a_database_starts_nothing(tmp_path):
    assert manage("check", HELPPORTAL_VAR_DIR=str(tmp_path)).returncode == 0
    assert manage("help", "migrate", HELPPORTAL_VAR_DIR=str(tmp_path)).returncode == 0
    assert manage("migrate", "--help", HELPPORTAL_VAR_DIR=str(tmp_path)).returncode == 0
    assert not (tmp_path / "postgres").exists()


def test_a_busy_port_is_one_line(var_dir):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        refused = run_portal(HELPPORTAL_VAR_DIR=str(var_dir), PORT=str(port))
    assert refused.returncode == 1
    assert refused.stderr == f"Port {port} is in use by another program. Choose another one: PORT=9000 make run\n"


@pytest.mark.parametrize("start", [run_portal, lambda **variables: manage("migrate", **variables)])
def test_an_unwritable_folder_is_one_line(tmp_path, start):
    (tmp_path / "file").write_text("not a folder")
    refused = start(HELPPORTAL_VAR_DIR=str(tmp_path / "file" / "var"))
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("start", [run_portal, lambda **variables: manage("prepare", **variables)])
def test_a_redis_that_is_down_is_one_clear_line(database_address, tmp_path, start):
    refused = start(
        DATABASE_URL=database_address,
        REDIS_URL=f"redis://127.0.0.1:{free_port()}/0",
        PORT=str(free_port()),
        HELPPORTAL_VAR_DIR=str(tmp_path),
    )
    assert refused.returncode == 1
    assert "Redis does not answer" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("command", ["prepare", "migrate"])
def test_a_database_that_is_down_is_one_clear_line(tmp_path, command):
    address = f"postgresql://nobody:secret@127.0.0.1:{free_port()}/portal"
    refused = manage(command, DATABASE_URL=address, HELPPORTAL_VAR_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert "The database does not answer" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert "secret" not in refused.stderr


def log_in(url: str, password: str) -> str:
    """Log in to the admin as a browser would, and return where that led."""
    with httpx2.Client(base_url=url, timeout=30) as client:
        client.get("/admin/login/")
        token = client.cookies["csrftoken"]
        form = {"username": "admin", "password": password, "csrfmiddlewaretoken": token, "next": "/admin/"}
        return client.post("/admin/login/", data=form).headers.get("location", "")
