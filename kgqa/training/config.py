"""Every constant of training: what a user may set, and what was settled by experiment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainConfig:
    """Options of a run. Lengths are in passes over the training questions."""

    #: Of the first stage; None: one, or more to reach MIN_STEPS; 0: none. Nothing is searched then,
    #: which takes a checkpoint to start from.
    epochs: float | None = None
    #: Of the last stage; None: an eighth of the first, or one if there is no first.
    follow_epochs: float | None = None
    batch_size: int = 32
    head_rate: float = 1e-3  #: learning rate of all but the encoder
    encoder_rate: float = 5e-5  #: learning rate of the encoder
    warm_up: float = 0.06  #: share of all steps in which the rates rise
    clip: float = 1.0  #: largest norm of a gradient
    average: float = 0.99  #: decay of the running average of the weights, which is what is kept
    mask_tokens: float = 0.06  #: share of word pieces hidden, so that no single word is relied on
    mask_names: float = 0.2  #: share of questions with operators whose names are hidden
    frozen_layers: int = 3  #: of the encoder's six; its embeddings are frozen, too
    evaluate_every: int | None = None  #: steps; None: eight times in the run
    dev_questions: int = 1_000  #: of dev, for choosing the best; the calibration uses all
    bfloat16: bool = False  #: on a CPU, for those that multiply it fast; a GPU always does
    seed: int = 0
    start: str | None = None  #: a checkpoint to train further; None: the base encoder
    complete: bool | None = None  #: whether answers are whole sets; None: ask the survey
    #: beside relations; None: ask the survey. A checkpoint that has them keeps them.
    operators: bool | None = None
    others: str | None = None  #: a folder of other graphs, see kgqa.training.others
    workers: int = 2  #: processes that search for explanations, and that feed a GPU


HELD_OUT = 0.1  # of the training questions, where there are none for dev

# The length of a run
MIN_STEPS = 400  # of the first stage, unless that takes more than ...
MIN_STEPS_OPERATORS = 700  # the same with operators
MAX_EPOCHS = 8  # ... this many passes
MAX_EPOCHS_OPERATORS = 30  # the same with operators, which small sets show too rarely
MIN_EVALUATE_EVERY = 20
EVALUATIONS = 8  # of the dev questions in a run

# The optimiser
WEIGHT_DECAY = 0.01
LOWEST_RATE = 0.02  # the rates fall to this share of their peak
FURTHER = 0.5  # for training a checkpoint further: share of the rates; share of the old weights
WINDOW = 16  # batches whose questions are sorted by length together, to pad less

# The loss over explanations
EXACT = 0.999  # F1 of an explanation that reaches the answers and nothing else
SHARPEST = 2.0  # of the weights of explanations with operators, many of which are right by luck
SHARPENED = 0.6  # of the first stage: when it is reached
AGREED = 24  # explanations with operators that are kept of a question: those that agree best
FAR = 5.0  # less log-probability than the best, and an explanation is left out
LEAST_AGREEMENT = 0.2  # weight of that prior in the end; it is 1 at the beginning ...
SETTLED = 0.7  # ... and falls for this share of the first stage
FEW = 3_000  # training questions with operators below which more are made by recombining them
MAX_REACHED = 200  # entities among which the answers are told apart by what they are
GAMMA_PATHS = 5.0  # exponent of an explanation's F1
JOINT_BONUS = 1.0  # log-weight of explanations by several mentions, each at most one hop away
JOINT_PENALTY = -2.0  # the same where answers are incomplete

# The loss through follow
GAMMA_FOLLOW = 2.0  # exponent of the F1 of what is reached
MIN_F1 = 1e-4  # of what is reached: keeps the logarithm finite
SETS = 3  # sets of mentions that are walked from, the likeliest first
LIKELY = -4.0  # read-outs of lower log-probability are not computed
MIN_RELATION = 0.01  # relations of lower probability are not followed
#: The same where this is the only stage: a step takes a third of the time.
ALONE = {"sets": 2, "min_relation": 0.03}

# The survey of the questions
SAMPLE = 200  # questions
WORTH = 0.02  # share of questions that names in part must explain in addition
COMPLETE = 0.95  # answers count as whole sets if the best explanations have this mean F1

# Learning from use
FEEDBACK_SHARE = 0.35  # of the questions of a pass that people answered themselves ...
FEEDBACK_MOST = 20  # ... each of them at most this often
FEEDBACK_STEPS = 200  # of the first stage of a run that learns from them
REHEARSED = 600  # written questions beside them, so that nothing is forgotten

# Many graphs at once
REFRESHED = 4  # batches of a graph after which the words of its relations are read again
REFRESHED_MAIN = 60  # the same of the graph that the checkpoint is for

# The end of a run
TEMPERATURES = (1.0, 0.5, 0.33)  # of hops in use, of which the dev questions choose

# What is shown
RECENT = 100  # steps whose mean loss is reported
EXAMPLES = 8  # questions for the page to offer

SEARCH_VERSION = 7  # of kgqa.programs.search; explanations of another version are searched anew


@dataclass(frozen=True)
class Schedule:
    """The length of a run, in steps."""

    first_stage: int
    total: int
    evaluate_every: int

    @classmethod
    def of(cls, config: TrainConfig, questions: int) -> Schedule:
        """For a number of training questions."""
        per_epoch = max(1, questions // config.batch_size)
        epochs = config.epochs
        if epochs is None:
            most = MAX_EPOCHS_OPERATORS if config.operators else MAX_EPOCHS
            steps = MIN_STEPS_OPERATORS if config.operators else MIN_STEPS
            epochs = min(most, max(1, steps / per_epoch))
        follow = (epochs / 8 or 1.0) if config.follow_epochs is None else config.follow_epochs
        first_stage = round(epochs * per_epoch)
        total = first_stage + round(follow * per_epoch)
        every = config.evaluate_every or max(MIN_EVALUATE_EVERY, -(-total // EVALUATIONS))
        return cls(first_stage, total, every)

    def sharpness(self, step: int) -> float:
        """Of the loss over explanations with operators: from 1 to SHARPEST."""
        return 1 + (SHARPEST - 1) * min(1.0, step / max(1.0, SHARPENED * self.first_stage))

    def agreement(self, step: int) -> float:
        """The weight of the prior of explanations with operators."""
        return max(LEAST_AGREEMENT, 1 - step / max(1.0, SETTLED * self.first_stage))

    def rate(self, step: int, warm_up: float) -> float:
        """The share of the learning rates at a step: a linear rise, then a linear fall."""
        rise = max(1, round(warm_up * self.total))
        fall = (self.total - step) / max(1, self.total - rise)
        return min((step + 1) / rise, max(LOWEST_RATE, fall))
