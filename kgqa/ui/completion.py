"""Help while one types: names of the graph that may be meant, and the questions asked before.

The server proposes names from the words before the caret (``kgqa.linking.completer``), without the
model. Questions asked before are kept by the browser alone (``localStorage``), those about a graph
of one's own nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from kgqa.trace import Completion
from kgqa.ui.controls import brief
from kgqa.ui.html.escape import plain
from kgqa.ui.static import read

LONGEST = 500  #: characters before the caret
MOST = 8  #: names that are proposed at a time
_TEMPLATE = """
<div class="typing">
  <ul class="typed" id="kg-names" role="listbox" aria-label="Names in the graph" hidden></ul>
  <p class="unseen" role="status"></p>
</div>
"""


def completion(complete: Callable[[str], Sequence[Completion]], **options: Any) -> gr.HTML:
    """The list below the question box; ``complete`` proposes names for the text before a caret."""

    def complete_name(text: object) -> list[dict[str, Any]]:
        """Names that the end of a text may become."""
        return [proposal(c) for c in complete(str(text)[-LONGEST:])[:MOST]]

    return gr.HTML(
        html_template=_TEMPLATE,
        js_on_load=read("complete.js"),
        apply_default_css=False,
        server_functions=[complete_name],
        **options,
    )


def proposal(completion: Completion) -> dict[str, Any]:
    """A name as data for JavaScript, which shows it as text.

    ``kind`` is empty where the note says it, as "1997 film by James Cameron" does.
    """
    about, kind = brief(completion.entity), plain(completion.entity.kind, 40)
    said = kind.lower() in about["note"].lower()
    more = {"start": completion.start, "shared": completion.shared}
    return {**about, "kind": "" if said else kind, **more}
