"""Errors a user can cause, each with a message that says what was expected, what came, and what to do.

Anything wrong with a *question* is a value in the trace (see :class:`kgqa.trace.Trace.outcome`), never an
exception; these are for files, options and data.
"""


class KGQAError(Exception):
    """Base of all errors whose message is meant for the person at the keyboard."""


class GraphError(KGQAError):
    """A graph folder or a source table is missing, truncated, of another version, or malformed."""


class CheckpointError(KGQAError):
    """A checkpoint is missing, truncated, unsafe (pickle), or was trained for another graph."""


class DataError(KGQAError):
    """A question file or a phrasing file is malformed; the message names the file and the line."""
