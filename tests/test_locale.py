"""The interface's messages: how they are found, merged and checked."""

import gettext

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from helpportal.management.catalogue import PLURAL_FORMS, Message, SourceError, extract, load, merge
from helpportal.management.catalogue_checks import problems

TEMPLATE = """{% load i18n %}
  {% translate "Search" %} {% trans 'Clear' as clear %}
{# Translators: on a button #}
    {% translate "Open" context "verb" %}{% include "x.html" with label=_("Menu") other=_('Close (Esc)') %}
{% blocktranslate trimmed with date=page.date %}
  Updated
  {{ date }}
{% endblocktranslate %}
{% blocktranslate count total=total %}{{ total }} article{% plural %}{{ total }} articles{% endblocktranslate %}
{{ title|default:_("Untitled") }} {% blocktranslate context "share" %}100% "sure", isn't it{% endblocktranslate %}
{% comment %}{% translate "Not this" %}{% endcomment %}
"""
PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
title = _("Title "
          "in two parts")
# Translators: the state of an article
state = pgettext("article", "live")
def count(n, name):
    return ngettext("%(n)d file", "%(n)d files", n) % {"n": n} + _(name)
"""


@pytest.fixture
def source(tmp_path):
    for name, content in {"templates/page.html": TEMPLATE, "helpportal/models.py": PYTHON}.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(content)
    migration = tmp_path / "helpportal" / "migrations" / "0001.py"
    migration.parent.mkdir()
    migration.write_text('_("In a migration")')
    return tmp_path


def found(source):
    return {(message.context, message.text, message.plural) for message in extract(source).values()}


def test_messages_are_found_in_templates_and_python(source):
    assert found(source) == {
        (None, "Search", None),
        (None, "Clear", None),
        ("verb", "Open", None),
        (None, "Menu", None),
        (None, "Close (Esc)", None),
        (None, "Updated %(date)s", None),
        (None, "%(total)s article", "%(total)s articles"),
        (None, "Untitled", None),
        ("share", '100%% "sure", isn\'t it', None),
        (None, "Title in two parts", None),
        ("article", "live", None),
        (None, "%(n)d file", "%(n)d files"),
    }


def test_a_message_says_where_it_stands_and_what_translators_must_know(source):
    (source / "templates" / "other.html").write_text('{% load i18n %}{% translate "Search" %}')
    messages = extract(source)
    assert messages[None, "Search"].files == {"templates/page.html", "templates/other.html"}
    assert messages["article", "live"].notes == {"Translators: the state of an article"}


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("helpportal/bad.py", 'x = _(f"Hello {name}")', r"bad\.py:1: an f-string cannot be translated"),
        ("helpportal/bad.py", "x = (", r"bad\.py:1: "),
        ("templates/bad.html", "{% blocktranslate %}{% if x %}{% endblocktranslate %}", r"bad\.html.*line 1"),
        ("helpportal/bad.py", 'x = ngettext("%(n)d file", "%(n)d records", n)', "has another plural"),
    ],
)
def test_source_that_cannot_be_translated_is_named(source, name, content, says):
    (source / name).write_text(content)
    with pytest.raises(SourceError, match=says):
        extract(source)


def test_the_portals_own_source_can_be_read():
    messages = extract(settings.BASE_DIR)
    assert messages[None, "January"].files == {"helpportal/core/borrowed_messages.py"}
    assert any(file.startswith("templates/") for message in messages.values() for file in message.files)


def message(text, plural=None, context=None):
    return {(context, text): Message(context, text, plural, {"templates/page.html"})}


def catalogue(language, *entries):
    po = merge({}, language)
    po.extend(polib.POEntry(**entry) for entry in entries)
    return po


def test_a_merge_keeps_translations_adds_empty_ones_and_drops_what_is_gone():
    old = catalogue(
        "hi",
        {"msgid": "Search", "msgstr": "खोजें"},
        {"msgid": "Gone", "msgstr": "गया"},
        {"msgid": "%(n)d file", "msgid_plural": "%(n)d files", "msgstr_plural": {0: "%(n)d फ़ाइल", 1: "%(n)d फ़ाइलें"}},
    )
    messages = message("Search") | message("New") | message("%(n)d file", "%(n)d files") | message("Open", None, "verb")
    new = merge(messages, "hi", old)
    assert [(entry.msgid, entry.msgstr_plural or entry.msgstr) for entry in new] == [
        ("%(n)d file", {0: "%(n)d फ़ाइल", 1: "%(n)d फ़ाइलें"}),
        ("New", ""),
        ("Open", ""),
        ("Search", "खोजें"),
    ]
    assert new[2].msgctxt == "verb"
    assert "python-format" in new[0].flags
    assert new.metadata["Plural-Forms"] == PLURAL_FORMS["hi"]
    assert str(merge(messages, "hi", polib.pofile(str(new)))) == str(new)


def test_a_text_that_became_plural_is_translated_again():
    old = catalogue("hi", {"msgid": "%(n)d file", "msgstr": "%(n)d फ़ाइल"})
    assert merge(message("%(n)d file", "%(n)d files"), "hi", old)[0].msgstr_plural == {0: "", 1: ""}


GOOD = [
    ("hi", "Search", "खोजें"),
    ("mr", "Updated %(date)s", "%(date)s रोजी अद्ययावत"),
    ("bn", "Read <a href='x'>this</a>", "<a href='x'>এটি</a> পড়ুন।"),
    ("gu", "{count} left", "{count} બાકી"),
    ("ta", "YouTube", "YouTube"),
    ("te", "%(minutes)s min.", "%(minutes)s ని."),
    ("kn", "100 % sure", "100 % ಖಚಿತ"),
    ("hi", " and ", " और "),
    ("hi", "%(count)s / %(total)s", "%(count)s / %(total)s"),
    ("hi", "PDF of %(name)s", "%(name)s का PDF"),
]
BAD = [
    ("hi", "Search", "", "is not translated"),
    ("hi", "Search", "Search", "has no Devanagari letter"),
    ("gu", "Search", "खोजें", "has no Gujarati letter"),
    ("gu", "Search", "શોધો खोजें", "has Devanagari letters"),
    ("hi", "Updated %(date)s", "%(dates)s अद्यतन", "has other placeholders"),
    ("hi", "Updated %(date)s", "%(date)d अद्यतन", "has other placeholders"),
    ("hi", "Updated %(date)s", "%(date) s अद्यतन", "has other placeholders"),
    ("hi", "Updated %(date)s", "अद्यतन", "has other placeholders"),
    ("hi", "{count} left", "{गिनती} शेष", "has other placeholders"),
    ("hi", "%s of %s", "%s में", "has other placeholders"),
    ("hi", "Read <b>this</b>", "<b>यह पढ़ें<b>", "has other HTML tags"),
    ("hi", "Read <b>this</b>", "यह पढ़ें", "has other HTML tags"),
    ("hi", " and ", "और ", "has other white space"),
    ("hi", "End.\n", "अंत।", "has other white space"),
]


@pytest.mark.parametrize(("language", "text", "translation"), GOOD)
def test_good_translations_pass(language, text, translation):
    po = catalogue(language, {"msgid": text, "msgstr": translation})
    assert problems(message(text), po, language) == []


@pytest.mark.parametrize(("language", "text", "translation", "says"), BAD)
def test_bad_translations_are_named(language, text, translation, says):
    po = catalogue(language, {"msgid": text, "msgstr": translation})
    assert any(says in problem and text in problem for problem in problems(message(text), po, language))


FILES = message("one file", "%(n)d files")


@pytest.mark.parametrize(
    ("forms", "says"),
    [
        ({0: "एक फ़ाइल", 1: "%(n)d फ़ाइलें"}, None),
        ({0: "%(n)d फ़ाइल", 1: "%(n)d फ़ाइलें"}, None),
        ({0: "एक फ़ाइल", 1: "फ़ाइलें"}, "has other placeholders"),
        ({0: "एक फ़ाइल"}, "has 1 plural forms; hi has 2"),
        ({0: "एक फ़ाइल", 1: "%(n)d फ़ाइलें", 2: "%(n)d फ़ाइलें"}, "has 3 plural forms"),
        ({0: "", 1: "%(n)d फ़ाइलें"}, "is not translated in plural form 0"),
    ],
)
def test_every_plural_form_is_checked(forms, says):
    po = catalogue("hi", {"msgid": "one file", "msgid_plural": "%(n)d files", "msgstr_plural": forms})
    found = problems(FILES, po, "hi")
    assert (found == []) if says is None else any(says in problem for problem in found)


def test_missing_obsolete_unused_and_fuzzy_entries_are_named():
    po = catalogue(
        "hi",
        {"msgid": "Search", "msgstr": "खोजें", "flags": ["fuzzy"]},
        {"msgid": "Unused", "msgstr": "अप्रयुक्त"},
        {"msgid": "Old", "msgstr": "पुराना", "obsolete": True},
    )
    assert problems(message("Search") | message("New"), po, "hi") == [
        "“Unused” is not used any more",
        "“Old” is not used any more",
        "“Search” is marked fuzzy",
        "“New” is missing (templates/page.html)",
    ]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("Plural-Forms", "nplurals=3; plural=(n > 2);", "Plural-Forms"),
        ("Language", "mr", "the header names the language 'mr'"),
        ("Content-Type", "text/plain; charset=latin-1", "UTF-8"),
    ],
)
def test_a_wrong_header_is_named(field, value, says):
    po = catalogue("hi", {"msgid": "Search", "msgstr": "खोजें"})
    po.metadata[field] = value
    assert [problem for problem in problems(message("Search"), po, "hi") if says in problem]


def test_a_file_that_is_no_catalogue_is_named_with_its_line(tmp_path):
    path = tmp_path / "django.po"
    path.write_text('msgid "Search"\nno message at all\n')
    with pytest.raises(SourceError, match=r"django\.po.*2"):
        load(path)


def test_messages_are_written_checked_and_compiled_by_commands(settings, source, capsys):
    settings.BASE_DIR, settings.LOCALE_PATHS = source, [source / "locale"]
    with pytest.raises(CommandError, match="1 problems"):
        call_command("update_messages", "--check", "--language", "hi")
    call_command("update_messages", "--language", "hi")
    path = source / "locale" / "hi" / "LC_MESSAGES" / "django.po"
    written = path.read_text()
    assert "hi: 0 of 12 messages translated" in capsys.readouterr().out
    assert "templates/page.html" in written
    with pytest.raises(CommandError, match="14 problems"):
        call_command("update_messages", "--check", "--language", "hi")
    call_command("update_messages", "--language", "hi")
    assert path.read_text() == written
    path.write_text(written.replace('msgid "Search"\nmsgstr ""', 'msgid "Search"\nmsgstr "खोजें"'))
    call_command("compile_translations")
    assert gettext.translation("django", source / "locale", ["hi"]).gettext("Search") == "खोजें"
