"""Train from (question, answers) alone: no entity, span, path or program is given.

config     every constant
survey     what kind of questions are these?
dataset    questions, linked, with the programs that explain their answers
loss       two losses: over explanations, and through follow
learner    the optimiser, and the running average of the weights
loop       the run as a whole: ``train``
finish     after the last step: calibration, and questions to show
run        what a run folder holds
"""

from kgqa.training.config import TrainConfig
from kgqa.training.loop import train
from kgqa.training.run import TrainResult

__all__ = ["TrainConfig", "TrainResult", "train"]
