"""What is wrong with a project, in a user's words."""

from nnstudio.experiment.errors import ExperimentError


class ProjectError(ExperimentError):
    """A project that cannot be written or opened: the message says what, where, and how to mend it."""


class NewerFormatError(ProjectError):
    """A project of a later version than this program reads."""


class DataMissingError(ProjectError):
    """The file that a project's data are in is not there, or it is another; `missing` is where it was."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.missing = path


class DataElsewhereError(ProjectError):
    """The data of a project are in a file outside its folder, which is read only if a person says so. `elsewhere`
    is where they were when it was saved."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(message)
        self.elsewhere = path
