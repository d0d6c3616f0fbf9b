"""Addresses of a person's own pages."""

from django.urls import path

from estran.web.me import importing, keypage, looked, permissions

urlpatterns = [
    path("import/", importing.import_page, name="import"),
    path("import/<uuid:import_id>/", importing.import_status, name="import-status"),
    path("import/<uuid:import_id>/progress/", importing.import_progress, name="import-progress"),
    path("import/<uuid:import_id>/retry/", importing.import_retry, name="import-retry"),
    path("import/<uuid:import_id>/undo/", importing.import_undo, name="import-undo"),
    path("permissions/", permissions.permissions, name="permissions"),
    path("permissions/coach/", permissions.coach, name="permission-coach"),
    path("permissions/coach/give/", permissions.coach_give, name="permission-coach-give"),
    path(
        "permissions/coach/withdraw/",
        permissions.coach_withdraw,
        name="permission-coach-withdraw",
    ),
    path("permissions/receipts/<slug:consent_id>/", permissions.receipt, name="receipt"),
    path(
        "permissions/receipts/<slug:consent_id>/file/",
        permissions.receipt_file,
        name="receipt-file",
    ),
    path("key/", keypage.key_page, name="vault-key"),
    path("key/progress/", keypage.key_progress, name="vault-key-progress"),
    path("access/", looked.access_log, name="access-log"),
    path("access/resume/", looked.access_resume, name="access-resume"),
]
