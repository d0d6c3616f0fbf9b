"""Write a Google ``Records.json`` of any size from the made-up person, as the export looks."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from estran.example import year
from estran.timebase import iso_utc
from estran.trace import Motion

RECORD = """    {{
      "latitudeE7": {lat},
      "longitudeE7": {lon},
      "accuracy": {accuracy},
      "activity": [
        {{
          "activity": [
            {{
              "type": "{motion}",
              "confidence": 82
            }},
            {{
              "type": "UNKNOWN",
              "confidence": 12
            }}
          ],
          "timestamp": "{time}"
        }}
      ],
      "activeWifiScan": {{
        "accessPoints": [
          {{
            "mac": "0002468ace{mac:02d}",
            "strength": -61,
            "frequencyMhz": 2412
          }}
        ]
      }},
      "source": "WIFI",
      "deviceTag": 1234567890,
      "timestamp": "{time}"
    }}"""
WORDS = {
    Motion.STILL: "STILL",
    Motion.WALK: "WALKING",
    Motion.RUN: "RUNNING",
    Motion.BIKE: "ON_BICYCLE",
}


def write(path: Path, *, megabytes: float) -> int:
    """Write records until the file has the size; give their number."""
    seen, _ = year(2024, moving_step_s=2.0, still_step_s=90.0)
    trace, hints = seen.trace, seen.activities
    hint = np.clip(np.searchsorted(hints.time_us, trace.time_us) - 1, 0, None)
    lat, lon = (np.round(c * 1e7).astype(int).tolist() for c in (trace.lat_deg, trace.lon_deg))
    accuracy = np.round(trace.accuracy_m).astype(int).tolist()
    motions = [WORDS.get(Motion(int(m)), "IN_VEHICLE") for m in hints.motion[hint]]
    written = n = 0
    with path.open("w") as out:
        out.write('{\n  "locations": [\n')
        while True:
            # Each lap is four years later, so that instants stay in order and distinct.
            shift_us = (n // len(trace)) * 1461 * 86_400_000_000
            i = n % len(trace)
            text = RECORD.format(
                lat=lat[i], lon=lon[i], accuracy=accuracy[i], motion=motions[i], mac=i % 100,
                time=iso_utc(int(trace.time_us[i]) + shift_us),
            )  # fmt: skip
            written += len(text) + 2
            n += 1
            if written >= megabytes * 1e6:
                out.write(text + "\n  ]\n}\n")
                return n
            out.write(text + ",\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("--megabytes", type=float, default=1000.0)
    given = parser.parse_args()
    print(write(given.path, megabytes=given.megabytes), "records")
