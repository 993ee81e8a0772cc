"""Who may read a page, for the admin."""

from django import template

from ..audience import rules_on

register = template.Library()


@register.inclusion_tag("content/admin/audience.html")
def audience_of_page(page):
    """Say who sees a page, and from where that comes."""
    return {"page": page, "rules": rules_on(page)}
