from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "helpportal.translation"
    label = "translation"
