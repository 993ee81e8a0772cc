"""How the portal logs: lines for people on a terminal, JSON for machines."""

import logging

import structlog
from django.core.exceptions import ObjectDoesNotExist

SHARED_PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class NoHealthChecks(logging.Filter):
    """Drops what Django says about `/readyz`: its answer says it better, and is asked for every few seconds."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(getattr(record, "request", None), "path_info", "") != "/readyz"


class NoVanishedObjects(logging.Filter):
    """Drops Wagtail's failure to index references of what was replaced before its transaction ended.

    Nothing is lost: there is nothing to index any more.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        vanished = record.exc_info and isinstance(record.exc_info[1], ObjectDoesNotExist)
        return not (vanished and "update_reference_index" in record.getMessage())


def logging_settings(level: str, *, as_json: bool) -> dict:
    """Return Django's `LOGGING`: everything of `level` and above on standard error, from structlog and `logging` alike.

    As JSON, each request is told too, with its id, status and user; for people, only one that failed.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED_PROCESSORS,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    if as_json:
        renderers = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        # Plain tracebacks: the decorated ones print local variables, and with them secrets.
        plain = structlog.dev.plain_traceback
        renderers = [structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain)]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structlog": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
            }
        },
        "filters": {
            "no_health_checks": {"()": NoHealthChecks},
            "no_vanished_objects": {"()": NoVanishedObjects},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structlog"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django would add handlers of its own here.
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # Each request once: as JSON by django-structlog, for people only when it failed.
            "django.request": {"level": "ERROR", "filters": ["no_health_checks"]},
            "django_tasks": {"filters": ["no_vanished_objects"]},
            "django_structlog": {"level": "INFO" if as_json else "CRITICAL"},
        },
    }
