"""Addresses of what is kept, how exactly and how long."""

from django.urls import path

from estran.web.retention import views

urlpatterns = [
    path("settings/data/", views.data, name="data"),
    path("settings/data/days/", views.days, name="data-days"),
    path("settings/data/place/", views.place, name="data-place"),
    path("settings/data/source/", views.source, name="data-source"),
    path("settings/data/keep/", views.keep, name="data-keep"),
    path("settings/data/zone/", views.zone, name="data-zone"),
    path("settings/data/pause/", views.pause, name="data-pause"),
]
