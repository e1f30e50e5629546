"""The code on the page asks the question on the page, whatever characters are in it."""

import ast
import json
import shlex
import subprocess
from dataclasses import replace

from kgqa.edits import Edits
from kgqa.ui.views import snippets
from tests.ui import page_traces as traces

NASTY = """it's "quoted" \\ $HOME `id` {brace} \u202e é"""


def test_the_python_snippet_is_python_that_asks_this_question():
    trace = replace(traces.mona_lisa(), question=NASTY, edits=Edits(intersect=False))
    tree = ast.parse(snippets.python(trace, "http://h:1"))
    constants = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    assert all(value in constants for value in (NASTY, "http://h:1", "/answer", False))


def test_the_curl_snippet_is_shell_that_posts_this_question():
    code = snippets.curl(replace(traces.mona_lisa(), question=NASTY), "http://h:1")
    assert subprocess.run(["bash", "-n", "-c", code], check=False).returncode == 0
    words = shlex.split(code.split("| grep")[0].removeprefix("EVENT=$(").replace("\\\n", " "))
    assert json.loads(words[words.index("-d") + 1]) == {"question": NASTY}
