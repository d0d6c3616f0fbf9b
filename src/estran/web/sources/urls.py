"""Addresses of sources."""

from django.urls import path

from estran.web.sources import views

urlpatterns = [
    path("sources/", views.sources, name="sources"),
    path("sources/start/", views.start, name="sources-start"),
    path("sources/removal/<uuid:removal_id>/", views.removal, name="source-removal"),
    path("sources/<slug:ref>/", views.source, name="source"),
    path("sources/<slug:ref>/change/", views.change, name="source-change"),
    path("sources/<slug:ref>/remove/", views.remove, name="source-remove"),
]
