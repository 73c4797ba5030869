"""What a user can put right."""


class Problem(Exception):
    """The message says in one line what is wrong, where, and what to do."""
