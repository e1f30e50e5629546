"""How a program asks the question on the page: Python and curl, ready to be copied."""

from __future__ import annotations

import json

from kgqa.trace import Trace
from kgqa.ui.html import parts
from kgqa.ui.html.escape import Html, fill

ENDPOINT = "/answer"

_PYTHON = """from gradio_client import Client

client = Client({address})
trace = client.predict({arguments}, api_name="{endpoint}")
print(trace["outcome"], [answer["label"] for answer in trace["answers"]])"""

_CURL = """EVENT=$(curl -s {address}/gradio_api/call/v2{endpoint} \\
  -H 'Content-Type: application/json' -d {body} | grep -o '[0-9a-f]\\{{16,\\}}')
curl -sN {address}/gradio_api/call{endpoint}/$EVENT"""


def python(trace: Trace, address: str) -> str:
    """With ``pip install gradio_client``."""
    arguments = _literal(trace.question)
    if trace.edits:
        arguments += f", {_literal(trace.edits.plain())}"
    return _PYTHON.format(address=_literal(address), arguments=arguments, endpoint=ENDPOINT)


def curl(trace: Trace, address: str) -> str:
    """Plain HTTP: post the question, then read the event."""
    body = {"question": trace.question, **({"edits": trace.edits.plain()} if trace.edits else {})}
    text = _shell(json.dumps(body, ensure_ascii=False))
    return _CURL.format(address=_shell(address), body=text, endpoint=ENDPOINT)


def _literal(value: object) -> str:
    """As Python writes it, with double quotes like the code around it."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _shell(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def render(trace: Trace, address: str) -> Html:
    """Both, each with a button to copy it; nothing without a question."""
    if not trace.question:
        return Html()
    both = _snippet("Python", python(trace, address)) + _snippet("curl", curl(trace, address))
    return fill('<div class="snippets">{both}</div>', both=both)


def _snippet(name: str, code: str) -> Html:
    return fill(
        '<div class="snippet"><p class="part">{name} {copy}</p><pre tabindex="0" role="region" '
        'aria-label="{name}"><code>{code}</code></pre></div>',
        name=name,
        copy=parts.button("Copy", label=f"Copy the {name} code", copy=""),
        code=code,
    )
