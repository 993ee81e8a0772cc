"""How dates and numbers are written in the languages of India that the portal speaks."""

DATE_FORMAT = "j F Y"  # 5 नवंबर 2026
SHORT_DATE_FORMAT = "j/n/Y"
MONTH_DAY_FORMAT = "j F"
YEAR_MONTH_FORMAT = "F Y"
TIME_FORMAT = "G:i"
DATETIME_FORMAT = "j F Y, G:i"
SHORT_DATETIME_FORMAT = "j/n/Y, G:i"
FIRST_DAY_OF_WEEK = 0  # Sunday

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = (3, 2, 0)  # 12,34,567
