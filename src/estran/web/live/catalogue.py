"""The apps that the page of devices offers, and what it says of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from estran.web.live.setup import Phone

type_words = str | Promise

OWNTRACKS, OVERLAND, COLOTA = "owntracks", "overland", "colota"
GPSLOGGER, TRACCAR = "gpslogger", "traccar"
EMISSION = "emission"
"""Has pages of its own, where such apps are joined."""
HOME_ASSISTANT, PHONETRACK, SCRIPT = "homeassistant", "phonetrack", "script"

_ANDROID, _IPHONE = (Phone.ANDROID,), (Phone.IPHONE,)
_BOTH = (Phone.ANDROID, Phone.IPHONE)


@dataclass(frozen=True, slots=True)
class App:
    """An app, and what people should know before they choose it.

    Parameters
    ----------
    key : str
        Stable: it is stored.
    name : str
    suits : str
        Whom it suits.
    sends : str
        What it sends, and to whom.
    phones : tuple of Phone
        Systems it runs on; none where it is no app of a phone.
    stores : tuple of (str, str)
        Where it is had: words and address.
    has_link : bool
        A link configures it.
    before, after : tuple of str
        What to do before and after the configuration is taken over.
    """

    key: str
    name: type_words
    suits: type_words
    sends: type_words
    phones: tuple[Phone, ...] = ()
    stores: tuple[tuple[type_words, str], ...] = ()
    has_link: bool = False
    before: tuple[type_words, ...] = ()
    after: tuple[type_words, ...] = ()


_ALWAYS = _("Allow it to see your position always, and the precise one.")
_NO_SAVING = _("In the phone’s settings, let the app use the battery without limits.")
_ONLY_HERE = _(
    "It sends your positions, their time and accuracy and the state of the battery to this site "
    "alone, once you have set it up."
)

_ALL = (
    App(
        COLOTA,
        "Colota",
        _(
            "The one we suggest on Android: free software, made for privacy. It stops by itself "
            "in places that you choose, works without a network, and sends in bundles."
        ),
        _ONLY_HERE,
        _ANDROID,
        (
            ("F-Droid", "https://f-droid.org/packages/com.Colota/"),
            ("Google Play", "https://play.google.com/store/apps/details?id=com.Colota"),
        ),
        has_link=True,
        after=(
            _("Colota shows what will change: apply it, then start the tracking."),
            _ALWAYS,
            _NO_SAVING,
        ),
    ),
    App(
        OWNTRACKS,
        "OwnTracks",
        _(
            "The one we suggest on an iPhone, and good on Android too: free software, many years "
            "old, light. It can encrypt what it sends with a phrase of yours."
        ),
        _(
            "It sends your positions, the speed, what the phone thinks you are doing (walking, "
            "cycling…), the state of the battery and the name of your Wi-Fi to this site alone; "
            "we drop the Wi-Fi. To show the names of places, the app asks Apple or Google."
        ),
        _BOTH,
        (
            ("App Store", "https://apps.apple.com/app/owntracks/id692424691"),
            (
                "Google Play",
                "https://play.google.com/store/apps/details?id=org.owntracks.android",
            ),
        ),
        has_link=True,
        before=(
            _(
                "Since July 2026 OwnTracks refuses links until you allow them: in its settings, "
                "under remote control, turn on “Allow external configuration”. You can turn it "
                "off again afterwards."
            ),
            _(
                "If OwnTracks sends to another place today, let it empty its queue first: "
                "changing the address loses what waits."
            ),
        ),
        after=(_ALWAYS, _NO_SAVING),
    ),
    App(
        OVERLAND,
        "Overland",
        _(
            "For an iPhone, with care for detail: it gathers without a network, knows trips that "
            "you start yourself, and tells walking from driving."
        ),
        _(
            "It sends your positions, the speed, what the phone thinks you are doing, the battery "
            "and the name of your Wi-Fi to this site alone; we drop the Wi-Fi."
        ),
        _IPHONE,
        (("App Store", "https://apps.apple.com/app/overland-gps-tracker/id1292426766"),),
        has_link=True,
        after=(
            _("In Overland, turn on the tracker, and choose an accuracy of 10 m."),
            _ALWAYS,
        ),
    ),
    App(
        GPSLOGGER,
        "GPSLogger",
        _("For Android, sober and old: it writes and sends exactly what you tell it to."),
        _ONLY_HERE,
        _ANDROID,
        (("F-Droid", "https://f-droid.org/packages/com.mendhak.gpslogger/"),),
        has_link=True,
        before=(
            _(
                "The link fetches a settings file from this site, once and within half an hour. "
                "Open it in the phone’s browser."
            ),
        ),
        after=(_("Start the logging in GPSLogger."), _ALWAYS, _NO_SAVING),
    ),
    App(
        TRACCAR,
        "Traccar Client",
        _("For whoever knows Traccar. Simple; its own settings are coarse, ours are finer."),
        _(
            "It sends your positions, the speed, what the phone thinks you are doing and the "
            "battery to this site. The app itself holds a service of Google for its crash reports."
        ),
        _BOTH,
        (
            ("App Store", "https://apps.apple.com/app/traccar-client/id843156974"),
            ("Google Play", "https://play.google.com/store/apps/details?id=org.traccar.client"),
        ),
        has_link=True,
        after=(
            _("The link does not start it: turn on the tracking in the app."),
            _ALWAYS,
            _NO_SAVING,
        ),
    ),
    App(
        HOME_ASSISTANT,
        "Home Assistant",
        _(
            "If the Home Assistant app is on your phone already. It looks seldom: good for trips "
            "and stays, less for telling a tram from a bus."
        ),
        _("Your Home Assistant sends to this site. What else it does with positions is up to it."),
        before=(_("Add these lines to the files of Home Assistant, then restart it."),),
        after=(_("Put the name of your own phone in place of device_tracker.my_phone."),),
    ),
    App(
        PHONETRACK,
        _("A logger in the manner of PhoneTrack"),
        _("For µlogger, OsmAnd and other apps that call an address for each point."),
        _("It depends on the app. This site gets what stands in the address."),
        before=(_("Give the app this address; it holds the secret, so show it to nobody."),),
    ),
    App(
        SCRIPT,
        _("A script of yours"),
        _("For whoever writes programs: a few lines of JSON add points, and tell what was taken."),
        _("What you send."),
        before=(_("Send points like this; the same again is kept once."),),
    ),
)

APPS: Mapping[str, App] = {app.key: app for app in _ALL}
"""By key, in the order in which they are offered."""

PHONE_WORDS: Mapping[Phone, type_words] = {
    Phone.ANDROID: "Android",
    Phone.IPHONE: "iPhone",
}
SAMPLING_WORDS: Mapping[str, type_words] = {
    "fine": _(
        "Fine: a look every half minute while you move. Modes are told well; it costs some "
        "battery on days with much travel."
    ),
    "sparing": _(
        "Sparing: a look every two minutes, without satellites where that will do. Short trips "
        "and their mode get lost."
    ),
}


def name_of(key: str) -> type_words:
    """Name an app; one that is not offered any more is shown by its key."""
    if key == EMISSION:
        return _("TraceMob and OpenPATH")
    app = APPS.get(key)
    return app.name if app else key
