"""Errors that a user can cause. A message says what was expected, what came, and what to do.

What is wrong with a *question* is an outcome of its trace (``kgqa.trace.OUTCOMES``), never an
exception; these are for files, options and data.
"""


class KGQAError(Exception):
    """Base of all errors whose message is meant for the person at the keyboard."""


class GraphError(KGQAError):
    """A graph folder or a source file is missing, truncated, of another version, or malformed."""


class CheckpointError(KGQAError):
    """A checkpoint is missing, truncated, unsafe (pickle), or was trained for another graph."""


class DataError(KGQAError):
    """A file of questions or phrasings is malformed; the message names the file and the line."""


class FileError(KGQAError):
    """A file cannot be read or written; the message names it and says what stands there now."""
