"""Walk the graph: follow and intersect on sparse vectors over entities.

frontier   the vectors, and the algebra as verbs
select     which edges a hop reads
cuda       follow on a GPU
ops        follow, intersect, mix: the mathematics
ranks      the k-th largest by a value, exact and differentiable
operators  most, least, k-th, most often as hops; count, sum, "is it empty"
walk       apply a model's output to the graph
predict    choose mentions and commit to answers
settings   how to walk
"""

from kgqa.walk.frontier import Frontier
from kgqa.walk.predict import Prediction, predict
from kgqa.walk.settings import Settings

__all__ = ["Frontier", "Prediction", "Settings", "predict"]
