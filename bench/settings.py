"""The portal as it runs in production, on embedded servers of its own below `var/bench`."""

from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DIR, LOGGING, TEMPLATES, VAR_DIR

DEBUG = False
SECRET_KEY = "only-for-measuring"  # noqa: S105
ALLOWED_HOSTS = ["*"]
STATIC_ROOT = VAR_DIR / "static"
WHITENOISE_USE_FINDERS = True
LOGGING = {**LOGGING, "root": {"handlers": ["console"], "level": "ERROR"}}
TEMPLATES[0]["DIRS"].append(BASE_DIR / "bench" / "templates")
