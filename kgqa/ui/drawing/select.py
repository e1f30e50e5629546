"""What of a walk is drawn: the mentions on the left, the hops, the answers on the right.

The walk is unrolled: an entity that is reached at two different hops is two nodes, so every edge
goes from one column to a later one and the picture reads left to right. Branches are aligned at
their ends, where they meet:

    0: mentions | 1: what they may mean | 2 ...: hops | the set in common | hops after it | answers

A hop that only keeps some of the entities ("the longest run time") has no column. A class or a
literal stands in column 1, and the entities that it stands for in the next.

Facts on the answers' paths come first; what else was reached fills the room that is left.
"""

from __future__ import annotations

from kgqa.trace import Branch, Entity, Fact, Hop, Trace
from kgqa.ui.drawing.picture import MOST_NODES, Node, Picture
from kgqa.ui.html import marks, operators

MOST_ANSWERS = 14
CONTEXT = 8  #: nodes of a column that are filled with what else was reached, in equal shares
PATHS = 3  #: paths of a mention to an answer that are drawn


def select(trace: Trace) -> Picture:
    """The picture of a trace; without nodes if nothing was walked."""
    picture, ranks = Picture(), marks.ranks(trace)
    if not trace.branches:
        return picture
    lengths = {b.mention: _opens(b) + len(_moves(marks.walked(b))) for b in trace.branches}
    meet = 1 + max(1, *lengths.values()) if any(lengths.values()) else 1
    last = meet + len(_moves(marks.after(trace)))
    picture.columns = last + 1
    picture.names = _names(trace, meet, last)
    for mention in lengths:
        key, text = f"mention|{mention}", marks.mention_text(trace, mention)
        note, rank = "words of the question", ranks[mention]
        picture.nodes[key] = Node(key, 0, text, note, "mention", {rank})
    _answers(picture, trace, lengths, meet, last)
    _others(picture, trace, lengths, meet)
    for branch in trace.branches:
        _tie(picture, branch.mention, [s.entity for s in branch.seeds], ranks[branch.mention], meet)
    _weigh(picture, trace, lengths, meet)
    _tell_apart(picture)
    drawn = sum(n.role == "answer" for n in picture.nodes.values())
    picture.omitted_answers = len(trace.answers) - drawn
    picture.omitted_others = _omitted(picture, trace, lengths, meet)
    return picture


def _answers(picture: Picture, trace: Trace, lengths: dict[int, int], meet: int, last: int) -> None:
    """The answers and their paths: first paths of every mention, then second ones, then third."""
    ranks, answers = marks.ranks(trace), trace.answers[:MOST_ANSWERS]
    literals = {b.mention: _literal(b) for b in trace.branches}
    for answer in answers:
        picture.node(last, answer.entity, -1, "answer")
    for turn in range(PATHS):
        for answer in answers:
            for mention, hops in lengths.items():
                paths = [p for p in answer.paths if p.mention == mention and p.facts]
                if turn < len(paths) and (turn == 0 or len(picture.nodes) < MOST_NODES // 2):
                    start, facts = 1 if hops else meet, paths[turn].facts
                    first = literals[mention]
                    _path(picture, facts, answer.entity, ranks[mention], last, start, first)


def _others(picture: Picture, trace: Trace, lengths: dict[int, int], meet: int) -> None:
    """What else was reached: seeds, and entities of every hop, as far as there is room."""
    ranks, share = marks.ranks(trace), max(CONTEXT // len(trace.branches), 3)
    for branch in trace.branches:
        rank, n = ranks[branch.mention], lengths[branch.mention]
        for seed in branch.seeds[:3]:
            if seed.membership >= 0.01 or len(branch.seeds) == 1:
                picture.node(1 if n else meet, seed.entity, rank)
        for i, hop in enumerate(_moves(marks.walked(branch)), 1 + _opens(branch)):
            left, right = 1 if i == 1 else meet - n + i - 1, meet - n + i
            _context(picture, hop.facts, left, right, rank, share)
    for i, hop in enumerate(_moves(marks.after(trace)), 1):
        _context(picture, hop.facts, meet + i - 1, meet + i, -1, CONTEXT)


def _moves(hops: tuple[Hop, ...]) -> tuple[Hop, ...]:
    """The hops that lead to other entities."""
    return tuple(hop for hop in hops if not operators.stays(hop))


def _opens(branch: Branch) -> int:
    """1 if the branch starts from all that a class or a literal stands for: a column of its own."""
    return int(branch.stands_for > 0)


def _literal(branch: Branch) -> Entity | None:
    """The range that a branch starts from, if it does: it is drawn for all of its values."""
    seed = branch.seeds[0].entity if branch.stands_for and branch.seeds else None
    return seed if seed is not None and seed.kind == "range" else None


def _path(
    picture: Picture,
    facts: tuple[Fact, ...],
    answer: Entity,
    rank: int,
    last: int,
    start: int,
    first: Entity | None,
) -> None:
    """A path, walked backwards from its answer to the column where seeds stand.

    ``first`` is drawn where the path starts; None for the entity of its first fact.
    """
    entity, reached = answer, last
    right = picture.node(last, answer, rank, "answer")
    for index in range(len(facts) - 1, -1, -1):
        fact = facts[index]
        forward = fact.tail.id == entity.id
        entity = fact.head if forward else fact.tail
        entity = first if index == 0 and first is not None else entity
        column = start if index == 0 else max(start, last - (len(facts) - index))
        if column >= reached:  # a path of a less likely length: its end is drawn
            return
        left, reached = picture.node(column, entity, rank), column
        if left is None or right is None:
            return
        key = picture.edge(left, right, rank, fact, fact.relation, forward)
        picture.paths.setdefault(answer.id, set()).add(key)
        right = left


def _context(
    picture: Picture, facts: tuple[Fact, ...], left: int, right: int, rank: int, share: int
) -> None:
    """Facts of a hop from a node that is drawn; new nodes only in a column that is nearly empty."""
    for fact in facts:
        for a, b, forward in ((fact.head, fact.tail, True), (fact.tail, fact.head, False)):
            start, end = f"{left}|{a.id}", f"{right}|{b.id}"
            if start not in picture.nodes:
                continue
            if end not in picture.nodes:
                near = (n for n in picture.nodes.values() if n.column == right)
                crowded = sum(rank in n.branches for n in near) >= share
                if crowded or picture.node(right, b, rank) is None:
                    continue
            picture.nodes[end].branches.add(rank)
            picture.edge(start, end, rank, fact, fact.relation, forward)


def _tie(picture: Picture, mention: int, seeds: list[Entity], rank: int, meet: int) -> None:
    """Link a mention to those of its seeds that are drawn."""
    for entity in seeds:
        for column in (1, meet):
            key = f"{column}|{entity.id}"
            if key in picture.nodes and rank in picture.nodes[key].branches:
                tie = picture.edge(f"mention|{mention}", key, rank, None, "may mean")
                for edges in picture.paths.values():
                    if any(left == key for left, _, _ in edges):
                        edges.add(tie)
                break


def _names(trace: Trace, meet: int, last: int) -> tuple[str, ...]:
    """What each column shows, for the slider."""
    whole = all(_opens(branch) for branch in trace.branches)
    hops = [f"Hop {n}" for n in range(1, meet - whole)]
    names = ["The words of the question", "What they may mean"]
    names += ["What they stand for"] * whole + hops
    if any(operators.stays(h) for b in trace.branches for h in marks.walked(b)[-1:]):
        names[meet] += ", and what is kept"
    if trace.intersection is not None:
        away, united = any(b.negated for b in trace.branches), trace.united
        common = "either path reaches" if united else "the paths have in common"
        names[meet] += f", and what {'is left' if away else common}"
    names += [f"Hop {n} after the intersection" for n in range(1, last - meet + 1)]
    if any(operators.stays(hop) for hop in marks.after(trace)[-1:]):
        names[-1] += ", and what is kept"
    names[-1] += ": the answers" if trace.answers else ""
    return tuple(names)


def _weigh(picture: Picture, trace: Trace, lengths: dict[int, int], meet: int) -> None:
    """Memberships of the nodes, column by column, as far as the trace lists them."""
    at: dict[str, float] = {}
    for branch in trace.branches:
        n = lengths[branch.mention]
        columns = [(1 if n else meet, branch.seeds)]
        moves = enumerate(_moves(marks.walked(branch)), 1 + _opens(branch))
        columns += [(meet - n + i, hop.entities) for i, hop in moves]
        for column, entities in columns:
            for item in entities:
                key = f"{column}|{item.entity.id}"
                at[key] = max(at.get(key, 0.0), item.membership)
    for i, hop in enumerate(_moves(marks.after(trace)), 1):
        at.update({f"{meet + i}|{item.entity.id}": item.membership for item in hop.entities})
    if any(_opens(branch) for branch in trace.branches):  # no hop lists what a set stands for
        for answer in trace.answers[:MOST_ANSWERS]:
            at.setdefault(f"{picture.columns - 1}|{answer.entity.id}", answer.membership)
    for key, node in picture.nodes.items():
        node.weight = at.get(key, 0.0)


def _tell_apart(picture: Picture) -> None:
    """Namesakes in one column get their descriptions."""
    groups: dict[tuple[int, str], list[Node]] = {}
    for node in picture.nodes.values():
        groups.setdefault((node.column, node.text), []).append(node)
    for nodes in groups.values():
        for node in nodes if len(nodes) > 1 else ():
            node.text = f"{node.text}, {node.note}" if node.note else node.text


def _omitted(picture: Picture, trace: Trace, lengths: dict[int, int], meet: int) -> int:
    """Entities that the walk lists or counts and the picture leaves out, answers aside."""
    answers = {a.entity.id for a in trace.answers}
    drawn = {key.split("|", 1)[1] for key in picture.nodes}
    hops = [h for b in trace.branches for h in _moves(marks.walked(b))]
    hops += _moves(marks.after(trace))
    listed = {e.entity.id for h in hops for e in h.entities}
    ranks, after = marks.ranks(trace), _moves(marks.after(trace))
    members = 0
    for branch in trace.branches:
        if branch.stands_for:
            column, rank = meet - lengths[branch.mention] + 1, ranks[branch.mention]
            seen = {n.entity for n in picture.nodes.values() if n.column == column}
            seen &= {n.entity for n in picture.nodes.values() if rank in n.branches}
            ends = column == meet and not after and not branch.negated
            members += max(branch.stands_for - len(seen | answers if ends else seen), 0)
    counted = sum(h.omitted for h in hops) - len(answers - listed)  # answers are not "others"
    return len(listed - answers - drawn) + max(counted, 0) + members
