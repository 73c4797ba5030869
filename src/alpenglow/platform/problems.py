"""What keeps a stack from starting, in one line for the person who can change it."""


class StackProblem(Exception):
    """The message says what is wrong, where, and what to do."""
