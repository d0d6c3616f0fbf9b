"""A tiny list of stations, written for the tests."""

from estran.tickets.stations import Kind, Places, Station

STATIONS = (
    Station("La Rochelle Ville", 46.1527, -1.1455, Kind.TRAIN, "87485003", "La Rochelle", 3),
    Station("La Rochelle Porte Dauphine", 46.1650, -1.1620, Kind.TRAIN, "87437798", "La Rochelle"),
    Station("Niort", 46.3178, -0.4648, Kind.TRAIN, "87485144"),
    Station("Poitiers", 46.5822, 0.3332, Kind.TRAIN, "87575001"),
    Station("Paris Montparnasse", 48.8412, 2.3205, Kind.TRAIN, "87391003", "Paris", 3),
    Station("Paris Gare de Lyon", 48.8443, 2.3735, Kind.TRAIN, "87686006", "Paris", 3),
    Station("Bordeaux Saint-Jean", 44.8256, -0.5563, Kind.TRAIN, "87581009"),
    Station("Saint-Étienne Châteaucreux", 45.4433, 4.3994, Kind.TRAIN),
    Station("London St Pancras", 51.5314, -0.1261, Kind.TRAIN),
    Station("Paris Nord", 48.8809, 2.3553, Kind.TRAIN, "", "Paris", 3),
    Station("La Rochelle-Île de Ré", 46.1792, -1.1953, Kind.AIRPORT, "LRH", "La Rochelle", 2),
)


def places() -> Places:
    return Places([STATIONS])
