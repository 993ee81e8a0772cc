"""What is prepared of an article's text never shows what depends on its reader, its language or other rows."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.models import Page

from helpportal.content import prepared_bodies
from helpportal.content.models import ArticlePage, Fragment, PortalDocument, PortalImage
from helpportal.core import generation
from home.services import create_tenant
from tests.factories.articles import article, block, category, document, fragment, image
from tests.factories.readers import audience, person, restrict, translated

# What is kept in memory is kept only outside of transactions.
pytestmark = pytest.mark.django_db(transaction=True)
LOCKS = "/en/safety/locks/"


class Tree:
    """A portal in English and Hindi whose article shows a fragment, an image, a file and links to all of them."""

    def __init__(self) -> None:
        self.site = create_tenant("localhost", "Help Portal", ["en", "hi"], default=True)
        self.shelf = category("Safety", slug="safety")
        self.target = article("Alarms", parent=self.shelf, slug="alarms")
        self.image = image("Front door")
        self.file = document("Checklist")
        self.fragment = fragment("Note", f'<p>Wear a <a linktype="page" id="{self.target.pk}">helmet</a>.</p>')
        link = f'<p><a linktype="page" id="{self.target.pk}" fragment="bells">alarm</a> '
        link += f'<a linktype="document" id="{self.file.pk}">list</a> <a linktype="page" id="x">odd</a></p>'
        picture = {"image": {"image": self.image.pk, "alt_text": "", "decorative": False}, "caption": "The lock"}
        self.body = [
            block("heading", {"text": "Doors", "level": "2", "anchor": "doors"}, "heading"),
            block("text", link, "links"),
            block("callout", {"kind": "tip", "title": "", "text": "<p>Knock.</p>"}, "callout"),
            block("fragment", self.fragment.pk, "fragment"),
            block("figure", picture, "figure"),
            block("file", {"document": self.file.pk, "title": ""}, "file"),
        ]
        self.article = article("Locks", self.body, parent=self.shelf, slug="locks")


@pytest.fixture
def tree(db) -> Tree:
    prepared_bodies.kept.clear()
    return Tree()


def shown(client: Client, path: str = LOCKS, **headers: str) -> str:
    answer = client.get(path, headers=headers or None)
    assert answer.status_code == 200
    return answer.content.decode()


def change(row, **fields) -> None:
    row = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()


def publish(row, **fields) -> None:
    row = type(row).objects.get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save_revision().publish()


def replace_image(tree: Tree) -> None:
    content = io.BytesIO()
    Image.new("RGB", (90, 20), "#aa0000").save(content, "PNG")
    change(tree.image, file=ContentFile(content.getvalue(), name="another.png"), width=90, height=20)
    # As the admin does when an image gets another file.
    tree.image.renditions.all().delete()


Step = tuple[str, Callable[[Tree], object], list[str], list[str]]
# What happens to another row than the article; what shows then, and what does no more.
STEPS: list[Step] = [
    ("nothing", id, ['alt="Front door"', '/en/safety/alarms/#bells">alarm', ">list</a>", "<a>odd</a>"], []),
    ("an image's title", lambda t: change(t.image, title="Back door"), ['alt="Back door"'], ["Front door"]),
    ("its description", lambda t: change(t.image, description="Red"), ['alt="Red"'], ["Back door"]),
    ("its file", replace_image, ['height="20"', "another"], ['height="48"']),
    ("a document's title", lambda t: change(t.file, title="Rounds"), ["Rounds"], ["Checklist"]),
    (
        "its file",
        lambda t: change(t.file, file=ContentFile(b"x" * 2048, name="rounds.csv"), file_size=2048),
        ["CSV", "2.0\xa0KB", "rounds.csv"],
        ["TXT", "checklist.txt"],
    ),
    (
        "a linked page's slug",
        lambda t: publish(t.target, slug="bells"),
        ['/en/safety/bells/#bells">alarm'],
        ["/alarms/"],
    ),
    (
        "a restriction of the linked page",
        lambda t: restrict(t.target, audience(t.site)),
        ["<a>alarm</a>", "<a>helmet</a>"],
        ["/bells/"],
    ),
    (
        "that lifted",
        lambda t: Page.objects.get(pk=t.target.pk).view_restrictions.get().delete(),
        ['/bells/#bells">alarm', '/bells/">helmet'],
        ["<a>alarm"],
    ),
    ("its end", lambda t: Page.objects.get(pk=t.target.pk).unpublish(), ["<a>alarm</a>"], ["/bells/"]),
    (
        "a fragment's text",
        lambda t: publish(t.fragment, body=[block("text", "<p>Wear gloves.</p>", "new")]),
        ["Wear gloves."],
        ["helmet"],
    ),
    (
        "a fragment's draft",
        lambda t: setattr(t.fragment, "body", [block("text", "<p>Wear boots.</p>", "x")]) or t.fragment.save_revision(),
        ["Wear gloves."],
        ["boots"],
    ),
    ("the fragment's end", lambda t: Fragment.objects.get(pk=t.fragment.pk).unpublish(), ["Knock."], ["gloves"]),
    ("the document's end", lambda t: PortalDocument.objects.get(pk=t.file.pk).delete(), ["<a>list</a>"], ["Rounds"]),
    (
        "the image's end",
        lambda t: PortalImage.objects.get(pk=t.image.pk).delete(),
        ["Knock."],
        ["<figure", "The lock", "<img"],
    ),
]


def test_other_rows_show_at_once_and_the_text_is_not_prepared_again(client: Client, tree):
    shown(client)
    own_text = prepared_bodies.kept.keys()[0]
    for what, happens, appears, goes in STEPS:
        happens(tree)
        html = shown(client)
        for words in appears:
            assert words in html, f"{what}: {words} does not show"
        for words in goes:
            assert words not in html, f"{what}: {words} still shows"
        assert own_text in prepared_bodies.kept.keys()  # noqa: SIM118 - a method of the store
    # The article's own text, and two texts of the fragment.
    assert len(prepared_bodies.kept) == 3


def test_the_articles_own_text_shows_at_once(client: Client, tree):
    assert "Knock." in shown(client)
    tree.body[2]["value"]["text"] = "<p>Ring.</p>"
    tree.body[0]["value"] |= {"text": "Gates", "anchor": "gates"}
    draft = ArticlePage.objects.get(pk=tree.article.pk)
    draft.body = tree.body
    revision = draft.save_revision()
    assert "Knock." in shown(client)
    assert "Ring." not in shown(client)
    revision.publish()
    html = shown(client)
    assert "Ring." in html
    assert "Knock." not in html
    # The heading, and the contents twice.
    assert html.count("Gates</") == 3
    assert "Doors" not in html
    # Another text of the same revision, as a data migration may write it: the text itself is the key.
    tree.body[2]["value"]["text"] = "<p>Wait.</p>"
    ArticlePage.objects.filter(pk=tree.article.pk).update(body=tree.body)
    generation.renew()
    assert "Wait." in shown(client)


def test_previews_show_the_draft_and_leave_nothing_behind(client: Client, tree):
    shown(client)
    kept = prepared_bodies.kept.keys()
    tree.body[2]["value"]["text"] = "<p>Ring.</p>"
    draft = ArticlePage.objects.get(pk=tree.article.pk)
    draft.body = tree.body
    draft.save_revision()
    client.force_login(person("asha", superuser=True))
    preview = client.get(f"/admin/pages/{draft.pk}/view_draft/").content.decode()
    assert "Ring." in preview
    assert 'alt="Front door"' in preview
    assert prepared_bodies.kept.keys() == kept


def test_words_of_blocks_follow_the_language_of_the_text(client: Client, tree):
    assert "Tip" in shown(client)
    # English text under a Hindi address keeps English words.
    assert "सुझाव" not in shown(client, "/hi/safety/locks/")
    translated(tree.article, title="ताले", body=tree.body)
    hindi = shown(client, "/hi/safety/locks/")
    assert "सुझाव" in hindi
    assert '/hi/safety/alarms/#bells">alarm' in hindi
    assert "सुझाव" not in shown(client)
    assert '/en/safety/alarms/#bells">alarm' in shown(client)


def test_a_fragment_is_shown_in_the_texts_own_language(client: Client, tree):
    copy = tree.fragment.copy_for_translation(translated(tree.shelf, title="सुरक्षा").locale)
    copy.body = [block("text", "<p>हेलमेट पहनें।</p>", "hindi")]
    copy.save()
    copy.save_revision().publish()
    translated(tree.article, title="ताले", body=tree.body)
    assert "हेलमेट" in shown(client, "/hi/safety/locks/")
    assert "हेलमेट" not in shown(client)


def test_readers_with_other_rights_get_other_links_from_the_same_text(client: Client, tree):
    group = audience(tree.site)
    restrict(tree.target, group)
    member = Client()
    member.force_login(person("asha", group))
    for _time in range(2):
        assert 'href="/en/safety/alarms/#bells">alarm' in shown(member)
        assert "<a>alarm</a>" in shown(client)


def test_tenants_with_the_same_text_share_nothing_but_the_text(client: Client, tree):
    assert 'href="/en/safety/alarms/#bells">alarm' in shown(client)
    kept = len(prepared_bodies.kept)
    other = create_tenant("harbour.localhost", "Harbour Help", ["en"])
    shelf = category("Safety", slug="safety", parent=other.root_page.specific)
    article("Locks", tree.body, parent=shelf, slug="locks")
    theirs = shown(client, host="harbour.localhost")
    assert "Knock." in theirs
    assert "<a>alarm</a>" in theirs
    assert "helmet" not in theirs
    assert len(prepared_bodies.kept) == kept


def test_media_inside_rich_text_follow_their_rows(client: Client, tree):
    embed = f'<p>See</p><embed embedtype="image" id="{tree.image.pk}" alt="x" format="fullwidth"/>'
    publish(tree.article, body=[block("text", embed, "embed")])
    assert 'height="48"' in shown(client)
    replace_image(tree)
    assert 'height="20"' in shown(client)


def test_text_that_looks_like_a_gap_stays_text(client: Client, tree):
    odd = "[0:0] [x:1] {0} %s \\1"
    publish(tree.article, body=[block("text", f"<p>{odd}</p>", "odd"), *tree.body])
    assert odd in shown(client)


def test_while_templates_may_change_nothing_is_kept(client: Client, tree, settings, tmp_path):
    blocks = tmp_path / "content" / "blocks"
    blocks.mkdir(parents=True)
    first, *others = settings.TEMPLATES
    loaders = [f"django.template.loaders.{name}.Loader" for name in ("filesystem", "app_directories")]
    settings.DEBUG = True
    settings.TEMPLATES = [
        {
            **first,
            "DIRS": [tmp_path, *first["DIRS"]],
            "APP_DIRS": False,
            "OPTIONS": {**first["OPTIONS"], "loaders": loaders},
        },
        *others,
    ]
    for words in ("one", "two"):
        (blocks / "callout.html").write_text(f"Template {words}")
        # Bodies are kept for a generation in development too.
        generation.renew()
        assert f"Template {words}" in shown(client)
    assert len(prepared_bodies.kept) == 0
