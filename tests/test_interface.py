"""The interface speaks each of the portal's languages, completely and correctly."""

import datetime

import pytest
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.utils import formats, translation

from helpportal.management.catalogue import PLURAL_FORMS, extract, load
from helpportal.management.catalogue_checks import SCRIPTS, problems

LANGUAGES = sorted(PLURAL_FORMS)


@pytest.fixture(scope="module")
def messages():
    return extract(settings.BASE_DIR)


def is_of(language: str, text: str) -> bool:
    """Whether every letter of a text is of the language's script."""
    _name, first, last = SCRIPTS[language]
    return all(first <= letter <= last for letter in text if letter.isalpha())


def test_the_languages_are_those_of_the_settings():
    assert {*LANGUAGES, settings.LANGUAGE_CODE} == set(dict(settings.LANGUAGES))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language, messages):
    path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
    assert path.exists(), f"{path} is missing: run make messages"
    found = problems(messages, load(path), language)
    assert not found, "\n".join([f"{len(found)} problems; make messages ARGS=--check lists them:", *found[:20]])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("month", range(1, 13))
def test_dates_are_written_in_the_language(language, month):
    day = datetime.date(2026, month, 5)
    with translation.override(language):
        written = formats.date_format(day, "DATE_FORMAT")
        weekday = formats.date_format(day + datetime.timedelta(days=month % 7), "l")
    assert written.startswith("5 ")
    assert written.endswith(" 2026")
    assert is_of(language, written)
    assert is_of(language, weekday)


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_grouped_the_indian_way(language):
    with translation.override(language):
        assert formats.number_format(1234567.5, force_grouping=True) == "12,34,567.5"


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_in_says_what_is_wrong_in_the_language(language, rf):
    with translation.override(language):
        empty = AuthenticationForm(rf.post("/login/"), data={})
        wrong = AuthenticationForm(rf.post("/login/"), data={"username": "0", "password": "0"})
        texts = [*empty.errors["username"], *wrong.errors["__all__"], *(str(field.label) for field in empty)]
    assert len(texts) == 4
    assert [text for text in texts if not is_of(language, text)] == []
