"""Addresses of taking one's data along."""

from django.urls import path

from estran.web.portability import views

urlpatterns = [
    path("everywhere/", views.everywhere, name="everywhere"),
    path("everywhere/export/", views.export, name="export"),
    path("everywhere/restore/", views.restore, name="restore"),
    path("everywhere/send/", views.send, name="send"),
    path("everywhere/receive/", views.invite, name="receive-here"),
    path("everywhere/<uuid:passage_id>/", views.status, name="passage"),
    path("everywhere/<uuid:passage_id>/progress/", views.progress, name="passage-progress"),
    path("everywhere/<uuid:passage_id>/file/", views.download, name="passage-file"),
    path("everywhere/<uuid:passage_id>/agree/", views.agree, name="passage-agree"),
    path("everywhere/<uuid:passage_id>/drop/", views.drop, name="passage-drop"),
    path("receive/<uuid:invitation_id>/<str:code>/<str:key_print>/", views.receive, name="receive"),
]
