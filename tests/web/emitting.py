"""A phone of e-mission's family and the Cozy konnector, as they talk to a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

type_post = Callable[[str, bytes], tuple[int, bytes]]
START_S = datetime(2026, 6, 1, 7, tzinfo=UTC).timestamp()


def location(ts: float, lat: float, lon: float, key: str = "background/location") -> dict[str, Any]:
    return {
        "metadata": {
            "key": key, "platform": "android", "type": "sensor-data", "read_ts": 0,
            "write_ts": ts + 0.4, "time_zone": "Europe/Paris",
        },
        "data": {
            "latitude": lat, "longitude": lon, "altitude": 3.0, "ts": ts, "accuracy": 8.0,
            "sensed_speed": 3.0, "bearing": 10, "filter": "time", "fmt_time": "then",
        },
    }  # fmt: skip


def ride(start_s: float = START_S, lat: float = 46.16) -> list[dict[str, Any]]:
    """An hour at home, a ride of 6 km, an hour there."""
    moved = [min(max(n - 360, 0), 180) for n in range(900)]
    return [location(start_s + n * 10, lat + m * 3e-4, -1.15) for n, m in enumerate(moved)]


def message(key: str, write_s: float, data: dict[str, Any]) -> dict[str, Any]:
    metadata = {
        "key": key, "platform": "android", "type": "message", "read_ts": 0,
        "write_ts": write_s, "time_zone": "Europe/Paris",
    }  # fmt: skip
    return {"metadata": metadata, "data": data}


def label(key: str, trip: dict[str, Any], word: str, write_s: float) -> dict[str, Any]:
    span = {name: trip["data"][name] for name in ("start_ts", "end_ts")}
    return message(f"manual/{key}", write_s, {**span, "label": word})


@dataclass
class Phone:
    """The native sync of a phone: pushes, then pulls."""

    post: type_post
    token: str

    def ask(self, path: str, **body: Any) -> Any:
        status, content = self.post(path, json.dumps({"user": self.token, **body}).encode())
        assert status == 200, (path, status)
        return json.loads(content) if content else None

    def put(self, *entries: dict[str, Any]) -> None:
        assert self.ask("/usercache/put", phone_to_server=list(entries)) is None
        assert self.ask("/usercache/get") == {"server_to_phone": []}

    def find(self, key: str, **rest: Any) -> list[dict[str, Any]]:
        asked = {"start_time": 0, "end_time": 4e9, "key_list": [key], **rest}
        found: list[dict[str, Any]] = self.ask("/datastreams/find_entries/timestamp", **asked)[
            "phone_data"
        ]
        return found


@dataclass
class Konnector:
    """konnectors/tracemob ``run.js`` and ``lib.js``, step by step; what it saves is kept."""

    phone: Phone
    saved: list[dict[str, Any]] = field(default_factory=list)
    last_trip: str = ""
    last_manual: str = ""

    @staticmethod
    def _ms(text: str) -> int:
        """JavaScript's dates know milliseconds, and cut what is finer."""
        return int(datetime.fromisoformat(text).timestamp() * 1000)

    def _collection(self, key: str, start_ms: int, *, drop_first: bool) -> list[dict[str, Any]]:
        found = self.phone.find(
            key, start_time=start_ms / 1000, end_time=datetime.now(UTC).timestamp()
        )
        return found[1:] if drop_first else found

    def run(self) -> None:
        first_run = not self.last_trip
        if first_run:
            span = self.phone.ask("/pipeline/get_range_ts")
            if not span["start_ts"] or not span["end_ts"]:
                return
            start_ms = int(span["start_ts"] * 1000)
        else:
            start_ms = self._ms(self.last_trip)
        manual_ms = self._ms(self.last_manual) if self.last_manual else start_ms
        told = self._collection("analysis/cleaned_trip", start_ms, drop_first=not first_run)
        for n in range(0, len(told), 100):
            self._save(told[n : n + 100])
        for key in ("manual/purpose_confirm", "manual/mode_confirm"):
            self._labels(key, manual_ms, drop_first=not first_run)

    def _save(self, told: list[dict[str, Any]]) -> None:
        starts = [trip["data"]["start_fmt_time"] for trip in told]
        days = {
            datetime.fromisoformat(start).astimezone(UTC).date().isoformat(): 0 for start in starts
        }
        fetched = [
            trip
            for day in days
            for trip in self.phone.ask(f"/timeline/getTrips/{day}")["timeline"]
            if trip["properties"]["start_fmt_time"] in starts
        ]
        known = {self._dates(trip) for trip in self.saved}
        for trip in fetched:
            if self._dates(trip) not in known:
                known.add(self._dates(trip))
                self.saved.append(trip)
        self.last_trip = told[-1]["metadata"]["write_fmt_time"]

    @staticmethod
    def _dates(trip: dict[str, Any]) -> tuple[str, str]:
        return trip["properties"]["start_fmt_time"], trip["properties"]["end_fmt_time"]

    def _labels(self, key: str, start_ms: int, *, drop_first: bool) -> None:
        name = {"manual/purpose_confirm": "manual_purpose", "manual/mode_confirm": "manual_mode"}
        for entry in self._collection(key, start_ms, drop_first=drop_first):
            for trip in self.saved:
                start, end = self._dates(trip)
                # Mango compares texts.
                if (
                    start >= entry["data"]["start_fmt_time"]
                    and end <= entry["data"]["end_fmt_time"]
                ):
                    trip["properties"][name[key]] = entry["data"]["label"]
            self.last_manual = max(self.last_manual, entry["metadata"]["write_fmt_time"])
