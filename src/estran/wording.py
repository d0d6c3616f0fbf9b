"""The words of refusals, faults and reasons: one table, put into a language at the rim.

Codes are stable; sentences are msgids of the catalogue ``locale/*/LC_MESSAGES/django.po``.
The library never translates: the command line passes :func:`gettext.gettext`'s bound
method, the site passes Django's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


def N_(text: str) -> str:  # noqa: N802 - the name that extraction tools look for
    """Mark a text for the catalogue."""
    return text


REFUSALS: Mapping[str, str] = {
    "refused": N_("This cannot be done."),
    "not-found": N_("There is nothing here, or nothing that you may see."),
    "file-unknown": N_(
        "Estran does not know this kind of file: {file}. Bring a Google Timeline export, "
        "GPX, KML, GeoJSON or a CSV of positions, as it is or in a zip."
    ),
    "file-empty": N_("This file is empty: {file}. Export it again and bring the new one."),
    "file-unreadable": N_("This file is damaged and cannot be read: {file}. Export it again."),
    "file-hostile": N_(
        "This file was refused because it is built in a way that could harm the server: {file}."
    ),
    "file-too-large": N_("This file is too large: {file}. The limit is {limit_mib} MiB."),
    "file-without-positions": N_(
        "This file holds no position with a date: {file}. A planned route is not a trip."
    ),
    "file-other": N_("This is not the file that holds your positions: {file}."),
    "labels-unreadable": N_(
        "This file holds no labelled legs: {file}. Bring a journal as JSON, or a table with the "
        "columns start, end and mode."
    ),
    "labels-missing": N_("No leg in this file can be read: {file}. See its times and modes."),
    "labels-apart": N_("The two files have no time in common: there is nothing to compare."),
    "factor-set-unknown": N_("There is no factor set named {name}. Known sets: {known}."),
    "mode-unknown": N_("There is no mode named {mode}. Known modes: {known}."),
    "value-out-of-range": N_("{name} must be {expected}."),
    "time-erased": N_("You erased this time: nothing can be said of it any more."),
    "correction-empty": N_("Nothing was said. Choose or write something first."),
    "corrections-many": N_("Up to {limit:d} corrections are taken at once. Choose fewer trips."),
    "correction-backwards": N_("The end must come after the start."),
    "correction-outside": N_("The instant must lie between the start and the end."),
    "correction-long": N_("A trip lasts a week at most. Add a longer one in parts."),
    "correction-future": N_("This date cannot be: a trip is added once it was made."),
    "correction-taken": N_(
        "Another trip is at this time already. Correct that one, or say other times."
    ),
    "correction-distance": N_("A distance lies between 0 and 41,000 km."),
    "correction-occupants": N_("Between 1 and 100 people can be aboard."),
    "correction-place": N_("There is no such place: check latitude and longitude."),
    "zone-unknown": N_("There is no time zone named {zone}."),
    "vault-locked": N_("Your vault is locked. Sign in to open it."),
    "vault-key-wrong": N_("This password or code does not open the vault."),
    "recovery-code-mistyped": N_(
        "This recovery code was not typed as it was given: compare it group by group."
    ),
    "vault-conflict": N_("This was changed in another window meanwhile. Load the page again."),
    "collection-paused": N_(
        "You have paused: nothing new is taken in. Go on first, then bring it again."
    ),
    "import-under-way": N_(
        "Files of yours are being read just now. Try again when that is done: what they "
        "bring would not be erased with the rest."
    ),
    "vault-busy": N_("The vault is busy. Try again in a moment."),
    "vault-damaged": N_("A part of the vault is damaged and was not read."),
    "vault-missing": N_(
        "The file of your vault is not on this server. Nothing can be shown or brought while "
        "it is missing: whoever runs the site may have a copy to put back."
    ),
    "vault-of-other-time": N_(
        "Your password is right, but the file of your vault is of another day than its key: "
        "copies of two days were put back together. Whoever runs the site can put back both "
        "of one day. Nobody can read it meanwhile."
    ),
    "vault-full": N_("The server has no room left. Nothing was lost: try again later."),
    "consent-unfit": N_("This permission cannot be given as it was asked."),
    "receipt-unfit": N_("This is no receipt of Estran, or it was changed since it was made."),
    "archive-damaged": N_(
        "This archive was cut short or altered since it was made. Nothing was changed. Download "
        "it again where it was made."
    ),
    "archive-newer": N_(
        "This archive was made by a later version of Estran. Nothing was changed. Ask for an "
        "update of this site."
    ),
    "archive-unknown": N_(
        "This file is no archive of Estran. Its name ends in .estran. Other files are welcome "
        "where you bring data."
    ),
    "archive-locked": N_(
        "This archive is closed with a passphrase, and this one does not open it. Type it as "
        "it was chosen."
    ),
    "backup-damaged": N_(
        "This file is no backup of Estran, or was cut short or altered. Nothing was changed."
    ),
    "backup-impossible": N_(
        "There is no database here yet, or it is PostgreSQL: copy that with pg_dump, and the data "
        "folder while the site is stopped."
    ),
    "site-runs": N_("The site is running on this data folder: stop it first."),
    "peer-address-wrong": N_(
        "This is not an address at which another Estran receives. Copy it whole from the page "
        "there."
    ),
    "peer-forbidden": N_(
        "This address does not lead to a public site by https. Whoever runs this site can allow it."
    ),
    "peer-silent": N_("The other site does not answer. Nothing was sent: try again later."),
    "peer-refused": N_(
        "The other site does not take it: the address was used already or has run out. Make a new "
        "one there."
    ),
    "network-unknown": N_(
        "{file} is no network that Estran reads. Give a GTFS feed (a folder or a zip with "
        "routes.txt) or an OpenStreetMap extract (.osm.pbf)."
    ),
    "network-damaged": N_("{file} is damaged or was cut short. Download it again."),
    "network-table-broken": N_(
        "The table {table} of {file} cannot be read: it must be text in UTF-8 with commas."
    ),
    "network-column-missing": N_("The table {table} of {file} lacks the column {column}."),
    "network-empty": N_("{file} holds no line of public transport."),
    "network-name-unknown": N_("No network is named {name}. Loaded: {known}."),
    "stations-unknown": N_(
        "{file} holds no names of stations with their latitude and longitude. Give SNCF's list of "
        "passenger stations (CSV or GeoJSON), a GTFS feed, a list of airports, or a CSV with the "
        "columns name, latitude and longitude."
    ),
    "stations-name-unknown": N_("No list of stations is named {name}. Loaded: {known}."),
    "table-unreadable": N_(
        "{file} cannot be read as a table. Bring it as CSV, XLSX or ODS. An old .xls or a PDF: "
        "open it, copy the table into a spreadsheet, and save that."
    ),
    "table-too-long": N_(
        "{file} has more than {limit_n} rows. Bring it in parts, a year at a time, say."
    ),
    "message-unreadable": N_(
        "{file} is neither a mail (.eml), nor a calendar (.ics), nor text. Open the confirmation, "
        "select its text, copy it and paste it below."
    ),
}
"""Sentence of each refusal, by code."""

OTHER_FILES: Mapping[str, str] = {
    # Google's other files.
    "google-settings": N_(
        "It holds the settings of Google's location history. In the same export, bring "
        "Records.json or the Semantic Location History folder; or, on the phone, export Timeline "
        "(on Android: Settings, Location, Location services, Timeline, Export Timeline data; in "
        "Google Maps on an iPhone: your picture, Your Timeline, settings, Export Timeline data)."
    ),
    "google-saved-places": N_(
        "It holds places that you saved or rated in Google Maps, not where you went. Bring the "
        "Timeline that your phone exports, or Records.json of an older Google export."
    ),
    "google-activity": N_(
        "It holds your searches and clicks at Google (My Activity), not where you went. Bring the "
        "Timeline that your phone exports, or Records.json of an older Google export."
    ),
    "google-photos": N_(
        "It holds the details of one picture from Google Photos. Bring the Timeline that your "
        "phone exports, or Records.json of an older Google export."
    ),
    "google-archive-page": N_(
        "It is the page that lists what a Google export contains. Bring the whole zip of the "
        "export, or the Timeline that your phone exports."
    ),
    "google-encrypted-backup": N_(
        "It says that your Timeline is kept encrypted at Google, and holds no position. Export it "
        "from the phone instead (on Android: Settings, Location, Location services, Timeline, "
        "Export Timeline data; in Google Maps on an iPhone: your picture, Your Timeline, "
        "settings, Export Timeline data)."
    ),
    # Formats that are not read yet.
    "live-message": N_(
        "It is a single message of a tracker app. Export the app's recorded way as GPX or GeoJSON."
    ),
    # Files of other kinds.
    "nmea-undated": N_(
        "Its fixes tell the time of day and never the day. Record RMC or ZDA sentences too, or "
        "give it dates with GPSBabel."
    ),
    "igc-undated": N_("This flight does not tell its day: its line HFDTE is missing."),
    "apple-health": N_(
        "It holds measures of your health and no outing; none of them was read. Bring the whole "
        "zip that the Health app exports: outings are in it if your watch recorded some."
    ),
    "health-document": N_("It holds measures of your health, which were not read."),
    "device-file": N_(
        "It holds settings, steps or measures of a watch, not a way. Bring its recorded "
        "activities: the files of its folder ACTIVITY, or the maker's whole export."
    ),
    "track-planned": N_("It is a planned way, not one that was travelled."),
    "activity-indoor": N_(
        "It is an activity without any position: it was recorded indoors or without satellites, "
        "and there is no trip in it."
    ),
    "photo-without-place": N_(
        "This picture does not tell both where and when it was taken: messengers and some "
        "settings of the camera remove that. Bring the original from the phone or the camera."
    ),
    "picture": N_("It is a picture, a sound or a film. Bring a Timeline, a GPX or a table."),
    "document": N_("It is a document to be read by people. Bring a Timeline, a GPX or a table."),
    "web-page": N_("It is a web page. Bring a Timeline, a GPX or a table."),
    "database": N_("It is an app's own database. Export from that app as GPX instead."),
    "archive-other": N_(
        "It is an archive of a kind that Estran does not open. Unpack it and bring what it holds, "
        "or pack it as zip."
    ),
    "zip-encrypted": N_(
        "This zip asks for a password. Unpack it on your computer and bring what it holds."
    ),
    "table-headless": N_(
        "This table has no line that names its columns. Write one above the others, such as "
        "time,latitude,longitude, and bring it again."
    ),
}
"""What a known but unhelpful file is, and which one to bring, by kind."""

FAULTS: Mapping[str, str] = {
    # XML, GPX, KML, GeoJSON and tables.
    "truncated": N_("The file stops in the middle. What stands before was read."),
    "broken": N_("The file is damaged from here on. What stands before was read."),
    "activity-by-hand": N_(
        "An activity of the list has no file: it was indoors or written by hand, and left out."
    ),
    "activity-file-missing": N_(
        "The file of an activity is missing in the export: only its line of the list was read."
    ),
    "health-left-out": N_("Measures of your health are in this file: none was read or kept."),
    "workout-indoor": N_("A workout was indoors and is no trip: it was left out."),
    "sentence-damaged": N_("A sentence of the receiver fails its own check: it was left out."),
    "checksum-wrong": N_(
        "The file fails its own check: a part of it may be wrong. What could be read was read."
    ),
    "position-indoor": N_("A position of an activity indoors is no trip: it was left out."),
    "position-missing": N_("A record holds no readable position: it was left out."),
    "position-outside-globe": N_("A position lies outside the globe: it was left out."),
    "position-zero": N_("A position is the point 0, 0 that broken software writes: left out."),
    "time-impossible": N_("A date is before 1985 or after 2100: the position was left out."),
    "position-undated": N_("A position has no date: it was left out."),
    "zone-missing": N_("A time names no time zone: it was taken as universal time (UTC)."),
    "route-planned": N_("A point of a planned route is not a trip: it was left out."),
    "waypoint-undated": N_("A place without a date is not a visit: it was left out."),
    "row-unreadable": N_("A line of the table cannot be read: it was left out."),
    "date-order-unsure": N_(
        "Dates such as 03/04 can be read in two ways: the day was taken as first."
    ),
    "speed-unit-inferred": N_("The table names no unit of speed: it was told from the distances."),
    "device-too-many": N_("The table names too many devices: further ones were put together."),
    "times-uneven": N_("A track has more places than times, or fewer: those alone were left out."),
    "claim-unreadable": N_("A visit or a trip has no readable beginning or end: it was left out."),
    # Labelled legs.
    "legs-overlap": N_("A leg begins before the one before it ended: it was left out."),
    "leg-backwards": N_("A leg ends before it begins: it was left out."),
    "mode-word-unknown": N_("A word for a mode is not known: the leg was left out."),
    "time-unreadable": N_("A time cannot be read: the leg was left out."),
    "damaged": N_("The archive is damaged. What could be unpacked was read."),
    "activity-unreadable": N_("A guess of the phone has no readable date: it was left out."),
    "member-unknown": N_("Files in the archive are of kinds that hold no positions."),
    "member-refused": N_("Further files in the archive could not be read."),
    "record-broken": N_("A record is damaged: it was left out."),
    "waypoint-on-track": N_("A mark set on the way is not a visit: it was left out."),
}
"""Sentence of each fault in a person's data, by code."""

TICKET_FLAWS: Mapping[str, str] = {
    "day-unreadable": N_("This is no day that Estran can read: “{text}”."),
    "clock-unreadable": N_("This is no time of day that Estran can read: “{text}”."),
    "mode-missing": N_("How did you travel? Choose one."),
    "end-missing": N_("Where does it begin, where does it end? Both are needed."),
    "station-unknown": N_(
        "No loaded list has a place named “{text}”. Write it otherwise, or send it again to keep "
        "it as you wrote it: the ticket is then kept, without a line on the map."
    ),
    "station-unsure": N_("Several places have this name: “{text}”. Choose one."),
    "arrival-missing": N_("Write when it arrived: it cannot be reckoned from these places."),
    "too-long": N_("It would last longer than a day and a half, or end before it begins."),
    "mast-unplaced": N_(
        "This line has a number of a phone mast and no latitude and longitude: without a table of "
        "masts nobody can tell where it is."
    ),
}
"""Why a journey could not be read, by code."""

REASONS: Mapping[str, str] = {
    "corrected": N_("You said so."),
    "own-vehicle": N_("Counted with your vehicle “{name}”, as you said."),
    "usual-occupants": N_("Counted with {n:.0f} people aboard, as you said is usual."),
    "rides-e-bike": N_("You said that your bike is electric."),
    "ticket": N_("Your ticket says so."),
    "said": N_("You added it."),
    "declared": N_("You declared that you usually travel so."),
    "history-once": N_("On this route you said so once."),
    "history": N_("On this route you said so {n:.0f} times."),
    "history-mostly": N_("On this route you said so {n:.0f} times out of {of:.0f}."),
    "label": N_("Your provider calls it so, with a confidence of {percent:.0f} %."),
    "label-confirmed": N_("You confirmed it to your provider."),
    "phone-vehicle": N_("Your phone felt a vehicle {percent:.0f} per cent of the time."),
    "phone-bike": N_("Your phone felt a bicycle {percent:.0f} per cent of the time."),
    "phone-foot": N_("Your phone felt steps {percent:.0f} per cent of the time."),
    "phone-still": N_("Your phone felt no movement {percent:.0f} per cent of the time."),
    "speed": N_("About {moving_kmh:.0f} km/h when moving, {top_kmh:.0f} km/h at the fastest."),
    "stops": N_("{stops_per_km:.1f} stops per kilometre."),
    "unseen": N_("{percent:.0f} per cent of the way was out of satellite sight."),
    "coarse": N_("{percent:.0f} per cent of the positions were rough, as they are underground."),
    "wait-before": N_("A wait of {minutes:.0f} min before boarding."),
    "walk-beside": N_("A walk before or after it."),
    "other-rides": N_("Other rides in the same trip: {n:.0f}."),
    "distance": N_("A way of {distance_km:.1f} km."),
    "line": N_("Followed line {name} and stopped at {n:.0f} of its stops."),
    "line-followed": N_("Followed line {name}."),
    "line-unnamed": N_("Followed a line of this kind."),
    "no-line": N_("Kept to no line of public transport."),
    "standstill": N_("You stood still for {minutes:.0f} min."),
    "thin-data": N_("Only {n:.0f} positions were recorded."),
}
"""Sentence of each piece of evidence, by code."""


MODE_NAMES: Mapping[str, str] = {
    "walk": N_("Walk"),
    "run": N_("Run"),
    "bike": N_("Bicycle"),
    "e_bike": N_("Electric bicycle"),
    "e_scooter": N_("Electric scooter"),
    "moped": N_("Moped"),
    "motorcycle": N_("Motorcycle"),
    "car": N_("Car"),
    "bus": N_("Bus"),
    "coach": N_("Coach"),
    "tram": N_("Tram"),
    "metro": N_("Metro"),
    "train": N_("Train"),
    "ferry": N_("Ferry"),
    "plane": N_("Plane"),
    "other": N_("Other mode"),
    "unknown": N_("Unknown mode"),
    "wait": N_("Wait"),
}
"""Name of each mode, by its key."""

PURPOSE_NAMES: Mapping[str, str] = {
    "home": N_("Back home"),
    "work": N_("Work"),
    "business": N_("On business"),
    "study": N_("School or studies"),
    "escort": N_("Taking or fetching somebody"),
    "shopping": N_("Shopping"),
    "errand": N_("Errands"),
    "health": N_("Health"),
    "meal": N_("Meal"),
    "visit": N_("Visiting people"),
    "leisure": N_("Leisure"),
    "sport": N_("To do sport"),
    "exercise": N_("The trip itself: a walk, a run, a ride"),
    "holiday": N_("Holidays"),
    "other": N_("Something else"),
}
"""Name of each purpose, by its key."""

CARBON_NOTES: Mapping[str, str] = {
    "occupants-assumed": N_(
        "Nobody said how many people were aboard: the national mean for this distance is used."
    ),
    "train-kind-inferred": N_("Nobody said which kind of train: it is inferred from the distance."),
    "vehicle-assumed": N_(
        "Nobody said which vehicle exactly: a usual one is used, and the interval holds the others."
    ),
    "mode-unknown": N_("The mode is not known: only the interval means something."),
    "mode-not-in-set": N_("The factor set lacks this mode: it is counted as unknown."),
    "key-not-in-set": N_("The factor set does not tell these vehicles apart."),
    "contrails-not-split": N_("The factor set does not tell contrails apart: they are counted."),
}
"""What a footprint supposes, by code."""


def say(
    table: Mapping[str, str],
    code: str,
    params: Mapping[str, object],
    translate: Callable[[str], str] = str,
) -> str:
    """Put a code into words.

    Parameters
    ----------
    table : mapping
        One of this module's tables.
    code : str
        What to say; a code that the table lacks is said as itself.
    params : mapping
        Values of the placeholders.
    translate : callable
        The language's lookup; identity gives English.

    Examples
    --------
    >>> say(REFUSALS, "zone-unknown", {"zone": "Mars/Olympus"})
    'There is no time zone named Mars/Olympus.'
    """
    return translate(table.get(code, code)).format(**params)
