"""Where are we, how do we get there, will the battery last? Maps, search, routes, trips and guidance, offline.

A *region* is a folder made from an OpenStreetMap extract (`region/`). Its one graph of roads (`roads/`) answers every
question of ways: time, distance and energy are prices of the same edges. `energy/` knows the car's physics, `trips/`
chooses charging stops, `search/` finds places, `guidance/` follows the car and speaks. `process.py` puts them together.
"""
