"""Addresses of recaps."""

from django.urls import path

from estran.web.recaps import views

urlpatterns = [
    path("recaps/", views.recaps, name="recaps"),
    path("recaps/stop/<str:token>/", views.stop, name="recaps-stop"),
]
