"""System checks of what an installation configures."""

from django.core.checks import Critical, Error, Tags, register
from django.db import Error as DatabaseError
from django.db import connections

from .environment import env

VECTOR_HINT = (
    "On Debian and Ubuntu: apt-get install postgresql-NN-pgvector (NN is the server's version); elsewhere see "
    "https://github.com/pgvector/pgvector#installation. Then, as a superuser of that database: CREATE EXTENSION vector."
)


@register
def check_environment(app_configs, **kwargs):
    """Report each environment variable whose value cannot be used."""
    return [Error(problem, id="config.E001") for problem in env.problems]


@register(Tags.database)
def check_vector(app_configs, databases, **kwargs):
    """Report a database that has no pgvector and cannot be given it."""
    return [problem for alias in databases or () if (problem := missing_vector(alias)) is not None]


def missing_vector(alias: str) -> Critical | Error | None:
    """Return what keeps the database from having pgvector, or None when it has it or may create it."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return Critical("The portal needs PostgreSQL; DATABASE_URL names something else.", id="config.E002")
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT available.installed_version IS NOT NULL, "
                "  coalesce(bool_or(version.trusted), false) AND has_database_privilege(current_database(), 'CREATE') "
                "  OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) "
                "FROM pg_available_extensions available "
                "LEFT JOIN pg_available_extension_versions version USING (name) "
                "WHERE available.name = 'vector' GROUP BY 1"
            )
            row = cursor.fetchone()
    except DatabaseError as error:
        return Critical(f"The database does not answer: {one_line(error)}", id="config.E003")
    if row is None:
        return Critical("This PostgreSQL has no pgvector, which search needs.", hint=VECTOR_HINT, id="config.E004")
    installed, creatable = row
    if not installed and not creatable:
        return Critical(
            "The extension vector is not in the database, and its role may not create it.",
            hint="As a superuser of that database: CREATE EXTENSION vector.",
            id="config.E005",
        )
    return None


def one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
