"""The line that says how far a build is."""

import io

import pytest

from kgqa.serve.progress import ProgressLine


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_one_line_is_written_over_and_gone_in_the_end():
    terminal = Terminal()
    with pytest.raises(ValueError), ProgressLine(terminal) as bar:
        bar("sorting \x1b[2J triples", 0.5)
        bar("sorting \x1b[2J triples", 0.501)
        bar("names", 1.0)
        raise ValueError
    first, second, blank, end = terminal.getvalue().split("\r")[1:]
    assert first == "sorting \ufffd[2J triples 50%" and second.rstrip() == "names 100%"
    assert len(second) == len(first) and not blank.strip() and end == ""


def test_nothing_is_written_where_there_is_no_terminal():
    file = io.StringIO()
    with ProgressLine(file) as bar:
        bar("names", 0.5)
    assert file.getvalue() == ""
