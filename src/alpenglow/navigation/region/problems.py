"""What a person can put right about a map."""


class RegionError(Exception):
    """The message says in one line what is wrong with which map, and what to do."""
