"""What keeps a model from being fetched, opened or run, in one line for the person who can change it."""


class ModelProblem(Exception):
    """The message says what is wrong, where, and what to do."""


class SourceFailed(ModelProblem):
    """One source of a model could not give it; the next one may."""


class Stopped(ModelProblem):
    """The one who asked for it called it off; what has arrived is kept."""


class WrongFile(ModelProblem):
    """A file is not the one its hash says."""


class NotEnoughMemory(ModelProblem):
    """The model does not fit into what this process may still use."""


class KeepsCrashing(ModelProblem):
    """The process died in this model's code, more than once in a row."""
