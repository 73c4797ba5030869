"""Where the car is on its road, and what to tell the driver on the way.

`position` decides what of the receiver's word is believed, `matching` puts it on a road, `way` is the route that is
followed, `manoeuvres` what is to be done on it, `speech` how it is said, and `guide` does all of it as the car moves.
"""
