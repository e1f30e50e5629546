"""From a question to a Trace: ``Pipeline.answer`` is the one crossing between tensors and plain values."""


def __getattr__(name: str):
    if name == "Pipeline":  # imported late: the page reads traces without torch
        from kgqa.inference.pipeline import Pipeline

        return Pipeline
    raise AttributeError(name)
