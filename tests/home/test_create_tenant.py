"""Making a tenant, through the service and the command."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Collection, Page, Site

from helpportal.accounts.models import TenantGroup
from helpportal.content.models import TenantSettings
from home.models import HomePage
from home.services import TenantError, add_language, create_tenant

pytestmark = pytest.mark.django_db


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Site, Page, TenantGroup, Collection, TenantSettings))


def test_a_tenant_has_a_live_home_page_in_each_language():
    site = create_tenant("help.example.com", "Example", ["en", "hi", "ta"])
    homes = HomePage.objects.filter(translation_key=site.root_page.translation_key)
    assert {home.locale.language_code for home in homes} == {"en", "hi", "ta"}
    assert all(home.live and home.depth == 2 for home in homes)
    assert TenantSettings.for_site(site).name == "Example"


def test_the_source_language_is_always_there():
    site = create_tenant("help.example.com", "Example", ["hi"])
    assert site.root_page.locale.language_code == "en"


def test_a_second_run_adds_only_what_is_missing():
    create_tenant("help.example.com", "Example", ["en"])
    first = counts()
    create_tenant("help.example.com", "Example", ["en"])
    assert counts() == first
    site = create_tenant("help.example.com", "Example", ["en", "hi"])
    assert HomePage.objects.filter(translation_key=site.root_page.translation_key).count() == 2
    assert TenantGroup.objects.filter(site=site, locale__language_code="hi").exists()


def test_a_second_run_keeps_what_people_changed():
    site = create_tenant("help.example.com", "Example", ["en"])
    settings = TenantSettings.for_site(site)
    settings.name = "Renamed"
    settings.save()
    create_tenant("help.example.com", "Example", ["en"])
    assert TenantSettings.objects.get(site=site).name == "Renamed"


def test_hosts_that_differ_by_punctuation_are_two_tenants():
    dotted = create_tenant("a.b.example", "One", ["en"])
    dashed = create_tenant("a-b.example", "Two", ["en"])
    other_port = create_tenant("a.b.example", "Three", ["en"], port=8080)
    slugs = {site.root_page.slug for site in (dotted, dashed, other_port)}
    assert len(slugs) == 3


def test_tenants_of_the_same_name_are_two_tenants():
    one = create_tenant("one.example", "Help", ["en"])
    two = create_tenant("two.example", "Help", ["en"])
    assert TenantSettings.for_site(one).collection != TenantSettings.for_site(two).collection
    assert TenantGroup.objects.filter(site=one).count() == TenantGroup.objects.filter(site=two).count()


def test_a_language_added_later_has_its_home_page_and_translators():
    site = create_tenant("help.example.com", "Example", ["en"])
    home = add_language(site, "bn")
    assert home.live
    assert home.locale.language_code == "bn"
    assert TenantGroup.objects.filter(site=site, locale=home.locale).count() == 1


@pytest.mark.parametrize(
    ("hostname", "name", "languages", "port", "message"),
    [
        ("https://help.example.com/", "Example", ["en"], 80, "is no host name"),
        ("help example", "Example", ["en"], 80, "is no host name"),
        ("-help.example", "Example", ["en"], 80, "is no host name"),
        ("help..example", "Example", ["en"], 80, "is no host name"),
        ("", "Example", ["en"], 80, "is no host name"),
        ("x" * 64 + ".example", "Example", ["en"], 80, "is no host name"),
        ("मदद.example", "Example", ["en"], 80, "xn--"),
        ("help.example.com", " ", ["en"], 80, "needs a name"),
        ("help.example.com", "x" * 81, ["en"], 80, "at most 80"),
        ("help.example.com", "Example", ["en", "fr"], 80, "'fr' is not a language of this install. It has: en, hi"),
        ("help.example.com", "Example", ["en"], 0, "is no port"),
        ("help.example.com", "Example", ["en"], 70000, "is no port"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason_and_leaves_nothing(hostname, name, languages, port, message):
    before = counts()
    with pytest.raises(TenantError, match=message):
        create_tenant(hostname, name, languages, port=port)
    assert counts() == before


def test_there_is_one_default_site():
    assert Site.objects.get(is_default_site=True).hostname == "localhost"
    with pytest.raises(TenantError, match="localhost is the default site already"):
        create_tenant("help.example.com", "Example", ["en"], default=True)


def test_the_command_makes_a_tenant_and_says_where():
    out = StringIO()
    call_command("create_tenant", "Help.Example.com", "Example", languages="en, hi", stdout=out)
    assert out.getvalue().strip() == "Example answers at http://help.example.com in en, hi."


def test_the_command_refuses_a_host_that_is_taken():
    call_command("create_tenant", "help.example.com", "Example", stdout=StringIO())
    before = counts()
    with pytest.raises(CommandError, match="taken by another tenant"):
        call_command("create_tenant", "help.example.com", "Other", stdout=StringIO())
    call_command("create_tenant", "help.example.com", "Other", port=8080, stdout=StringIO())
    assert counts() > before


def test_the_command_passes_the_reason_on():
    with pytest.raises(CommandError, match="'xx' is not a language"):
        call_command("create_tenant", "help.example.com", "Example", languages="xx", stdout=StringIO())
