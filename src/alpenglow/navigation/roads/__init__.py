"""The roads as one directed graph, the nearest road, and the best path under any price."""
