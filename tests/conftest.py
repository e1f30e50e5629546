"""One toy graph that everyone knows by heart, the default graph, and models small enough to run in a test.

The toy graph (thirty-odd entities, all facts true):

    Mona Lisa --creator--> Leonardo da Vinci
    Mona Lisa --exhibited at--> Louvre --located in--> Paris --located in--> France
    France --capital--> Paris                       Paris, a film of 2008, is another Paris
    Star Wars I and II: Natalie Portman as Padmé Amidala, Ewan McGregor as Obi-Wan Kenobi
    Black Swan: Natalie Portman as Nina Sayers
    three people called Tom Hanks: the actor, a seismologist, a theologian
    six films made to need intersection: see FILMS (no two of Hanks, Spielberg and 2002 are enough to name one film)
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, settings

from kgqa import checkpoint
from kgqa.graph import Graph
from kgqa.graph.builder import GraphBuilder
from kgqa.graph.description import Source
from kgqa.graph.names import KIND
from kgqa.graph.relation import Relation
from kgqa.linking import Linker
from kgqa.model.batch import CANDIDATE_FEATURES, SPAN_FEATURES, Batch, Batcher
from kgqa.model.config import ModelConfig
from kgqa.model.network import KGQAModel
from kgqa.model.outputs import ModelOutput
from kgqa.questions import Question

ROOT = Path(__file__).parent.parent
torch.set_num_threads(1)  # the tests are small; a second thread costs more than it brings
settings.register_profile(
    "kgqa",
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("kgqa")

RELATIONS = [
    Relation("creator", "created by", "created"),
    Relation("exhibited at", "exhibited at", "exhibits"),
    Relation("located in", "located in", "location of"),
    Relation("capital", "capital", "is the capital of"),
    Relation("director", "director", "directed"),
    Relation("screenwriter", "screenwriter", "wrote the screenplay of"),
    Relation("cast member", "cast member", "acted in"),
    Relation("character", "character", "appears as a character in"),
    Relation("performer", "performed by", "played the character"),
    Relation("release year", "release year", "films released in the year"),
    Relation("field of work", "field of work", "field of"),
    Relation("run time", "run time", "", literal=True),
]

#: title, year, director, writers, cast
FILMS = [
    (
        "Star Wars: Episode I – The Phantom Menace",
        1999,
        "George Lucas",
        ["George Lucas"],
        ["Natalie Portman", "Ewan McGregor"],
    ),
    (
        "Star Wars: Episode II – Attack of the Clones",
        2002,
        "George Lucas",
        ["George Lucas"],
        ["Natalie Portman", "Ewan McGregor"],
    ),
    ("Black Swan", 2010, "Darren Aronofsky", ["Mark Heyman"], ["Natalie Portman"]),
    ("Paris", 2008, "Cédric Klapisch", ["Cédric Klapisch"], []),
    (
        "Catch Me If You Can",
        2002,
        "Steven Spielberg",
        ["Jeff Nathanson"],
        ["Tom Hanks", "Leonardo DiCaprio"],
    ),
    ("The Terminal", 2004, "Steven Spielberg", ["Jeff Nathanson"], ["Tom Hanks"]),
    ("Minority Report", 2002, "Steven Spielberg", ["Scott Frank"], ["Tom Cruise"]),
    ("Road to Perdition", 2002, "Sam Mendes", ["David Self"], ["Tom Hanks"]),
    ("Sully", 2016, "Clint Eastwood", ["Todd Komarnicki"], ["Tom Hanks"]),
    ("J. Edgar", 2011, "Clint Eastwood", ["Dustin Lance Black"], ["Leonardo DiCaprio"]),
]
PHANTOM, CLONES = FILMS[0][0], FILMS[1][0]


def toy_builder() -> GraphBuilder:
    """The toy graph, not yet written."""
    b = GraphBuilder(
        "toy",
        RELATIONS,
        sources=[Source("Toy", "tests/conftest.py", "CC0 1.0")],
    )
    leonardo = b.entity("person", "Leonardo da Vinci", description="Italian painter")
    mona_lisa = b.entity(
        "artwork", "Mona Lisa", description="painting by Leonardo da Vinci", title=True
    )
    louvre = b.entity("museum", "Louvre", description="museum in Paris", title=True)
    paris = b.entity("city", "Paris", description="capital of France")
    france = b.entity("country", "France", description="country in Europe")
    b.alias(mona_lisa, "La Gioconda", KIND["other name"])
    b.alias(france, "French", KIND["adjective"])
    b.triple(mona_lisa, "creator", leonardo)
    b.triple(mona_lisa, "exhibited at", louvre)
    b.triple(louvre, "located in", paris)
    b.triple(paris, "located in", france)
    b.triple(france, "capital", paris)
    for title, year, director, writers, cast in FILMS:
        film = b.entity("film", title, description=f"{year} film by {director}", title=True)
        b.triple(film, "director", b.entity("person", director))
        for name in writers:
            b.triple(film, "screenwriter", b.entity("person", name))
        for name in cast:
            b.triple(
                film,
                "cast member",
                b.entity("person", name, description="actor" if name == "Tom Hanks" else ""),
            )
        b.triple(film, "release year", b.entity("year", str(year)))
    for film, character, actor in (
        (PHANTOM, "Padmé Amidala", "Natalie Portman"),
        (CLONES, "Padmé Amidala", "Natalie Portman"),
        (PHANTOM, "Obi-Wan Kenobi", "Ewan McGregor"),
        (CLONES, "Obi-Wan Kenobi", "Ewan McGregor"),
        ("Black Swan", "Nina Sayers", "Natalie Portman"),
    ):
        index = b.entity("character", character)
        b.triple(b.find(f"film:{film}"), "character", index)
        b.triple(index, "performer", b.find(f"person:{actor}"))
    for field, what in (("seismology", "seismologist"), ("theology", "theologian")):
        namesake = b.entity(
            "person", "Tom Hanks", key=f"person:Tom Hanks ({field})", description=f"American {what}"
        )
        b.triple(namesake, "field of work", b.entity("field", field))
    b.number(b.find("film:Sully"), "run time", 96, "96 minutes")
    return b


# -- graphs ----------------------------------------------------------------------------------------


@pytest.fixture
def builder() -> GraphBuilder:
    """A fresh builder of the toy graph, to be changed at will."""
    return toy_builder()


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("toy") / "graph"
    toy_builder().write(folder)
    return folder


@pytest.fixture(scope="session")
def toy(toy_folder) -> Graph:
    return Graph.load(toy_folder)


@pytest.fixture(scope="session")
def default_folder() -> Path:
    return ROOT / "checkpoints" / "films" / "graph"


@pytest.fixture(scope="session")
def default(default_folder) -> Graph:
    """The committed default graph."""
    return Graph.load(default_folder)


@pytest.fixture(scope="session")
def toy_linker(toy) -> Linker:
    return Linker(toy)


@pytest.fixture(scope="session")
def default_linker(default) -> Linker:
    return Linker(default)


# -- small models ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def tokenizer():
    """The real tokenizer: offsets of word pieces are part of what is tested."""
    from transformers import PreTrainedTokenizerFast

    return PreTrainedTokenizerFast.from_pretrained(str(ROOT / "checkpoints" / "films"))


@pytest.fixture(scope="session")
def toy_batcher(toy, tokenizer) -> Batcher:
    return Batcher(toy, tokenizer)


def tiny_encoder(seed: int = 0):
    """A random two-layer BERT of width 32, without dropout so that runs repeat."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(seed)
    sizes = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
    }
    config = BertConfig(
        **sizes,
        vocab_size=30_522,
        max_position_embeddings=128,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    return BertModel(config, add_pooling_layer=False)


def tiny_model(graph: Graph, *, seed: int = 0, sharp: float = 1.0, **changes) -> KGQAModel:
    """A random model for a graph; ``sharp`` scales its heads' last layers so that distributions are peaked."""
    names = tuple(graph.relation_id(r) for r in range(graph.num_relations))
    model = KGQAModel(
        ModelConfig(names, names, graph.fingerprint, hidden=32, name="tiny", **changes),
        tiny_encoder(seed),
    )
    with torch.no_grad():
        model.relation_words.normal_()
        for decoder in (model.decoder, model.after):
            decoder.relation[-1].weight.mul_(sharp)
            decoder.stop[-1].weight.mul_(sharp)
    return model.eval()


@pytest.fixture(scope="session")
def new_model():
    """new_model(graph, seed=..., sharp=...) -> a random model; see :func:`tiny_model`."""
    return tiny_model


@pytest.fixture(scope="session")
def new_encoder():
    return tiny_encoder


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory, toy_folder, toy, tokenizer) -> Path:
    """A random model of the toy graph, saved. Tests that spoil it copy it first."""
    folder = tmp_path_factory.mktemp("tiny") / "checkpoint"
    checkpoint.save(folder, tiny_model(toy, sharp=8.0), tokenizer, graph=str(toy_folder))
    return folder


class Script:
    """Writes a ModelOutput by hand for one linked question, so that a walk's result can be known in advance.

    ``Script(graph, link).mention("Mona Lisa", {"artwork:Mona Lisa": 1.0}, ["exhibited at", "located in"]).output()``.
    A path entry is a relation, or {relation: probability}; ``stop`` defaults to all the mass after the last hop.
    """

    def __init__(self, graph: Graph, link, *, hops: int = 3, hops_after: int = 2):
        self.graph, self.link = graph, link
        s, c, r = (
            len(link.proposals),
            max(len(p.entities) for p in link.proposals),
            graph.num_relations,
        )
        self.entities, self.mask = (
            torch.zeros(1, s, c, dtype=torch.long),
            torch.zeros(1, s, c, dtype=torch.bool),
        )
        self.candidates = torch.zeros(1, s, c)
        for i, p in enumerate(link.proposals):
            n = len(p.entities)
            self.entities[0, i, :n], self.mask[0, i, :n] = torch.tensor(p.entities), True
            self.candidates[0, i, :n] = 1 / n
        self.relations = torch.full((1, s, hops, r), 1 / r)
        self.stop = torch.zeros(1, s, hops + 1)
        self.stop[..., 0] = 1
        self.after_relations = torch.full((1, hops_after, r), 1 / r)
        self.after_stop = torch.zeros(1, hops_after + 1)
        self.after_stop[..., 0] = 1
        self.excluded = 0.0
        self.used: list[int] = []
        self.answered = 1.0

    def span(self, text: str) -> int:
        return next(i for i, p in enumerate(self.link.proposals) if self.link.text(p) == text)

    def _fill(self, relations, stop, path, stops) -> None:
        for t, step in enumerate(path):
            relations[t] = 0
            for name, p in (step if isinstance(step, dict) else {step: 1.0}).items():
                relations[t, self.graph.relation_index[name]] = p
        stop[:] = 0
        values = stops or [0.0] * len(path) + [1.0]
        stop[: len(values)] = torch.tensor(values)

    def mention(
        self, text: str, candidates: dict[str, float], path: list, stop: list[float] | None = None
    ) -> Script:
        s = self.span(text)
        self.used.append(s)
        self.candidates[0, s] = 0
        for key, p in candidates.items():
            self.candidates[
                0, s, self.link.proposals[s].entities.index(self.graph.index_of[key])
            ] = p
        self._fill(self.relations[0, s], self.stop[0, s], path, stop)
        return self

    def after(self, path: list, stop: list[float] | None = None) -> Script:
        self._fill(self.after_relations[0], self.after_stop[0], path, stop)
        return self

    def exclude(self, probability: float) -> Script:
        self.excluded = probability
        return self

    def refuse(self) -> Script:
        self.answered = 0.0
        return self

    @property
    def spans(self) -> tuple[int, ...]:
        return tuple(sorted(self.used))

    def output(self) -> ModelOutput:
        """Two sets: no answer, and the mentions that were scripted."""
        log = lambda p: p.clamp(min=1e-9).log()  # noqa: E731
        words = max(len(self.link.words), 1)
        _, s, h, _ = self.relations.shape
        scores = torch.tensor([[1 - self.answered, self.answered]])
        return ModelOutput(
            log(self.candidates),
            log(self.relations),
            log(self.stop),
            torch.full((1, s, h, words), 1 / words),
            log(self.after_relations),
            log(self.after_stop),
            torch.full((1, self.after_relations.shape[1], words), 1 / words),
            torch.tensor([self.excluded]).logit(eps=1e-6),
            (((), self.spans),),
            log(scores),
        )

    def batch(self) -> Batch:
        """What a walk reads of a batch: entities and their mask; the rest is blank."""
        _, s, c = self.entities.shape
        flat = torch.zeros(1, 1, dtype=torch.long)
        spans, flags = torch.zeros(1, s, dtype=torch.long), torch.ones(1, s, dtype=torch.bool)
        return Batch(
            flat,
            flat,
            flat,
            flat.bool(),
            spans,
            spans,
            flags,
            torch.zeros(1, s, SPAN_FEATURES),
            self.entities,
            self.mask,
            torch.zeros(1, s, c, CANDIDATE_FEATURES),
            torch.zeros(1, s, c, self.graph.num_relations),
        )


@pytest.fixture
def script(toy, toy_linker):
    """script(question) -> Script over the toy graph."""
    return lambda question, **sizes: Script(toy, toy_linker(question), **sizes)


class Scripted(torch.nn.Module):
    """Stands in for the network: says what a script says, whatever the batch."""

    def __init__(self, graph: Graph, script: Script):
        super().__init__()
        names = tuple(graph.relation_id(r) for r in range(graph.num_relations))
        self.config = ModelConfig(names, names, graph.fingerprint, hidden=1, name="scripted")
        self.weight = torch.nn.Parameter(torch.zeros(1))
        self.script = script

    def forward(self, batch: Batch) -> ModelOutput:
        return self.script.output()


@pytest.fixture
def told(toy, tokenizer):
    """told(script, edits, **settings) -> the Trace of the script's question, through the whole pipeline."""
    from kgqa.edits import Edits
    from kgqa.inference.pipeline import Pipeline
    from kgqa.walk.predict import Settings

    return lambda s, edits=Edits(), **changes: Pipeline(
        toy, Scripted(toy, s), tokenizer, settings=Settings(**changes)
    ).answer(s.link.question, edits=edits)


# -- a training set of the toy graph ---------------------------------------------------------------

TRAIN = [
    ("What city is the Mona Lisa in?", ["city:Paris"]),
    ("Who painted the Mona Lisa?", ["person:Leonardo da Vinci"]),
    ("Which museum has La Gioconda?", ["museum:Louvre"]),
    ("What is the capital of France?", ["city:Paris"]),
    ("Who directed Sully?", ["person:Clint Eastwood"]),
    ("Who directed Black Swan?", ["person:Darren Aronofsky"]),
    ("Who wrote Minority Report?", ["person:Scott Frank"]),
    ("When did Sully come out?", ["year:2016"]),
    ("Who acted alongside Leonardo DiCaprio?", ["person:Tom Hanks"]),
    ("Who directed the film with Tom Hanks and Leonardo DiCaprio?", ["person:Steven Spielberg"]),
    ("Who did Natalie Portman play in Star Wars?", ["character:Padmé Amidala"]),
    ("What is Tom Hanks's favourite colour?", []),
]
DEV = [
    ("Who directed J. Edgar?", ["person:Clint Eastwood"]),
    ("Who wrote Black Swan?", ["person:Mark Heyman"]),
    ("Who did Ewan McGregor play in Star Wars?", ["character:Obi-Wan Kenobi"]),
    ("What is the favourite colour of Ewan McGregor?", []),
]


@pytest.fixture(scope="session")
def toy_questions():
    """(train, dev) questions of the toy graph, without topics."""
    return tuple(
        [
            Question(f"{name}{i}", text, tuple(answers), (), "toy", 1)
            for i, (text, answers) in enumerate(rows)
        ]
        for name, rows in (("train", TRAIN), ("dev", DEV))
    )


# -- the real checkpoint ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def pipeline():
    """The trained checkpoint that is committed (or KGQA_CHECKPOINT); tests that use it are marked ``checkpoint``."""
    folder = Path(os.environ.get("KGQA_CHECKPOINT", ROOT / "checkpoints" / "films"))
    if not (folder / "model.safetensors").is_file():
        message = f"The trained checkpoint {folder / 'model.safetensors'} is missing; train or fetch it first."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from kgqa.inference.pipeline import Pipeline

    return Pipeline.load(folder, device="cpu")
