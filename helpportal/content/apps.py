from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "helpportal.content"
    label = "content"

    def ready(self) -> None:
        from . import links, receivers  # noqa: F401 - links registers what it has
        from .references import receivers as _references_receivers  # noqa: F401 - the decorator connects
        from .review import receivers as review_receivers

        receivers.connect()
        review_receivers.connect()
