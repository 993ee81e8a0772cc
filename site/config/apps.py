from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The frame around the rooms: it owns no model, only checks and the commands of the first run."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        # Tasks bind to this application wherever they are imported from; checks register themselves.
        from . import celery, checks  # noqa: F401
