"""From a question to a Trace; ``Pipeline`` is the entry point.

pipeline      link, read, walk, trace
reader        the network, shared by visitors
edit          what a person decides instead of the model
trace         tensors become plain values
mentions      of a trace, and where their branches start
operators     words of operators, values that they compared, typed answers
unused        words without effect
why           what the answer would be if one decision were another
fidelity      how much of an answer some facts alone give
recent        the latest readings of the network
worked        the lesson's example of operators
paths         the facts that lead to an answer
calibration   the probability of an answer
replay        a trace checked with set arithmetic
"""


def __getattr__(name: str):
    if name == "Pipeline":  # imported when used: the page reads traces without torch
        from kgqa.inference.pipeline import Pipeline

        return Pipeline
    raise AttributeError(name)
