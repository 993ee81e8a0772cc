"""Settings that every environment shares.

What may differ between installations comes from the environment;
docs/reference/settings.md lists every variable, and a test keeps that table true.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.conf.locale import LANG_INFO
from kombu import Exchange, Queue

from config import embedded
from config.environment import env
from config.logs import logging_settings
from config.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parents[3]

env.read_file(BASE_DIR / ".env")

# --- Where things are ---------------------------------------------------------------------------

VAR_DIR = Path(env.str("HELPPORTAL_VAR_DIR", str(BASE_DIR / "var")))
PORT = env.int("PORT", 8000, minimum=1, maximum=65535)
# The address that `make run` listens on; 0.0.0.0 lets other machines in.
LISTEN_ADDRESS = env.str("HELPPORTAL_LISTEN", "127.0.0.1")
# Where the portal is reached from outside: mails, the admin's links and the embed snippet use it.
PORTAL_URL = env.url("HELPPORTAL_URL", f"http://localhost:{PORT}", ["https", "http"]).rstrip("/")

# --- PostgreSQL and Redis -----------------------------------------------------------------------

# What has no address of its own is started here, under `var/`.
EMBEDDED_DATABASE = not env.has("DATABASE_URL")
EMBEDDED_REDIS = not env.has("REDIS_URL")
REDIS_URL = env.url("REDIS_URL", "", ["redis", "rediss", "unix"]) or embedded.redis_url(VAR_DIR)

DATABASES = {
    "default": {
        **env.database("DATABASE_URL", embedded.database_url(VAR_DIR)),
        # A connection costs about as much as eight queries: each worker thread keeps its own.
        "CONN_MAX_AGE": env.int("HELPPORTAL_DB_CONN_MAX_AGE", 600),
        "CONN_HEALTH_CHECKS": True,
    }
}
# Only queries that ask for it are prepared: helpportal.core.prepared.
PREPARE_THRESHOLD = 5 if env.bool("HELPPORTAL_DB_PREPARED_STATEMENTS", True) else None
DATABASES["default"].setdefault("OPTIONS", {})["prepare_threshold"] = PREPARE_THRESHOLD
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "helpportal.core.cache.TolerantRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "helpportal",
    }
}
# Not in the cache as well: a session that ended while Redis was away would come back with it.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Applications -------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "home",
    "helpportal",
    "helpportal.accounts",
    "helpportal.content",
    "helpportal.search",
    "helpportal.translation",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.search_promotions",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "helpportal.accounts.apps.PortalUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "template_partials",
    "django_htmx",
    "axes",
    "django_structlog",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    # First: a health check comes by any host name, over plain HTTP, and reads no session.
    "config.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "helpportal.content.language_middleware.TenantLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "helpportal.content.references.redirects.TenantRedirectMiddleware",
    "helpportal.content.fence.TenantFenceMiddleware",
    "helpportal.accounts.view_as.middleware.LookingOnlyMiddleware",
    "axes.middleware.AxesMiddleware",
    "helpportal.content.middleware.PublicationRefusedMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "helpportal.content.context_processors.portal",
            ],
        },
    },
]

# --- People -------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = env.int("HELPPORTAL_LOGIN_FAILURE_LIMIT", 8, minimum=1)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False

# --- Languages ----------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Each name in its own script: this list is what the language switcher shows.
LANGUAGES = [
    ("en", "English"),
    ("hi", "हिन्दी"),
    ("te", "తెలుగు"),
    ("ta", "தமிழ்"),
    ("kn", "ಕನ್ನಡ"),
    ("mr", "मराठी"),
    ("gu", "ગુજરાતી"),
    ("bn", "বাংলা"),
]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "locale"]
# Django knows nothing of Gujarati, and writes Marathi's dates the American way.
LANG_INFO.setdefault("gu", {"bidi": False, "code": "gu", "name": "Gujarati", "name_local": "ગુજરાતી"})
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_NAME = "portal_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("HELPPORTAL_TIME_ZONE", "Asia/Kolkata")

# --- Wagtail ------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Help Portal"
WAGTAILADMIN_BASE_URL = PORTAL_URL
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAILIMAGES_IMAGE_MODEL = "content.PortalImage"
WAGTAILDOCS_DOCUMENT_MODEL = "content.PortalDocument"
# Documents go through the access rule: never straight from storage.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Nothing untranslated goes live by itself.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# The audience of a page is people with a role: a password that circulates is no access rule.
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_FRONTEND_LOGIN_URL = "/login/"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024  # bytes
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_ENABLED = True
# Drafts of pages and fragments are saved while they are written.
WAGTAIL_AUTOSAVE_INTERVAL = 500  # milliseconds after the last change

# Wagtail's own background tasks run where they are enqueued; bulk work runs each of them once.
TASKS = {"default": {"BACKEND": "helpportal.core.coalescing.CoalescingBackend"}}

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("HELPPORTAL_STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# --- Celery -------------------------------------------------------------------------------------

CELERY_BROKER_URL = embedded.celery_url(REDIS_URL)
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
# A task is finished only when its effect stands: a killed worker's task is run again.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES = [Queue(name, Exchange(name), routing_key=name) for name in ("default", "index", "chat")]
# A room's tasks are named after it; what waits for a model provider has threads of its own.
CELERY_TASK_ROUTES = {"search.*": {"queue": "index"}, "assistant.*": {"queue": "chat"}}
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,  # seconds
    # A request that enqueues does not wait for a broker that is away: kombu would try for six seconds.
    "socket_connect_timeout": 2,  # seconds
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
}
CELERY_TIMEZONE = TIME_ZONE

# --- Safety in the browser ----------------------------------------------------------------------

# The editor shows pages in a frame of its own origin; the check wants none at all.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    # Wagtail's admin has inline code of its own.
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-src": [
            "https://www.youtube-nocookie.com",
            "https://www.youtube.com",
            "https://player.vimeo.com",
        ],
        "frame-ancestors": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "object-src": [NONE],
    },
}

# --- Mail and logs ------------------------------------------------------------------------------

EMAIL_TIMEOUT = 10  # seconds; somebody may be waiting for it
DEFAULT_FROM_EMAIL = env.str("HELPPORTAL_FROM_EMAIL", "help@localhost")

LOG_LEVEL = env.choice("HELPPORTAL_LOG_LEVEL", "WARNING", ["DEBUG", "INFO", "WARNING", "ERROR"])
LOGGING = logging_settings(LOG_LEVEL, as_json=False)
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# --- The portal ---------------------------------------------------------------------------------

# Links to other sites are checked on the open internet only, and in these networks.
LINK_CHECK_ALLOWED_NETWORKS = env.networks("HELPPORTAL_LINK_CHECK_NETWORKS")

SOURCE_LOCALE = "en"
