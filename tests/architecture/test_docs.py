"""What docs/ says of the source is so."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands
from django.utils.text import slugify

ROOT = settings.BASE_DIR
PAGES = sorted((ROOT / "docs").rglob("*.md"))
GUIDES = [page for page in PAGES if page.parent.name in {"docs", "tutorial", "how-to", "explanation"}]
TEXTS = {page: page.read_text() for page in PAGES}
LINK = re.compile(r"(?<!!)\[[^]]*\]\((?!https?:|mailto:)([^)\s]+)\)")
FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    for target in LINK.findall(FENCED.sub("", TEXTS[page])):
        path, _, fragment = target.partition("#")
        linked = (page.parent / path).resolve() if path else page
        assert linked.exists(), target
        if fragment:
            headings = re.findall(r"^#+ (.*)$", linked.read_text(), re.MULTILINE)
            assert fragment in {slugify(heading) for heading in headings}, target


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_command_and_target_and_variable_exists(page):
    text = TEXTS[page]
    commands = set(re.findall(r"manage\.py (?:help )?([a-z_]+)", text))
    assert commands <= set(get_commands())
    targets = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:^|`|true )make ((?:[a-z-]+ ?)+)(?:`|$)", text, re.MULTILINE)
    assert {word for words in named for word in words.split()} <= targets
    known = set(re.findall(r"^\| `([A-Z_]+)` \|", TEXTS[ROOT / "docs" / "reference" / "settings.md"], re.MULTILINE))
    assert set(re.findall(r"\b(HELPPORTAL_[A-Z_]+|[A-Z]+_URL)\b", text)) <= known


def test_every_service_of_production_is_described_once():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    described = re.findall(r"^\| `(\w+)` \|", TEXTS[ROOT / "docs" / "how-to" / "deploy.md"], re.MULTILINE)
    assert sorted(described) == sorted(services)
    for page in GUIDES:
        for words in re.findall(r"^docker compose (?:stop|restart) ([a-z ]+)$", TEXTS[page], re.MULTILINE):
            assert set(words.split()) <= set(services)


def test_every_folder_and_room_is_described():
    text = TEXTS[ROOT / "docs" / "explanation" / "architecture.md"]
    house, rooms = text.split("### The rooms")
    for folder in re.findall(r"`([a-z_/]+)/`", house):
        assert (ROOT / folder).is_dir(), folder
    described = set(re.findall(r"^\| `(\w+)` \|", rooms, re.MULTILINE))
    assert described == {
        folder.name
        for folder in (ROOT / "helpportal").iterdir()
        if (folder / "__init__.py").exists() and folder.name != "migrations"
    }


def test_the_order_of_the_rooms_is_the_one_that_is_held():
    text = " ".join(TEXTS[ROOT / "docs" / "explanation" / "architecture.md"].split())
    sentence = re.search(r"A room sees only what stands below it: (.*?)\. ", text)[1]
    described = [set(re.findall(r"`(\w+)`", part)) for part in sentence.split(", then ")]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    frame, inside = contracts[0]["layers"], contracts[1]["layers"]
    present = [
        {room for room in re.findall(r"\w+", layer) if (ROOT / "helpportal" / room).is_dir()} for layer in inside
    ]
    assert described == [{name} for name in frame[:-1]] + [rooms for rooms in present if rooms]


def test_every_decision_is_listed_in_order_and_says_when_to_think_again():
    decisions = [page for page in PAGES if page.parent.name == "decisions"]
    assert [int(page.name[:4]) for page in decisions] == list(range(1, len(decisions) + 1))
    listed = re.findall(r"^\d+\. \[[^]]*\]\(decisions/([^)]+)\)", TEXTS[ROOT / "docs" / "README.md"], re.MULTILINE)
    assert listed == [page.name for page in decisions]
    for page in decisions:
        assert "revisit when" in TEXTS[page].lower(), page.name
