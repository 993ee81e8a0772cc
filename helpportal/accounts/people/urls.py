"""Addresses of people and groups in the admin."""

from django.urls import path

from . import group_views, views

app_name = "people"
urlpatterns = [
    path("", views.PeopleView.as_view(), name="index"),
    path("results/", views.PeopleView.as_view(results_only=True), name="index_results"),
    path("add/", views.AddPersonView.as_view(), name="add"),
    path("<int:person_id>/", views.EditPersonView.as_view(), name="edit"),
    path("<int:person_id>/deactivate/", views.DeactivateView.as_view(), name="deactivate"),
    path("<int:person_id>/activate/", views.ReactivateView.as_view(), name="activate"),
    path("<int:person_id>/link/", views.SendLinkView.as_view(), name="send_link"),
    path("<int:person_id>/password/", views.FirstPasswordView.as_view(), name="first_password"),
    path("groups/", group_views.GroupsView.as_view(), name="groups"),
    path("groups/results/", group_views.GroupsView.as_view(results_only=True), name="groups_results"),
    path("groups/add/", group_views.AddGroupView.as_view(), name="add_group"),
    path("groups/<int:tenant_group_id>/", group_views.EditGroupView.as_view(), name="edit_group"),
    path("groups/<int:tenant_group_id>/delete/", group_views.DeleteGroupView.as_view(), name="delete_group"),
]
