from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "helpportal.translation"
    label = "translation"

    def ready(self):
        from helpportal.content.publishing import register_publication_check

        from . import receivers  # noqa: F401
        from .localize import guard_localize
        from .queries import refuse_source_text

        register_publication_check(refuse_source_text)
        guard_localize()
