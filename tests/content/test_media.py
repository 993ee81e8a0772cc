"""Images and documents are as visible as the pages that show them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse
from PIL import Image
from wagtail.models import Locale, PageViewRestriction, Site

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.services import tenant_group
from helpportal.content.media import find_media
from helpportal.content.models import (
    ArticlePage,
    CategoryPage,
    Fragment,
    PortalDocument,
    PortalImage,
    TenantSettings,
)
from helpportal.core.viewer import Viewer

pytestmark = pytest.mark.django_db


def picture() -> ImageFile:
    stream = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(stream, "PNG")
    return ImageFile(BytesIO(stream.getvalue()), name="valve.png")


class Media:
    """An image, its rendition and a document in a tenant's collection, with the addresses they have."""

    def __init__(self, site):
        collection = TenantSettings.for_site(site).collection
        self.image = PortalImage.objects.create(title="Valve", file=picture(), collection=collection)
        self.rendition = self.image.get_rendition("width-20")
        self.document = PortalDocument.objects.create(
            title="Sheet", file=ContentFile(b"%PDF-1.7 sheet", name="sheet.pdf"), collection=collection
        )

    @property
    def addresses(self) -> list[str]:
        return [self.image.file.url, self.rendition.url, self.document.file.url, self.document.url]


def figure(image: PortalImage) -> tuple[str, dict]:
    return ("figure", {"image": image_value(image), "caption": ""})


def image_value(image: PortalImage) -> PortalImage:
    image.contextual_alt_text, image.decorative = "A valve", False
    return image


@pytest.fixture
def media(tenant) -> Media:
    return Media(tenant)


@pytest.fixture
def category(tenant) -> CategoryPage:
    return tenant.root_page.specific.add_child(instance=CategoryPage(title="Safety", slug="safety"))


@pytest.fixture
def article(category) -> ArticlePage:
    return category.add_child(instance=ArticlePage(title="Valves", slug="valves"))


def show(article: ArticlePage, media: Media, *, publish: bool = True) -> None:
    article.body = [figure(media.image), ("file", {"document": media.document, "title": ""})]
    revision = article.save_revision()
    if publish:
        revision.publish()


def statuses(client: Client, addresses: list[str], host: str = "localhost") -> set[int]:
    return {client.get(address, headers={"host": host}).status_code for address in addresses}


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    def sign_in(*groups, superuser: bool = False) -> Client:
        user = User.objects.create_user(f"user{User.objects.count()}", is_superuser=superuser)
        user.groups.set(groups)
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def test_what_no_page_shows_is_nobodys(client, media):
    assert statuses(client, media.addresses) == {404}


def test_what_a_public_article_shows_is_everybodys(client, media, article):
    show(article, media)
    assert statuses(client, media.addresses) == {200}


def test_a_draft_makes_nothing_public_and_takes_nothing_away(client, media, article):
    show(article, media, publish=False)
    assert statuses(client, media.addresses) == {404}
    article.get_latest_revision().publish()
    assert statuses(client, media.addresses) == {200}
    article.refresh_from_db()
    article.body = []
    article.save_revision()
    assert statuses(client, media.addresses) == {200}, "the published article still shows them"
    article.get_latest_revision().publish()
    assert statuses(client, media.addresses) == {404}


def test_an_unpublished_article_takes_its_media_with_it(client, media, article):
    show(article, media)
    article.refresh_from_db()
    article.unpublish()
    assert statuses(client, media.addresses) == {404}


def test_a_restriction_counts_for_the_next_request(client, media, article, category, signed_in):
    show(article, media)
    site = Site.objects.get(is_default_site=True)
    guards = tenant_group(site, Role.READER, "Guards")
    others = tenant_group(site, Role.READER, "Others")
    restriction = PageViewRestriction.objects.create(
        page=category.page_ptr, restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.add(guards)
    assert statuses(client, media.addresses) == {404}
    assert statuses(signed_in(others), media.addresses) == {404}
    assert statuses(signed_in(guards), media.addresses) == {200}
    restriction.delete()
    assert statuses(client, media.addresses) == {200}


def test_a_restricted_translation_hides_the_image_of_the_source(client, media, article, tenant):
    show(article, media)
    hindi = article.copy_for_translation(Locale.objects.get(language_code="hi"), copy_parents=True)
    PageViewRestriction.objects.create(page=hindi.page_ptr, restriction_type=PageViewRestriction.LOGIN)
    assert statuses(client, media.addresses) == {404}


def test_one_visible_page_is_enough(client, media, article, category):
    show(article, media)
    PageViewRestriction.objects.create(page=article.page_ptr, restriction_type=PageViewRestriction.LOGIN)
    assert statuses(client, media.addresses) == {404}
    show(category.add_child(instance=ArticlePage(title="Pumps", slug="pumps")), media)
    assert statuses(client, media.addresses) == {200}


def test_an_image_of_a_step_counts(client, media, article):
    article.body = [("steps", {"items": [{"text": "<p>Turn it.</p>", "image": image_value(media.image)}]})]
    article.save_revision().publish()
    assert statuses(client, media.addresses[:2]) == {200}


def test_a_link_in_a_text_makes_the_document_visible(client, media, article):
    article.body = [("text", f'<p><a linktype="document" id="{media.document.pk}">Sheet</a></p>')]
    article.save_revision().publish()
    assert statuses(client, media.addresses[2:]) == {200}
    assert statuses(client, media.addresses[:2]) == {404}


def test_what_a_fragment_shows_is_as_visible_as_the_pages_that_show_the_fragment(client, media, article, tenant):
    fragment = Fragment.objects.create(
        site=tenant, title="Valve", locale=Locale.get_default(), body=[figure(media.image)], live=True
    )
    assert statuses(client, media.addresses[:2]) == {404}
    article.body = [("fragment", fragment)]
    article.save_revision().publish()
    assert statuses(client, media.addresses[:2]) == {200}
    restriction = PageViewRestriction.objects.create(page=article.page_ptr, restriction_type=PageViewRestriction.LOGIN)
    assert statuses(client, media.addresses[:2]) == {404}
    restriction.delete()
    fragment.unpublish()
    assert statuses(client, media.addresses[:2]) == {404}


def test_a_fragments_translation_brings_its_own_image(client, media, article, tenant):
    fragment = Fragment.objects.create(
        site=tenant, title="Valve", locale=Locale.get_default(), body=[("text", "<p>English</p>")], live=True
    )
    translated = fragment.copy_for_translation(Locale.objects.get(language_code="hi"))
    translated.body = [figure(media.image)]
    translated.live = True
    translated.save()
    article.body = [("fragment", fragment)]
    article.save_revision().publish()
    assert statuses(client, media.addresses[:2]) == {200}


def test_the_logo_is_public_on_its_own_site_only(client, media, tenant, second_tenant):
    settings = TenantSettings.for_site(tenant)
    settings.logo = media.image
    settings.save()
    assert statuses(client, media.addresses[:2]) == {200}
    assert statuses(client, media.addresses[:2], "harbour.localhost") == {404}


def test_another_tenants_host_serves_nothing_of_this_one(client, media, article, second_tenant, signed_in):
    show(article, media)
    assert statuses(client, media.addresses, "harbour.localhost") == {404}
    staff = TenantGroup.objects.get(site=second_tenant, role=Role.PUBLISHER).group
    assert statuses(signed_in(staff), media.addresses, "harbour.localhost") == {404}


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.PUBLISHER, Role.TENANT_ADMINISTRATOR])
def test_staff_see_what_they_may_choose_before_any_page_shows_it(media, tenant, signed_in, role):
    staff = TenantGroup.objects.get(site=tenant, role=role).group
    assert statuses(signed_in(staff), media.addresses) == {200}


def test_staff_of_another_tenant_and_plain_readers_do_not(media, tenant, second_tenant, signed_in):
    assert statuses(
        signed_in(TenantGroup.objects.get(site=second_tenant, role=Role.PUBLISHER).group), media.addresses
    ) == {404}
    assert statuses(signed_in(tenant_group(tenant, Role.READER, "Guards")), media.addresses) == {404}
    assert statuses(signed_in(superuser=True), media.addresses) == {200}


@pytest.mark.parametrize(
    "path",
    [
        "/media/../manage.py",
        "/media/images/../../manage.py",
        "/media/%2e%2e/manage.py",
        "/media/images/..%2f..%2fsite/config/settings/base.py",
        "/media//etc/passwd",
        "/media/images/",
        "/media/images/nothing.png",
        "/media/elsewhere/valve.png",
        "/media/images/valve%00.png",
        "/media/",
    ],
)
def test_no_path_leads_out_of_the_media(client, media, article, path):
    show(article, media)
    assert client.get(path).status_code == 404


def test_a_file_that_no_row_owns_is_not_served(client, media, article):
    show(article, media)
    media.image.file.storage.save("images/stray.png", picture())
    assert client.get("/media/images/stray.png").status_code == 404


def test_a_file_that_is_gone_is_not_found(client, media, article):
    show(article, media)
    media.rendition.file.storage.delete(media.rendition.file.name)
    assert client.get(media.rendition.url).status_code == 404


def test_it_is_one_query_for_a_public_image(client, media, article, tenant, django_assert_num_queries):
    show(article, media)
    name = media.rendition.file.name
    user = User()  # never asked: the page is visible
    find_media(name, Viewer.anonymous(tenant), user)
    with django_assert_num_queries(1):
        assert find_media(name, Viewer.anonymous(tenant), user).pk == media.image.pk


def test_a_browser_that_has_it_gets_304(client, media, article):
    show(article, media)
    for address in media.addresses:
        first = client.get(address)
        assert first["ETag"]
        again = client.get(address, headers={"if-none-match": first["ETag"]})
        assert again.status_code == 304
        assert again["Cache-Control"] == "public, no-cache"
        later = client.get(address, headers={"if-modified-since": first["Last-Modified"]})
        assert later.status_code == 304


def test_304_is_no_way_around_the_rule(client, media, article):
    show(article, media)
    etags = {address: client.get(address)["ETag"] for address in media.addresses}
    PageViewRestriction.objects.create(page=article.page_ptr, restriction_type=PageViewRestriction.LOGIN)
    for address, etag in etags.items():
        assert client.get(address, headers={"if-none-match": etag}).status_code == 404


def test_shared_caches_keep_nothing_of_signed_in_readers(client, media, article, signed_in):
    show(article, media)
    for address in media.addresses:
        private = signed_in().get(address)
        assert private["Cache-Control"] == "private, no-cache"
        assert "Cookie" in private["Vary"]
        assert client.get(address)["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("page.xhtml", b"<html/>"),
        ("data.xml", b"<x/>"),
        ("script.js", b"alert(1)"),
        ("archive.zip", b"PK"),
        ("unknown.zzz", b"?"),
    ],
)
def test_what_could_act_as_a_page_is_downloaded(client, tenant, article, name, content):
    document = PortalDocument.objects.create(
        title="Upload",
        file=ContentFile(content, name=name),
        collection=TenantSettings.for_site(tenant).collection,
    )
    article.body = [("file", {"document": document, "title": ""})]
    article.save_revision().publish()
    for address in (document.url, document.file.url):
        response = client.get(address)
        assert response.status_code == 200
        assert response["Content-Disposition"].startswith("attachment")
        assert response["Content-Type"] == "application/octet-stream"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'"


def test_images_and_pdf_are_shown_in_place(client, media, article):
    show(article, media)
    kinds = [client.get(address) for address in media.addresses]
    assert [response["Content-Type"] for response in kinds] == [
        "image/png",
        "image/png",
        "application/pdf",
        "application/pdf",
    ]
    for response in kinds:
        assert response["Content-Disposition"].startswith("inline")
        assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(kinds[2].streaming_content) == b"%PDF-1.7 sheet"


def test_a_documents_name_must_be_its_own(client, media, article):
    show(article, media)
    assert client.get(f"/documents/{media.document.pk}/other.pdf").status_code == 404


def test_only_reading_is_allowed(client, media, article):
    show(article, media)
    assert client.head(media.addresses[0]).status_code == 200
    for address in media.addresses:
        assert client.post(address).status_code == 405


def test_no_other_door_serves_media():
    with pytest.raises(NoReverseMatch):
        reverse("wagtailimages_serve", args=("signature", 1, "original"))
    with pytest.raises(NoReverseMatch):
        reverse("wagtaildocs_authenticate_with_password", args=(1,))
    doors = [pattern for pattern in get_resolver().url_patterns if "media" in str(pattern.pattern)]
    assert doors == []  # one include, whose own patterns are the two views tested here
