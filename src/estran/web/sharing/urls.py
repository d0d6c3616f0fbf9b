"""Addresses of pictures."""

from django.urls import path

from estran.web.sharing import views

urlpatterns = [
    path("journal/trip/<int:start_us>/share/", views.share, name="share"),
    path("journal/trip/<int:start_us>/share/picture.svg", views.picture, name="share-picture"),
]
