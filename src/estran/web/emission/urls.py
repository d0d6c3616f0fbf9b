"""Addresses of e-mission's server, at the root as its clients call them, and of our pages."""

from django.urls import path, re_path

from estran.web.emission import pages, views

urlpatterns = [
    path("devices/emission/", pages.start, name="emission"),
    path("devices/emission/<uuid:device_id>/", pages.device, name="emission-device"),
    path("configs/<slug:study>.nrel-op.json", views.config, name="emission-config"),
    path("profile/create", views.create_profile, name="emission-profile-create"),
    path("profile/get", views.get_profile, name="emission-profile-get"),
    path("profile/update", views.update_profile, name="emission-profile-update"),
    path("usercache/put", views.put, name="emission-put"),
    path("usercache/putone", views.put, {"one": True}, name="emission-putone"),
    path("usercache/get", views.get, name="emission-get"),
    path("pipeline/get_range_ts", views.range_ts, name="emission-range"),
    path("pipeline/get_complete_ts", views.complete_ts, name="emission-complete"),
    re_path(
        r"^datastreams/find_entries/(?P<by>timestamp|local_date)\Z",
        views.find_entries,
        name="emission-find",
    ),
    path("timeline/getTrips/<str:day>", views.get_trips, name="emission-trips"),
    path("customlabel/get", views.get_words, name="emission-words"),
    re_path(
        r"^customlabel/(?P<what>insert|update|delete)\Z",
        views.change_words,
        name="emission-words-change",
    ),
    re_path(
        r"^result/metrics/(?P<kind>timestamp|local_date|yyyy_mm_dd)\Z",
        views.sums,
        name="emission-sums",
    ),
    path("tracemob/checkuuid", views.check_uuid, name="emission-checkuuid"),
    path("cozy/run/pipeline", views.run_pipeline, name="emission-pipeline"),
    path("cozy/run/purge", views.run_purge, name="emission-purge"),
    re_path(
        r"^(?P<part>usercache|datastreams|timeline|customlabel|result|pipeline|cozy|tracemob)/",
        views.unknown,
        name="emission-unknown",
    ),
]
