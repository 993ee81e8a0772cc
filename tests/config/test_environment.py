"""Bad settings are one clear line; the table of settings is true."""

import json
import re
import subprocess
import sys

import pytest
from django.conf import settings

from config.environment import Environment

from .commands import environment, manage

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "HELPPORTAL_SECRET_KEY": "x7Kq2" * 12 + "abcdefghij",
    "HELPPORTAL_ALLOWED_HOSTS": "help.example.com, harbour.example.com",
    "HELPPORTAL_URL": "https://help.example.com",
}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "eighty", "PORT must be a whole number; it is 'eighty'."),
        ("PORT", "70000", "PORT must be between 1 and 65535; it is 70000."),
        ("DATABASE_URL", "mysql://me:secret@host/db", "DATABASE_URL must be an address that begins with postgresql://"),
        ("DATABASE_URL", "postgresql://me:secret@host:port/db", "DATABASE_URL is not a valid address"),
        ("DATABASE_URL", "postgresql://me:secret@host/", "DATABASE_URL must name a database after the host"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL must be an address that begins with redis://"),
        ("HELPPORTAL_URL", "help.example.com", "HELPPORTAL_URL must be an address that begins with https://"),
        ("HELPPORTAL_TIME_ZONE", "Mars/Olympus", "HELPPORTAL_TIME_ZONE must be a time zone"),
        ("HELPPORTAL_LOG_LEVEL", "loud", "HELPPORTAL_LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR"),
        ("HELPPORTAL_DEBUG", "perhaps", "HELPPORTAL_DEBUG must be true or false; it is 'perhaps'."),
    ],
)
def test_a_bad_value_is_one_line_that_names_the_variable(tmp_path, name, value, said):
    refused = manage("migrate", **{"HELPPORTAL_VAR_DIR": str(tmp_path), name: value})
    assert refused.returncode == 1
    assert refused.stderr.startswith(said)
    assert refused.stderr.count("\n") == 1
    assert "secret" not in refused.stderr
    assert not (tmp_path / "postgres").exists()


def test_check_reports_every_bad_value(tmp_path):
    checked = manage("check", HELPPORTAL_VAR_DIR=str(tmp_path), PORT="x", REDIS_URL="y")
    assert checked.returncode == 1
    assert checked.stderr.count("config.E001") == 2


def test_production_says_which_variables_are_missing(tmp_path):
    refused = manage("migrate", DJANGO_SETTINGS_MODULE="config.settings.production", HELPPORTAL_VAR_DIR=str(tmp_path))
    assert refused.returncode == 1
    assert [line.split(" ")[0] for line in refused.stderr.splitlines()] == [
        "HELPPORTAL_SECRET_KEY",
        "HELPPORTAL_ALLOWED_HOSTS",
    ]


@pytest.mark.parametrize("module", ["config.asgi", "config.wsgi"])
def test_the_web_process_refuses_bad_settings(tmp_path, module):
    started = subprocess.run(
        [sys.executable, "-c", f"import {module}"],
        cwd=settings.BASE_DIR,
        env=environment(DJANGO_SETTINGS_MODULE="config.settings.dev", HELPPORTAL_VAR_DIR=str(tmp_path), PORT="eighty"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 1
    assert started.stderr == "Settings: PORT must be a whole number; it is 'eighty'.\n"


def test_deployment_checks_are_clean_under_production_settings(tmp_path):
    checked = manage("check", "--deploy", "--fail-level", "WARNING", HELPPORTAL_VAR_DIR=str(tmp_path), **PRODUCTION)
    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


def test_an_empty_value_is_none(monkeypatch):
    monkeypatch.setenv("PORTAL_TEST", "")
    assert Environment().int("PORTAL_TEST", 5) == 5


def test_the_file_stands_behind_the_environment(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text("PORTAL_TEST_ONE=file\nPORTAL_TEST_TWO=file\n")
    monkeypatch.setenv("PORTAL_TEST_ONE", "process")
    # What the file sets goes into the process environment, and must leave it with this test.
    monkeypatch.setenv("PORTAL_TEST_TWO", "")
    monkeypatch.delenv("PORTAL_TEST_TWO")
    env = Environment()
    env.read_file(tmp_path / ".env")
    assert (env.str("PORTAL_TEST_ONE", ""), env.str("PORTAL_TEST_TWO", "")) == ("process", "file")


def test_the_table_of_settings_is_true(tmp_path):
    script = (
        "import json, config.settings.dev, config.settings.production\n"
        "from config.environment import env\n"
        "print(json.dumps({name: variable.default for name, variable in env.variables.items()}))"
    )
    read = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=environment(HELPPORTAL_VAR_DIR=str(tmp_path)),
        capture_output=True,
        text=True,
        check=True,
    )
    defaults = json.loads(read.stdout)
    page = (settings.BASE_DIR / "docs/reference/settings.md").read_text()
    table = dict(re.findall(r"^\| `(\w+)` \| ([^|]*) \|", page, re.MULTILINE))
    assert set(table) == set(defaults)
    for name, documented in table.items():
        default = defaults[name]
        if isinstance(default, bool | int):
            assert documented == f"`{str(default).lower()}`", name
