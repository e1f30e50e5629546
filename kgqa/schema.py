"""The JSON Schema of a trace, written from the types in ``kgqa.trace``.

``kgqa/trace.schema.json`` is this schema; ``kgqa schema`` prints it, and a test holds real traces
against it.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path

from kgqa import edits, trace, why
from kgqa.trace import Trace

FILE = Path(__file__).with_name("trace.schema.json")
_ENTITY = {"$ref": "#/$defs/Entity"}
_COMMENT = re.compile(
    r"^    (\w+): [^#\n]*#: (.*)$", re.MULTILINE
)  # a field and what is said of it


def trace_schema() -> dict:
    """What :meth:`kgqa.trace.Trace.to_dict` writes, as JSON Schema 2020-12."""
    from pydantic import TypeAdapter  # comes with gradio

    schema = TypeAdapter(Trace).json_schema(mode="serialization")
    types = schema["$defs"]
    for definition in (schema, *types.values()):
        fields = definition["properties"]
        _describe(definition)
        for name, field in list(fields.items()):
            if name == "entity" and field == _ENTITY:  # to_dict lifts an entity into its place
                del fields[name]
                definition["properties"] = {**types["Entity"]["properties"], **fields}
                required = [n for n in definition["required"] if n != "entity"]
                definition["required"] = [*types["Entity"]["required"], *required]
        definition["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _describe(definition: dict) -> None:
    """The first sentence of each class, and the comment of each field."""
    name = definition["title"]
    source = inspect.getsource(
        next(getattr(m, name) for m in (trace, edits, why) if hasattr(m, name))
    )
    definition["description"] = definition["description"].split("\n\n")[0]
    for field, comment in _COMMENT.findall(source):
        definition["properties"][field]["description"] = comment
    for field in definition["properties"].values():
        field.pop("title", None)


def text() -> str:
    """The content of ``trace.schema.json``."""
    return json.dumps(trace_schema(), indent=1) + "\n"
