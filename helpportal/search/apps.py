from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "helpportal.search"
    label = "search"
