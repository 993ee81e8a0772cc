"""Tests: servers of their own below `var/test`, unless the environment names others; a database for each worker."""

import os

import dj_database_url

from config import embedded

from .base import *  # noqa: F403
from .base import CACHES, DATABASES, EMBEDDED_DATABASE, EMBEDDED_REDIS, PREPARE_THRESHOLD, REDIS_URL, VAR_DIR

VAR_DIR = VAR_DIR / "test"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
WORKER_NUMBER = int(WORKER.removeprefix("gw")) if WORKER != "main" else 0

if EMBEDDED_DATABASE:
    # Only where it is: how long connections and plans are kept stays as it is in production.
    DATABASES["default"] = dj_database_url.parse(embedded.database_url(VAR_DIR)) | {
        name: DATABASES["default"][name] for name in ("CONN_MAX_AGE", "CONN_HEALTH_CHECKS")
    }
    DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = PREPARE_THRESHOLD
if EMBEDDED_REDIS:
    REDIS_URL = embedded.redis_url(VAR_DIR)
# Tests empty their Redis database: each worker has its own, counted from the one that the address names.
REDIS_URL = embedded.redis_url_with_database(REDIS_URL, offset=WORKER_NUMBER)
CACHES["default"]["LOCATION"] = REDIS_URL
CELERY_BROKER_URL = embedded.celery_url(REDIS_URL)

DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = VAR_DIR / "media" / WORKER
STATIC_ROOT = VAR_DIR / "static"
# Straight from the source folders: nothing to collect before a test.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
