"""Plans of electric trips: where to charge, how much, and what to tell the driver about it.

`stops` holds the search itself, over a bare table of ways and charging curves; `planner` makes that table from the
roads and the car, and a plan from its answer.
"""
