"""Score a checkpoint on questions with known answers; nothing is kept between calls.

metrics       scores of an answer set           calibration   fit and measure probabilities
evaluator     a checkpoint over many questions  oracle        the same, with gold entities imposed
diagnose      why an answer is wrong, and what could be reached at best
baseline      what following the commonest relation gives
study         several seeds on one data set: a row of the results table
"""

from kgqa.evaluation.evaluator import Evaluation, Evaluator, evaluate

__all__ = ["Evaluation", "Evaluator", "evaluate"]
