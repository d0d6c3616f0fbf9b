"""The description of our own interface (OpenAPI 3.1), made from the structs that read it."""

from __future__ import annotations

from typing import Any

import msgspec

from estran.wire.points import Parcel, Taken


def openapi() -> dict[str, Any]:
    """Describe ``POST /ingest/points``.

    Examples
    --------
    >>> sorted(openapi()["components"]["schemas"])
    ['Parcel', 'Point', 'Refused', 'SaidTrip', 'Taken']
    """
    (asked, told), schemas = msgspec.json.schema_components(
        (Parcel, Taken), ref_template="#/components/schemas/{name}"
    )

    def content(schema: dict[str, Any]) -> dict[str, Any]:
        return {"application/json": {"schema": schema}}

    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Estran: adding positions",
            "version": "1",
            "description": "A device's token adds to one vault and reads nothing. An answer of "
            "200 comes only once all that it lists is on the disk; the same again is kept once.",
        },
        "paths": {
            "/ingest/points": {
                "post": {
                    "operationId": "addPoints",
                    "security": [{"device": []}],
                    "requestBody": {"required": True, "content": content(asked)},
                    "responses": {
                        "200": {"description": "Kept, but for what is refused.",
                                "content": content(told)},
                        "400": {"description": "No such body; sending it again changes nothing."},
                        "401": {"description": "No device has this token."},
                        "413": {"description": "Over 8 MiB."},
                        "503": {"description": "Keep it, and send it again later."},
                    },
                }
            }
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"device": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip
