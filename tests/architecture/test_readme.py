"""What the README promises is there."""

import re

import pytest
from django.conf import settings
from django.core.management import get_commands

README = (settings.BASE_DIR / "README.md").read_text()
MAKEFILE = (settings.BASE_DIR / "Makefile").read_text()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z-]+)`|^make ([a-z-]+)$", README, re.MULTILINE))))
def test_every_make_target_exists(target):
    assert re.search(rf"^{''.join(target)}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"manage\.py (?:help )?([a-z_]+)", README))))
def test_every_command_exists(command):
    assert command in get_commands()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"(?<!!)\[[^]]*\]\((?!https?:)([^)]+)\)", README))))
def test_every_link_leads_to_a_file(path):
    assert (settings.BASE_DIR / path).is_file()


def test_every_target_for_people_is_described():
    targets = set(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[0].split())
    described = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))
    assert targets - described <= {"translations"}
    assert described <= targets
