"""Images and files of a tree, brought into the tenant's collection once for each content."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import transaction
from django.utils.text import get_valid_filename
from PIL import Image as PillowImage
from wagtail.models import Collection, Site

from helpportal.content.models import PortalDocument, PortalImage, TenantSettings

from .errors import BadFileError
from .files import MAX_ASSET_BYTES, read_bytes

# What Pillow calls a format → the file names it may come under.
IMAGE_FORMATS = {
    "PNG": ("png",),
    "JPEG": ("jpg", "jpeg"),
    "GIF": ("gif",),
    "WEBP": ("webp",),
    "AVIF": ("avif",),
}
IMAGE_EXTENSIONS = frozenset(extension for extensions in IMAGE_FORMATS.values() for extension in extensions)
TEXT_EXTENSIONS = ("csv", "json", "rtf", "txt", "yaml", "yml")
OFFICE_EXTENSIONS = ("docx", "odp", "ods", "odt", "pdf", "pptx", "xlsx", "zip")
FILE_EXTENSIONS = IMAGE_EXTENSIONS.union(TEXT_EXTENSIONS, OFFICE_EXTENSIONS)
PLAIN_NAMES = frozenset(["license", "licence", "notice", "authors", "copying"])


@dataclass
class AssetStore:
    """Looks up or makes the images and documents of one tenant.

    With `dry_run` files are checked and nothing is written; ids are then 0.
    """

    site: Site
    root: Path
    user: object | None = None
    dry_run: bool = False
    _images: dict[str, tuple[int, str]] = field(default_factory=dict)
    _documents: dict[str, tuple[int, str]] = field(default_factory=dict)
    _collection: Collection | None = None

    @property
    def collection(self) -> Collection | None:
        """The tenant's collection; None only in a dry run for a tenant that has none yet."""
        if self._collection is None:
            tenant = TenantSettings.for_site(self.site)
            self._collection = tenant.collection
            if self._collection is None and not self.dry_run:
                name = f"{self.site.site_name or self.site.hostname} ({self.site.hostname})"
                with transaction.atomic():
                    self._collection = Collection.get_first_root_node().add_child(name=name)
                    tenant.collection = self._collection
                    tenant.save()
        return self._collection

    def image(self, location: str, title: str) -> tuple[int, str]:
        """Return the id and content hash of the image at `location`.

        Raises BadFileError for a file that is missing, no image, an SVG image, or larger than the portal takes.
        """
        if location not in self._images:
            data = read_bytes(self.root, location, settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
            check_image(location, data)
            digest = hashlib.sha1(data).hexdigest()  # noqa: S324 - Wagtail's own content hash
            self._images[location] = (self._image_id(location, data, digest, title), digest)
        return self._images[location]

    def _image_id(self, location: str, data: bytes, digest: str, title: str) -> int:
        existing = PortalImage.objects.filter(collection=self.collection, file_hash=digest).values_list("pk", flat=True)
        pk = existing.first()
        if pk is not None or self.dry_run:
            return pk or 0
        name = file_name(location)
        image = PortalImage(
            title=(title or PurePosixPath(location).stem)[:255],
            collection=self.collection,
            uploaded_by_user=self.user,
            file=ImageFile(io.BytesIO(data), name=name),
            file_size=len(data),
            file_hash=digest,
        )
        image.save()
        return image.pk

    def document(self, location: str) -> tuple[int, str]:
        """Return the id and content hash of the file at `location`. Raises BadFileError for types not taken."""
        if location not in self._documents:
            extension = PurePosixPath(location).suffix.lstrip(".").lower()
            if extension not in FILE_EXTENSIONS and PurePosixPath(location).name.lower() not in PLAIN_NAMES:
                raise BadFileError(f"Files of this type are not imported ({PurePosixPath(location).name}).")
            data = read_bytes(self.root, location, MAX_ASSET_BYTES)
            if extension in IMAGE_EXTENSIONS:
                check_image(location, data)
            digest = hashlib.sha1(data).hexdigest()  # noqa: S324 - Wagtail's own content hash
            self._documents[location] = (self._document_id(location, data, digest), digest)
        return self._documents[location]

    def _document_id(self, location: str, data: bytes, digest: str) -> int:
        existing = PortalDocument.objects.filter(collection=self.collection, file_hash=digest)
        pk = existing.values_list("pk", flat=True).first()
        if pk is not None or self.dry_run:
            return pk or 0
        name = file_name(location)
        document = PortalDocument(
            title=PurePosixPath(location).name[:255],
            collection=self.collection,
            uploaded_by_user=self.user,
            file=ContentFile(data, name=name if "." in name else f"{name}.txt"),
            file_size=len(data),
            file_hash=digest,
        )
        document.save()
        return document.pk


def file_name(location: str) -> str:
    """Return a name under which the file may be stored."""
    path = PurePosixPath(location)
    return get_valid_filename(f"{path.stem[:80] or 'file'}{path.suffix.lower()}")


def check_image(location: str, data: bytes) -> None:
    """Raise BadFileError unless `data` is an image that the portal takes. Only its head is decoded."""
    name = PurePosixPath(location).name
    extension = PurePosixPath(location).suffix.lstrip(".").lower()
    head = data[:1024].lstrip().lower()
    if extension == "svg" or head.startswith(b"<svg") or (head.startswith(b"<?xml") and b"<svg" in data[:4096].lower()):
        raise BadFileError(f"SVG images can carry scripts and are not imported: save {name} as PNG.")
    try:
        with warnings.catch_warnings():
            # Pillow's own warning about many pixels: the limit below is stricter and says what to do.
            warnings.simplefilter("ignore", PillowImage.DecompressionBombWarning)
            with PillowImage.open(io.BytesIO(data)) as image:
                pixels = image.width * image.height * getattr(image, "n_frames", 1)
                image_format = image.format or ""
                limit = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
                if pixels > limit:
                    raise BadFileError(
                        f"{name} has {pixels / 1e6:.0f} million pixels; at most {limit / 1e6:.0f} million are imported."
                    )
                image.verify()
    except BadFileError:
        raise
    except PillowImage.DecompressionBombError as error:
        raise BadFileError(f"{name} has far more pixels than can be shown.") from error
    except Exception as error:
        # Pillow's readers raise almost anything on broken data.
        raise BadFileError(f"{name} is not an image.") from error
    if image_format not in IMAGE_FORMATS:
        raise BadFileError(f"{name} is an image of a type that is not imported ({image_format}): save it as PNG.")
    if extension not in IMAGE_FORMATS[image_format]:
        raise BadFileError(f"{name} holds a {image_format} image under another type's name: rename it.")
