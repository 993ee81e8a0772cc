from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "helpportal.content"
    label = "content"
