"""A tenant with one of everything, each named with a word that occurs nowhere else."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Collection, Comment, Locale, Site, TaskState, Workflow, WorkflowState
from wagtail_localize.models import Translation
from wagtail_localize.operations import translate_object

from helpportal.accounts.enums import Role
from helpportal.accounts.models import TenantGroup, User
from helpportal.accounts.services import tenant_group
from helpportal.content.models import (
    ArticlePage,
    CategoryPage,
    Fragment,
    PortalDocument,
    PortalImage,
    TenantSettings,
)
from home.services import create_tenant


def png(colour: str) -> ContentFile:
    stream = BytesIO()
    Image.new("RGB", (40, 30), colour).save(stream, "PNG")
    return ContentFile(stream.getvalue(), name="picture.png")


@dataclass
class TenantWorld:
    """What one tenant has; `word` is in every name and text of it."""

    word: str
    site: Site
    category: CategoryPage
    article: ArticlePage
    draft: ArticlePage
    hindi_article: ArticlePage
    translation: Translation
    image: PortalImage
    document: PortalDocument
    fragment: Fragment
    collection: Collection
    workflow_state: WorkflowState
    task_state: TaskState
    users: dict[str, User] = field(default_factory=dict)

    @property
    def home(self):
        return self.site.root_page

    @property
    def workflow(self) -> Workflow:
        return self.workflow_state.workflow


def make_tenant(word: str) -> TenantWorld:
    """Make the tenant `<word>.localhost` in English and Hindi with content, staff and work under way."""
    site = create_tenant(f"{word}.localhost", f"{word} help", ["en", "hi"])
    hindi = Locale.objects.get(language_code="hi")
    settings = TenantSettings.for_site(site)
    users = make_staff(site, word)
    inner = settings.collection.add_child(name=f"{word} pictures")
    image = PortalImage.objects.create(
        title=f"{word} image", file=png("teal"), collection=settings.collection, uploaded_by_user=users["author"]
    )
    image.tags.add(f"{word}-image-tag")
    document = PortalDocument.objects.create(
        title=f"{word} document", file=ContentFile(b"%PDF-1.7", name=f"{word}.pdf"), collection=inner
    )
    document.tags.add(f"{word}-document-tag")
    settings.logo = image
    settings.save()

    home = site.root_page.specific
    category = home.add_child(instance=CategoryPage(title=f"{word} category", slug=f"{word}-category"))
    fragment = Fragment.objects.create(
        site=site, title=f"{word} fragment", locale=home.locale, body=[("text", f"<p>{word} warning</p>")]
    )
    fragment.save_revision(user=users["publisher"]).publish(user=users["publisher"])
    article = category.add_child(
        instance=ArticlePage(
            title=f"{word} article",
            slug=f"{word}-article",
            summary=f"{word} summary",
            tags=[f"{word}-tag"],
            owner=users["author"],
            locked=True,
            locked_by=users["publisher"],
            locked_at=timezone.now(),
        )
    )
    image.contextual_alt_text, image.decorative = f"{word} picture", False
    article.body = [
        ("text", f"<p>{word} text</p>"),
        ("figure", {"image": image, "caption": f"{word} caption"}),
        ("file", {"document": document, "title": ""}),
        ("fragment", fragment),
    ]
    article.save_revision(user=users["author"]).publish(user=users["publisher"])
    article.refresh_from_db()
    translate_object(article, [hindi])
    translate_object(Fragment.objects.get(pk=fragment.pk), [hindi])
    Comment.objects.create(
        page=article.page_ptr, user=users["reviewer"], text=f"{word} comment", contentpath="title", position=""
    )

    draft = category.add_child(
        instance=ArticlePage(title=f"{word} draft", slug=f"{word}-draft", live=False, owner=users["author"])
    )
    draft.save_revision(user=users["author"])
    workflow_state = draft.get_workflow().start(draft, users["author"])

    Redirect.objects.create(old_path=f"/{word}-old", site=site, redirect_page=article.page_ptr)
    query = Query.get(f"{word} question")
    query.add_hit()
    SearchPromotion.objects.create(query=query, page=article.page_ptr, description=f"{word} promotion")
    return TenantWorld(
        word=word,
        site=site,
        category=category,
        article=article,
        draft=draft,
        hindi_article=article.get_translation(hindi),
        translation=Translation.objects.get(source__object_id=article.translation_key),
        image=image,
        document=document,
        fragment=fragment,
        collection=inner,
        workflow_state=workflow_state,
        task_state=workflow_state.current_task_state,
        users=users,
    )


def make_staff(site: Site, word: str, translator: str = "hi") -> dict[str, User]:
    """Make one user for each staff role (`translator` is of that language) and one reader, with the password `word`."""
    tenant_group(site, Role.READER, f"{word} guards")
    users = {}
    for role in Role:
        rows = TenantGroup.objects.filter(site=site, role=role)
        row = rows.filter(locale__language_code=translator).first() or rows.get()
        user = User.objects.create_user(
            f"{word}-{role.value}", f"{word}-{role.value}@example.com", word, first_name=word, last_name=role.value
        )
        user.groups.add(row.group)
        users[role.value] = user
    return users
