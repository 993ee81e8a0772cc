"""Messages of Django itself that readers of the portal meet.

Django's catalogues lack some of them in some of the portal's languages, and Gujarati altogether. Named here, they
are found with the portal's own messages and translated in `locale/`, which Django asks first.
"""

from django.utils.translation import gettext_noop

NAMES_IN_DATES = [
    gettext_noop("January"),
    gettext_noop("February"),
    gettext_noop("March"),
    gettext_noop("April"),
    gettext_noop("May"),
    gettext_noop("June"),
    gettext_noop("July"),
    gettext_noop("August"),
    gettext_noop("September"),
    gettext_noop("October"),
    gettext_noop("November"),
    gettext_noop("December"),
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
]

SIGNING_IN = [
    gettext_noop("username"),
    gettext_noop("Username"),
    gettext_noop("Password"),
    gettext_noop("This field is required."),
    gettext_noop("This account is inactive."),
    gettext_noop("Please enter a correct %(username)s and password. Note that both fields may be case-sensitive."),
]
