"""Addresses of a person's own pages."""

from django.urls import path

from estran.web.me import importing

urlpatterns = [
    path("import/", importing.import_page, name="import"),
    path("import/<uuid:import_id>/", importing.import_status, name="import-status"),
    path("import/<uuid:import_id>/progress/", importing.import_progress, name="import-progress"),
    path("import/<uuid:import_id>/retry/", importing.import_retry, name="import-retry"),
    path("import/<uuid:import_id>/undo/", importing.import_undo, name="import-undo"),
]
