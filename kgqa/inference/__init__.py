"""The result is *told*: from a question to a Trace; ``Pipeline`` is the one crossing.

pipeline      link, read, walk, trace      reader    the network, shared by visitors
edit          what a person decides        trace     tensors become plain values
paths         why an answer is one         replay    a trace checked with set arithmetic
calibration   the probability of an answer
"""


def __getattr__(name: str):
    if name == "Pipeline":  # imported when used: the page reads traces without torch
        from kgqa.inference.pipeline import Pipeline

        return Pipeline
    raise AttributeError(name)
