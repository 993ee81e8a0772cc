"""Who may do what with fragments: the permission of a group counts in that group's own tenant and language."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from helpportal.accounts.models import TenantGroup


class FragmentPermissionPolicy(ModelPermissionPolicy):
    """Scopes plain permissions by the tenant groups that give them; translators reach their own language only."""

    def instances_user_has_any_permission_for(self, user, actions: Iterable[str]) -> QuerySet:
        everything = self.model._default_manager.all()
        if not user.is_authenticated or not user.is_active:
            return everything.none()
        if user.is_superuser:
            return everything
        reach = Q(pk__in=[])
        for site_id, locale_id in self._granting(actions).filter(group__user=user).values_list("site_id", "locale_id"):
            reach |= Q(site_id=site_id) if locale_id is None else Q(site_id=site_id, locale_id=locale_id)
        return everything.filter(reach)

    def user_has_any_permission_for_instance(self, user, actions: Iterable[str], instance) -> bool:
        if not user.is_authenticated or not user.is_active:
            return False
        if user.is_superuser:
            return True
        granting = self._granting(actions).filter(group__user=user, site_id=instance.site_id)
        return granting.filter(Q(locale=None) | Q(locale_id=instance.locale_id)).exists()

    def user_has_permission_for_instance(self, user, action: str, instance) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def users_with_any_permission_for_instance(self, actions: Iterable[str], instance) -> QuerySet:
        granting = self._granting(actions).filter(site_id=instance.site_id)
        groups = granting.filter(Q(locale=None) | Q(locale_id=instance.locale_id)).values("group")
        users = get_user_model().objects.filter(is_active=True)
        return users.filter(Q(is_superuser=True) | Q(groups__in=groups)).distinct()

    def _granting(self, actions: Iterable[str]) -> QuerySet:
        names = [self._get_permission_codename(action) for action in actions]
        return TenantGroup.objects.staff().filter(
            group__permissions__codename__in=names,
            group__permissions__content_type__app_label=self.model._meta.app_label,
        )
