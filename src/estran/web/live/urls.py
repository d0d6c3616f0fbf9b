"""Addresses of devices. Those that trackers call are in :mod:`estran.wire.table`."""

from django.urls import path

from estran.web.live import description, views

urlpatterns = [
    path("ingest/openapi.json", description.description, name="ingest-openapi"),
    path("devices/", views.devices, name="devices"),
    path("devices/new/", views.choose, name="device-choose"),
    path("devices/new/<slug:app>/", views.add, name="device-add"),
    path("devices/<uuid:device_id>/", views.device, name="device"),
    path("devices/<uuid:device_id>/connect/", views.connect, name="device-connect"),
    path("devices/<uuid:device_id>/state/", views.state, name="device-state"),
    path("devices/<uuid:device_id>/estran.otrc", views.own_file, name="device-file"),
    path("devices/<uuid:device_id>/change/", views.change, name="device-change"),
    path("devices/<uuid:device_id>/remove/", views.remove, name="device-remove"),
    path("devices/phone/<str:part>/", views.phone, name="device-phone"),
    path("devices/phone/<str:part>/<str:name>", views.phone_file, name="device-phone-file"),
]
