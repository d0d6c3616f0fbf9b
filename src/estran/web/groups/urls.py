"""Addresses of groups."""

from django.urls import path

from estran.web.groups import views

urlpatterns = [
    path("groups/", views.groups, name="groups"),
    path("groups/join/<str:code>/", views.join, name="group-join"),
    path("groups/<uuid:group_id>/", views.group, name="group"),
]
