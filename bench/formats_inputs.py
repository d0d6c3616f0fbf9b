"""Files of each format, written by code: the made-up year as a watch or an app would keep it."""

from __future__ import annotations

from pathlib import Path

from tests.formats.fit.encoder import FitFile

from bench.inputs import made_up, write_track
from bench.records_json import write as write_records
from estran.formats.fit.checksum import checksum
from estran.timebase import iso_utc

RECORD_BYTES = 711


def _rows(n: int) -> list[tuple[int, float, float]]:
    trace = made_up(n, moving_step_s=1.0).trace
    return list(zip(trace.time_us.tolist(), trace.lat_deg.tolist(), trace.lon_deg.tolist(),
                    strict=True))  # fmt: skip


def fit(path: Path, n: int) -> None:
    rows = _rows(n)
    made = FitFile()
    made.file_id()
    made.track((time_us // 1_000_000, lat, lon) for time_us, lat, lon in rows)
    made.session(rows[0][0] // 1_000_000, 3600, 2)
    head = bytes([14, 16, 100, 0]) + len(made.body).to_bytes(4, "little") + b".FIT\0\0"
    whole = head + bytes(made.body)
    path.write_bytes(whole + checksum(whole).to_bytes(2, "little"))


def gpx(path: Path, n: int) -> None:
    write_track(path, n=n)


def tcx(path: Path, n: int) -> None:
    points = "\n".join(
        f"<Trackpoint><Time>{iso_utc(t)}</Time><Position><LatitudeDegrees>{lat:.7f}"
        f"</LatitudeDegrees><LongitudeDegrees>{lon:.7f}</LongitudeDegrees></Position>"
        "<AltitudeMeters>12.5</AltitudeMeters><DistanceMeters>1.0</DistanceMeters><HeartRateBpm>"
        "<Value>120</Value></HeartRateBpm></Trackpoint>"
        for t, lat, lon in _rows(n)
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<TrainingCenterDatabase xmlns="http://www.garmin'
        '.com/xmlschemas/TrainingCenterDatabase/v2"><Activities><Activity Sport="Biking"><Id>'
        '2024-05-01T08:00:00Z</Id><Lap StartTime="2024-05-01T08:00:00Z"><TotalTimeSeconds>9'
        "</TotalTimeSeconds><DistanceMeters>1</DistanceMeters><Calories>1</Calories><Track>"
        f"{points}</Track></Lap></Activity></Activities></TrainingCenterDatabase>",
        encoding="ascii",
    )


def nmea(path: Path, n: int) -> None:
    with path.open("w", encoding="ascii") as out:
        for time_us, lat, lon in _rows(n):
            iso = iso_utc(time_us)
            clock, day = iso[11:19].replace(":", ""), iso[8:10] + iso[5:7] + iso[2:4]
            place = (
                f"{int(abs(lat)):02d}{abs(lat) % 1 * 60:08.5f},{'S' if lat < 0 else 'N'},"
                f"{int(abs(lon)):03d}{abs(lon) % 1 * 60:08.5f},{'W' if lon < 0 else 'E'}"
            )
            for said in (
                f"GPRMC,{clock}.00,A,{place},5.0,90.0,{day},,",
                f"GPGGA,{clock}.00,{place},1,08,0.9,12.5,M,50.0,M,,",
            ):
                total = 0
                for byte in said.encode():
                    total ^= byte
                out.write(f"${said}*{total:02X}\r\n")


def kml(path: Path, n: int) -> None:
    rows = _rows(n)
    when = "\n".join(f"<when>{iso_utc(t)}</when>" for t, _, _ in rows)
    coord = "\n".join(f"<gx:coord>{lon:.7f} {lat:.7f} 12.5</gx:coord>" for _, lat, lon in rows)
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2" '
        'xmlns:gx="http://www.google.com/kml/ext/2.2"><Document><Placemark><gx:Track>\n'
        f"{when}\n{coord}\n</gx:Track></Placemark></Document></kml>\n",
        encoding="ascii",
    )


def records(path: Path, n: int) -> None:
    write_records(path, megabytes=n * RECORD_BYTES / 1e6)


def health(path: Path, megabytes: int) -> None:
    """Write an Apple Health export: heart rates, and a workout now and then."""
    pulse = (
        '<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Watch" unit="count/min" '
        'creationDate="2024-09-03 18:51:06 +0200" startDate="2024-09-03 18:51:06 +0200" '
        'endDate="2024-09-03 18:51:06 +0200" value="72"/>\n'
    ) * 5000
    with path.open("w", encoding="ascii") as out:
        out.write('<?xml version="1.0"?>\n<!DOCTYPE HealthData [\n]>\n<HealthData>\n')
        day = 0
        while out.tell() < megabytes * 1e6:
            out.write(pulse)
            date = f"20{10 + day // 336:02d}-{day // 28 % 12 + 1:02d}-{day % 28 + 1:02d}"
            out.write(
                '<Workout workoutActivityType="HKWorkoutActivityTypeCycling" duration="30" '
                f'startDate="{date} 08:00:00 +0200" endDate="{date} 08:30:00 +0200"/>\n'
            )
            day += 1
        out.write("</HealthData>\n")


WRITERS = {
    "track.fit": fit, "track.gpx": gpx, "track.tcx": tcx, "track.nmea": nmea, "track.kml": kml,
    "Records.json": records, "export.xml": health,
}  # fmt: skip
