"""Every constant of training: what a user may set, and what was settled by experiment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainConfig:
    """Options of a run. Lengths are in passes over the training questions."""

    epochs: float | None = None  #: of the first stage; None: one, or more to reach MIN_STEPS
    follow_epochs: float | None = None  #: of the last stage; None: an eighth of the first
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
    seed: int = 0
    start: str | None = None  #: a checkpoint to train further; None: the base encoder
    complete: bool | None = None  #: whether answers are whole sets; None: ask the survey
    #: beside relations; None: ask the survey. A checkpoint that is trained further keeps its own.
    operators: bool | None = None
    workers: int = 2  #: processes that search for explanations, and that feed a GPU


# The length of a run
MIN_STEPS = 400  # of the first stage, unless that takes more than ...
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
LEAST_AGREEMENT = 0.2  # weight of that prior in the end; it is 1 at the beginning ...
SETTLED = 0.7  # ... and falls for this share of the first stage
GAMMA_PATHS = 5.0  # exponent of an explanation's F1
JOINT_BONUS = 1.0  # log-weight of explanations by several mentions, each at most one hop away
JOINT_PENALTY = -2.0  # the same where answers are incomplete

# The loss through follow
GAMMA_FOLLOW = 2.0  # exponent of the F1 of what is reached
MIN_F1 = 1e-4  # of what is reached: keeps the logarithm finite
SETS = 3  # sets of mentions that are walked from, the likeliest first
LIKELY = -4.0  # read-outs of lower log-probability are not computed
MIN_RELATION = 0.01  # relations of lower probability are not followed

# The survey of the questions
SAMPLE = 200  # questions
WORTH = 0.02  # share of questions that names in part must explain in addition
COMPLETE = 0.95  # answers count as whole sets if the best explanations have this mean F1

# What is shown
RECENT = 100  # steps whose mean loss is reported
EXAMPLES = 8  # questions for the page to offer

SEARCH_VERSION = 6  # of kgqa.programs.search; explanations of another version are searched anew


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
            epochs = min(most, max(1, MIN_STEPS / per_epoch))
        follow = epochs / 8 if config.follow_epochs is None else config.follow_epochs
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
