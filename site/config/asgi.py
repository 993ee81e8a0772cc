"""The one web process: what must be quick or long-lived stands in front, Django behind it in a thread pool."""

from a2wsgi import WSGIMiddleware

from config.wsgi import application as django_application

# Each thread keeps a database connection of its own.
DJANGO_THREADS = 8

django = WSGIMiddleware(django_application, workers=DJANGO_THREADS)

from config.front import Front  # noqa: E402 - needs Django's settings

application = Front(django)
