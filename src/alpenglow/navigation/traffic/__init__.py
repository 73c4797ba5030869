"""Traffic: what sources report of slow roads, put on the map's edges as a factor on their speed.

Nothing here looks for traffic: a source calls `navigation.report_traffic`. Nothing of it is kept on disk.
"""
