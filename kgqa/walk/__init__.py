"""The graph is *walked*: follow and intersect on sparse vectors over entities.

frontier   the vectors, and the algebra as verbs
select     which edges a hop reads             cuda   the same on a GPU
ops        follow, intersect, mix: the mathematics
walk       what a model's output leads to      predict   what it commits to
"""

from kgqa.walk.frontier import Frontier
from kgqa.walk.predict import Prediction, predict
from kgqa.walk.settings import Settings

__all__ = ["Frontier", "Prediction", "Settings", "predict"]
