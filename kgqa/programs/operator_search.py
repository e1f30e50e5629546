"""The search for programs with operators that reach an answer exactly.

``kgqa.programs.search`` finds all paths of relations. Here a hop may be an operator, a class or a
literal is a start, branches may be subtracted or united, and a set may be counted, summed or asked
for members. The answer is a set of entities, a number, or yes or no; an explanation reaches it
exactly. Three shapes are tried, each within its own allowance:

    one mention     up to DEPTH hops
    two mentions    at most one hop each, combined, and up to AFTER hops; what a class or a literal
                    stands for is combined as it is
    three mentions  intersections of two that meet, with a third

A short program is found before a long one; at the depth of the first hit and one beyond, the search
ends. Programs that are right by luck remain; training tells them apart (``kgqa.training.loss``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from kgqa.graph import Graph
from kgqa.graph.operators import NAMES
from kgqa.linking import Link
from kgqa.programs.explanation import Explanation, Seed
from kgqa.programs.program import Branch, Chain, Program
from kgqa.programs.sets import EMPTY, Sets
from kgqa.programs.target import Goal, Target
from kgqa.walk.walk import stands_for

DEPTH = 3  #: hops of a single mention
AFTER = 2  #: hops after a combination
CHAINS = 12  #: ways to one set that are kept
#: Sets of at most so many entities are followed at the first, second and third hop; operators may
#: work on larger ones.
FOLLOWED = (20_000, 300, 30)
STEPS = 3_000  #: hops tried from all mentions alone, and again after all combinations
LIGHT = 120  #: the same where relations alone explain the answer
PAIRS = 1_500  #: combinations of two sets
CANDIDATES = 6  #: of a span that are tried, beside the ranges of a literal
WIDE = 60  #: sets of a span that are combined with others
MAX_EXPLANATIONS = 60


@dataclass(frozen=True)
class _Option:
    """A branch, and the set that it reaches."""

    branch: Branch[Seed]
    reached: int


class OperatorSearch:
    """Finds explanations with operators over one graph. Not for threads that share it."""

    def __init__(self, graph: Graph):
        self.graph, self.sets = graph, Sets(graph)

    def __call__(self, link: Link, target: Target, *, light: bool = False) -> list[Explanation]:
        """Exact explanations, short ones first; ``light``: of one operator at most."""
        if self.sets.full:
            self.sets.clear()
        return _Search(self, link, target, light).explanations()


class _Search:
    """The search for one question."""

    def __init__(self, search: OperatorSearch, link: Link, target: Target, light: bool):
        self.sets, self.graph, self.link, self.light = search.sets, search.graph, link, light
        self.goal = Goal(search.sets, target)
        self.stride = search.graph.num_relations
        self.vocabulary = len(NAMES) * self.stride
        self.steps = 0  #: hops that may still be tried
        self.found: dict[Program[Seed], Explanation] = {}

    def explanations(self) -> list[Explanation]:
        """By one mention, then by several; the shortest of all."""
        options = self._options()
        self.steps = LIGHT if self.light else STEPS
        if not self.goal.yes_or_no:
            for mine in options.values():
                self._single([o for o in mine if not o.branch.chain.hops])
        self.steps = LIGHT if self.light else STEPS
        self._several(options)
        found = sorted(self.found.values(), key=lambda e: e.program.size)
        return found[:MAX_EXPLANATIONS]

    # -- hits --------------------------------------------------------------------------------------

    def _add(
        self, branches: tuple[Branch[Seed], ...], after: tuple[int, ...], sign: str, readout: str
    ) -> None:
        """Keep a program, unless the other search finds it; ``sign`` as in Sets.combine."""
        combine = "|" if sign == "|" else "&"
        program = Program(branches, Chain.of(*after), combine, readout=readout)
        if self.goal.gold is not None and sign == "&" and not readout and not self._new(program):
            return
        if len(self.found) < 4 * MAX_EXPLANATIONS:
            self.found.setdefault(program, Explanation(program))

    def _new(self, program: Program[Seed]) -> bool:
        """Whether a program has what ``kgqa.programs.search`` does not know."""
        sets = (b.start.entity(self.link) for b in program.branches)
        return any(int(r) >= self.stride for r in program.relations) or any(
            e >= self.graph.num_entities or len(self.graph.classes.members(e)) for e in sets
        )

    # -- one mention -------------------------------------------------------------------------------

    def _single(self, starts: list[_Option]) -> None:
        """Chains of hops from each candidate of a mention."""
        for option in starts:
            entity = option.branch.start.entity(self.link)
            literal = entity >= self.graph.num_entities
            depth = 1 if literal else 2 if self.light else DEPTH
            self._others(option)
            for chain, readout in self._chains(option.reached, depth, literal=literal):
                branch = Branch(option.branch.start, Chain.of(*chain))
                self._add((branch,), (), "&", readout)

    def _chains(
        self, start: int, depth: int, *, literal: bool = False
    ) -> Iterator[tuple[tuple[int, ...], str]]:
        """Hops from a set to the answer: breadth first, up to one level beyond the first hit.

        ``literal``: nothing but an extreme is looked for in what a literal alone stands for.
        """
        level: dict[int, list[tuple[int, ...]]] = {start: [()]}
        last = depth
        for d in range(depth + 1):
            for s, chains in level.items():
                for readout in self.goal.readouts(s, d):
                    last = min(last, d + 1)
                    yield from ((chain, readout) for chain in chains)
            if d >= last:
                return
            deeper: dict[int, list[tuple[int, ...]]] = {}
            for s, chains in level.items():
                for entry in self._worth(s, d, depth, literal):
                    if self.steps <= 0:
                        break
                    self.steps -= 1
                    if (
                        self.light
                        and entry >= self.stride
                        and max(chains[0], default=0) >= self.stride
                    ):
                        continue
                    t = self.sets.after(s, entry)
                    if t == EMPTY or (t == s and self._selects(entry)):
                        continue
                    ways = deeper.setdefault(t, [])
                    ways += [(*chain, entry) for chain in chains[: CHAINS - len(ways)]]
            level = deeper

    def _selects(self, entry: int) -> bool:
        """Whether an entry keeps a part of the set: most and least do."""
        return entry % self.vocabulary // self.stride in (1, 2)

    def _worth(self, s: int, d: int, depth: int, literal: bool) -> Iterator[int]:
        """The entries of a hop that may be a step to the answer."""
        final, entering = d == depth - 1, self.goal.entering
        counted = self.goal.value is not None and d <= 1
        small = self.sets.size(s) <= FOLLOWED[d]
        select, anywhere = not final or self.goal.is_within(s), not final or counted
        for entry in self.sets.entries(s):
            if self._selects(entry):
                useful = select
            else:
                leads = anywhere or entering is None or entry % self.stride in entering
                useful = leads and small and not literal
            if useful:
                yield entry

    def _others(self, start: _Option) -> None:
        """What else is reached most often: a co-star is not the star."""
        members = self.sets.members(start.reached)
        if len(members) != 1:
            return
        seed = int(members[0])
        for relation in self.sets.relations(start.reached):
            reached = self.sets.after(start.reached, relation)
            reached = self.sets.combine("-", reached, start.reached)  # it is left out at every hop
            for entry, s in self.sets.others(reached, seed):
                if s == self.goal.gold and s != EMPTY:
                    branch = Branch(start.branch.start, Chain.of(relation, entry))
                    alone = Explanation.of(branch, exclude=True)
                    self.found.setdefault(alone.program, alone)

    # -- several mentions --------------------------------------------------------------------------

    def _options(self) -> dict[int, list[_Option]]:
        """For each span, its candidates as sets, and where one relation leads from each."""
        options: dict[int, list[_Option]] = {}
        for span, proposal in enumerate(self.link.proposals):
            entities = proposal.entities
            plain = [c for c, e in enumerate(entities) if e < self.graph.num_entities]
            chosen = plain[:CANDIDATES] + [c for c in range(len(entities)) if c not in set(plain)]
            mine = []
            for c in chosen:
                members = stands_for(self.graph, entities[c], self.link.ranges)
                whole = entities[c] < self.graph.num_entities and len(members) > 1
                s = self.sets.of_class(members) if whole else self.sets.add(members)
                mine.append(_Option(Branch(Seed(span, c), Chain()), s))
            options[span] = mine
        for mine in options.values():
            for option in list(mine):
                if self.sets.size(option.reached) > 1:
                    continue  # what a class or a literal stands for meets others as it is
                for relation in self.sets.relations(option.reached):
                    reached = self.sets.after(option.reached, relation)
                    branch = Branch(option.branch.start, Chain.of(relation))
                    if reached != EMPTY:
                        mine.append(_Option(branch, reached))
        return options

    def _several(self, options: dict[int, list[_Option]]) -> None:
        """Pairs of spans, the smallest sets first, and triples of those pairs that meet."""
        allowance, meets = LIGHT if self.light else PAIRS, []
        wide = {s: sorted(mine, key=self._order)[:WIDE] for s, mine in options.items()}
        for a, b in combinations(sorted(wide), 2):
            if self.link.proposals[a].overlaps(self.link.proposals[b]):
                continue
            for x in wide[a]:
                for y in wide[b]:
                    if not self.sets.kinds(x.reached) & self.sets.kinds(y.reached):
                        continue
                    allowance -= 1
                    if allowance < 0:
                        return
                    meets += self._pair(x, y)
        for (x, y), both in sorted(meets, key=lambda m: self.sets.size(m[1]))[:40]:
            last = max(x.branch.start.span, y.branch.start.span)
            for span in (s for s in wide if s > last and self._apart(s, x, y)):
                for z in wide[span][:20]:
                    allowance -= 1
                    if allowance < 0:
                        return
                    self._finish((x, y, z), "&", self.sets.combine("&", both, z.reached))

    def _order(self, option: _Option) -> tuple[int, int]:
        """Candidates in their order, and small sets first."""
        return len(option.branch.chain.hops), self.sets.size(option.reached)

    def _apart(self, span: int, *options: _Option) -> bool:
        """Whether a span shares no word with those of the options."""
        proposals = self.link.proposals
        return not any(proposals[span].overlaps(proposals[o.branch.start.span]) for o in options)

    def _pair(self, x: _Option, y: _Option) -> list[tuple[tuple[_Option, _Option], int]]:
        """Combine two branches in every way; returns their intersection if it is not empty."""
        both = self.sets.combine("&", x.reached, y.reached)
        self._finish((x, y), "&", both)
        if self.goal.yes_or_no:
            return [((x, y), both)] if both != EMPTY else []
        if self._alike(x, y):
            self._finish((x, y), "|", self.sets.combine("|", x.reached, y.reached))
        if both == EMPTY:
            return []
        for keep, take in ((x, y), (y, x)):
            rest = self.sets.combine("-", keep.reached, take.reached)
            if rest != EMPTY:
                self._finish((keep, take), "-", rest)
        return [((x, y), both)]

    def _alike(self, x: _Option, y: _Option) -> bool:
        """Whether two branches take the same relation, so that people say "or" of their starts."""
        return x.branch.chain == y.branch.chain and x.reached != y.reached

    def _finish(self, options: tuple[_Option, ...], sign: str, reached: int) -> None:
        """What follows a combination."""
        value = self.goal.value
        branches = [o.branch for o in options]
        if sign == "-":
            branches[-1] = Branch(branches[-1].start, branches[-1].chain, negated=True)
        whole = tuple(branches)
        if self.goal.yes_or_no:
            walked = any(b.chain.hops for b in whole) or any(
                self.sets.size(o.reached) > 1 for o in options
            )
            if (reached != EMPTY) is value and sign == "&" and walked:
                self._add(whole, (), sign, "verify")
            return
        if reached == EMPTY and value != 0:
            return
        for chain, readout in self._chains(reached, 1 if self.light else AFTER):
            self._add(whole, chain, sign, readout)
