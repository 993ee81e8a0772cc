"""Wagtail's first migration makes a welcome page and a site for it; ours is a home page in the source language."""

import uuid

from django.conf import settings
from django.db import migrations

NAME = "Help Portal"


def make_first_site(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")
    HomePage = apps.get_model("home", "HomePage")

    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    if HomePage.objects.exists():
        return
    Page.objects.filter(depth=2, slug="home", numchild=0, content_type__model="page").delete()
    root = Page.objects.get(depth=1)
    content_type, _created = ContentType.objects.get_or_create(model="homepage", app_label="home")
    taken = set(Page.objects.filter(depth=2).values_list("path", flat=True))
    path = next(p for p in (f"{root.path}{n:04d}" for n in range(1, 10_000)) if p not in taken)
    home = HomePage.objects.create(
        title=NAME,
        draft_title=NAME,
        slug="home-en",
        content_type=content_type,
        path=path,
        depth=2,
        numchild=0,
        url_path="/home-en/",
        locale=Locale.objects.get(language_code=settings.LANGUAGE_CODE),
        translation_key=uuid.uuid4(),
        live=True,
    )
    root.numchild = Page.objects.filter(depth=2).count()
    root.save(update_fields=["numchild"])
    if not Site.objects.exists():
        Site.objects.create(hostname="localhost", port=80, site_name=NAME, root_page=home, is_default_site=True)


class Migration(migrations.Migration):
    dependencies = [
        ("home", "0001_initial"),
        ("content", "0001_initial"),
        ("wagtailcore", "0098_apitoken"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_first_site, migrations.RunPython.noop, elidable=False)]
