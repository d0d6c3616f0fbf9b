"""Addresses of the recorder."""

from django.urls import path

from estran.web.recorder import views

urlpatterns = [
    path("record/", views.record, name="record"),
    path("record/shell/<slug:language>/", views.shell, name="record-shell"),
    path("record/worker.js", views.worker, name="record-worker"),
    path("record/app.webmanifest", views.manifest, name="record-manifest"),
    path("record/me/", views.me, name="record-me"),
    path("record/connect/", views.connect, name="record-connect"),
]
