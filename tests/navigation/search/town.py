"""A small land with names that are hard to type."""

from pathlib import Path

from alpenglow.navigation.api import Position
from alpenglow.navigation.search.index import build_index
from alpenglow.navigation.search.query import Places
from alpenglow.navigation.search.reading import PlaceReader

HERE = Position(47.0, 9.0)
_STEP = 0.001  # about 100 m


def reader() -> PlaceReader:
    """Two towns with a main street each, and what people look for."""
    town = PlaceReader()

    def point(number: int, north: int, east: int, **tags: str) -> None:
        lat, lon = HERE.latitude + north * _STEP, HERE.longitude + east * _STEP
        town.point(f"n{number}", {key.replace("__", ":"): value for key, value in tags.items()}, lat, lon)

    def road(number: int, north: int, east: int, **tags: str) -> None:
        town.road(number, tags, HERE.latitude + north * _STEP, HERE.longitude + east * _STEP)

    point(1, 0, 0, place="town", name="Zürich am Bach", population="12000", name__zh="苏黎世", name__ar="زيورخ")
    point(2, 100, 0, place="village", name="Sant Julià", name__es="San Julián")
    point(3, 5, 5, place="suburb", name="Altstadt")
    road(10, 1, 0, highway="primary", name="Carrer Major", ref="CG-1")
    road(11, 2, 0, highway="primary", name="Carrer Major", ref="CG-1")
    road(12, 100, 1, highway="residential", name="Carrer Major")
    road(13, 3, 3, highway="residential", name="Avinguda de l'Església")
    point(20, 1, 1, addr__street="Carrer Major", addr__housenumber="5", addr__city="Zürich am Bach")
    point(21, 1, 2, addr__street="Carrer Major", addr__housenumber="7 b")
    point(22, 101, 1, addr__street="Carrer Major", addr__housenumber="5")
    point(23, 7, 1, addr__street="Weg ohne Linie", addr__housenumber="1")
    point(30, 2, 2, amenity="cafe", name="The Bean")
    point(31, 90, 2, amenity="cafe", name="Far Bean")
    point(32, 4, 1, amenity="charging_station", name="Plug", socket__type2="2")
    point(33, 1, 4, amenity="charging_station", bicycle="yes", name="Bikes only")
    point(34, 2, 6, amenity="parking")
    point(35, 2, 7, amenity="parking", access="private")
    point(36, 6, 6, tourism="hotel", name="Hotel Plaza")
    point(37, 6, 7, tourism="hotel", name="Hotel Plaza")
    point(38, 30, 30, natural="peak", name="Pic de Coma Pedrosa", wikidata="Q1")
    point(39, 1, 1, amenity="bench")
    point(40, 3, 1, shop="books", name="Bücher & Straße")
    return town


def land(path: Path) -> Places:
    """Its index, opened."""
    build_index(path, reader().places())
    return Places(path)
