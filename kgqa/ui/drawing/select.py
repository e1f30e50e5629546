"""What of a walk is drawn: the mentions on the left, the hops, the answers on the right.

The picture reads left to right, along the walk (:mod:`walked`). An entity is one node, so branches
that meet share it. Facts on the answers' paths come first; what else was reached fills the room
that is left.
"""

from __future__ import annotations

from collections.abc import Mapping

from kgqa.trace import Entity, Fact, Trace
from kgqa.ui.drawing.picture import MOST_NODES, Node, Picture, key_of
from kgqa.ui.drawing.walked import Lane, Plan, plan
from kgqa.ui.html import marks, operators, ruled

MOST_ANSWERS = 10
CONTEXT = 8  #: nodes of a column that are filled with what else was reached, in equal shares
PATHS = 3  #: paths of a mention to an answer that are drawn
SEEDS = 3  #: seeds of a mention that are drawn though nothing leads on from them
MEANS, MAY_MEAN = "means", "may mean"


def select(trace: Trace, labels: Mapping[str, str] | None = None) -> Picture:
    """The picture of a trace; without nodes if nothing was walked.

    ``labels``: {relation id: label} of the graph, for facts that no listed relation names.
    """
    picture = Picture()
    if not trace.branches:
        return picture
    way = plan(trace, labels or {})
    picture.columns = way.last + 1
    picture.names = _names(trace, way)
    for lane in way.lanes:
        mention = lane.branch.mention
        key, text = f"mention|{mention}", marks.mention_text(trace, mention)
        column = max(lane.start - 1, 0)
        picture.nodes[key] = Node(
            key, column, text, "words of the question", "mention", {lane.rank}
        )
    _answers(picture, trace, way)
    _others(picture, way)
    for lane in way.lanes:
        _tie(picture, lane)
    _weigh(picture, trace, way)
    _judge(picture, trace, way)
    _tell_apart(picture)
    picture.pass_columns()
    drawn = sum(n.role == "answer" for n in picture.nodes.values())
    picture.omitted_answers = len(trace.answers) - drawn
    picture.omitted_others = _omitted(picture, trace, way)
    return picture


def _answers(picture: Picture, trace: Trace, way: Plan) -> None:
    """The answers and their paths: first paths of every mention, then second ones, then third."""
    answers = trace.answers[:MOST_ANSWERS]
    for answer in answers:
        picture.node(way.last, answer.entity, -1, "answer")
    for turn in range(PATHS):
        for answer in answers:
            for lane in way.lanes:
                mine = lane.branch.mention
                paths = [p for p in answer.paths if p.mention == mine and p.facts]
                if turn < len(paths) and (turn == 0 or len(picture.nodes) < MOST_NODES // 2):
                    _path(picture, way, lane, paths[turn].facts, answer.entity)


def _others(picture: Picture, way: Plan) -> None:
    """What else was reached: seeds, and entities of every hop, as far as there is room."""
    share = max(CONTEXT // len(way.lanes), 3)
    for lane in way.lanes:
        for seed in lane.branch.seeds[:SEEDS]:
            if seed.membership >= 0.01 or len(lane.branch.seeds) == 1:
                picture.node(lane.start, seed.entity, lane.rank)
        for column, _, _ in lane.moves:
            _context(picture, way, column, lane, share)
    for column, _, _ in way.after:
        _context(picture, way, column, None, CONTEXT)


def _path(picture: Picture, way: Plan, lane: Lane, facts: tuple[Fact, ...], answer: Entity) -> None:
    """A path, walked backwards from its answer to the column where seeds stand."""
    entity, reached = answer, way.last
    right = picture.node(way.last, answer, lane.rank, "answer")
    for index in range(len(facts) - 1, -1, -1):
        fact = facts[index]
        along = fact.tail.id == entity.id
        entity = fact.head if along else fact.tail
        entity = lane.literal if index == 0 and lane.literal is not None else entity
        column = max(lane.start, way.last - (len(facts) - index))
        column = lane.start if index == 0 else column
        if column >= reached:  # a path of a less likely length: its end is drawn
            return
        left = picture.node(column, entity, lane.rank)
        if left is None or right is None or not picture.forward(left, right):
            return
        at = picture.nodes[right].column
        label = way.words(fact, at, lane, along=along)
        key = picture.edge(left, right, lane.rank, fact, label, way.hop(at, lane))
        picture.paths.setdefault(answer.id, set()).add(key)
        right, reached = left, picture.nodes[left].column


def _context(picture: Picture, way: Plan, column: int, lane: Lane | None, share: int) -> None:
    """Facts of a hop from a node that is drawn; new nodes only in a column that is nearly empty."""
    moves = way.after if lane is None else lane.moves
    rank = -1 if lane is None else lane.rank
    facts = next(hop.facts for c, _, hop in moves if c == column)
    for fact in facts:
        for a, b, along in ((fact.head, fact.tail, True), (fact.tail, fact.head, False)):
            start, end = key_of(a.id), key_of(b.id)
            if start not in picture.nodes or picture.nodes[start].column != column - 1:
                continue
            if end not in picture.nodes:
                near = (n for n in picture.nodes.values() if n.column == column)
                crowded = sum(rank in n.branches for n in near) >= share
                if crowded or picture.node(column, b, rank) is None:
                    continue
            if picture.nodes[end].column != column:
                continue  # it is there already, for another hop
            picture.nodes[end].branches.add(rank)
            label = way.words(fact, column, lane, along=along)
            picture.edge(start, end, rank, fact, label, way.hop(column, lane))


def _tie(picture: Picture, lane: Lane) -> None:
    """Link a mention to those of its seeds that are drawn."""
    mention, seeds = f"mention|{lane.branch.mention}", lane.branch.seeds
    for seed in seeds:
        node = picture.nodes.get(key_of(seed.entity.id))
        if node is None or lane.rank not in node.branches or not picture.forward(mention, node.key):
            continue
        label = MEANS if len(seeds) == 1 else MAY_MEAN
        tie = picture.edge(mention, node.key, lane.rank, None, label)
        if node.column < lane.end:
            node.step = 1
        for edges in picture.paths.values():
            if any(left == node.key for left, _, _ in edges):
                edges.add(tie)


def _names(trace: Trace, way: Plan) -> tuple[str, ...]:
    """What each column shows, for the slider."""
    whole = all(lane.opens for lane in way.lanes)
    hops = [f"Hop {n}" for n in range(1, way.meet - whole)]
    names = ["The words of the question", "What they may mean"]
    names += ["What they stand for"] * whole + hops
    if any(operators.stays(h) for b in trace.branches for h in marks.walked(b)[-1:]):
        names[way.meet] += ", and what is kept"
    if trace.intersection is not None:
        away, united = any(b.negated for b in trace.branches), trace.united
        common = "either path reaches" if united else "the paths have in common"
        names[way.meet] += f", and what {'is left' if away else common}"
    names += [f"Hop {n} after the intersection" for n in range(1, way.last - way.meet + 1)]
    if any(operators.stays(hop) for hop in marks.after(trace)[-1:]):
        names[-1] += ", and what is kept"
    names[-1] += ": the answers" if trace.answers else ""
    return tuple(names)


def _weigh(picture: Picture, trace: Trace, way: Plan) -> None:
    """Memberships of the nodes, column by column, as far as the trace lists them."""
    at: dict[tuple[int, str], float] = {}
    for lane in way.lanes:
        columns = [(lane.start, lane.branch.seeds)]
        columns += [(column, hop.entities) for column, _, hop in lane.moves]
        for column, entities in columns:
            for item in entities:
                there = column, key_of(item.entity.id)
                at[there] = max(at.get(there, 0.0), item.membership)
    if trace.intersection is not None:
        rows = trace.intersection.rows
        at |= {(way.meet, key_of(r.entity.id)): r.minimum for r in rows if r.minimum > 0}
    for column, _, hop in way.after:
        at |= {(column, key_of(item.entity.id)): item.membership for item in hop.entities}
    for answer in trace.answers[:MOST_ANSWERS]:  # no hop lists what a set stands for
        at.setdefault((way.last, key_of(answer.entity.id)), answer.membership)
    for key, node in picture.nodes.items():
        node.weight = at.get((node.column, key), 0.0)


def _judge(picture: Picture, trace: Trace, way: Plan) -> None:
    """Which nodes the branches have in common, and which meanings the intersection ruled out."""
    away = {lane.rank for lane in way.lanes if lane.branch.negated}
    out = {key_of(id) for ids in ruled.out(trace).values() for id in ids}
    for key, node in picture.nodes.items():
        ranks = node.branches - away - {-1}
        node.meets = node.column == way.meet and len(ranks) > 1
        node.out = key in out and node.role == "entity"


def _tell_apart(picture: Picture) -> None:
    """Namesakes in one column get their descriptions."""
    groups: dict[tuple[int, str], list[Node]] = {}
    for node in picture.nodes.values():
        groups.setdefault((node.column, node.text), []).append(node)
    for nodes in groups.values():
        for node in nodes if len(nodes) > 1 else ():
            node.text = f"{node.text}, {node.note}" if node.note else node.text


def _omitted(picture: Picture, trace: Trace, way: Plan) -> int:
    """Entities that the walk lists or counts and the picture leaves out, answers aside."""
    answers = {a.entity.id for a in trace.answers}
    drawn = {node.entity for node in picture.nodes.values()}
    hops = [hop for lane in way.lanes for _, _, hop in lane.moves]
    hops += [hop for _, _, hop in way.after]
    listed = {e.entity.id for h in hops for e in h.entities}
    members = 0
    for lane in way.lanes:
        if lane.opens:
            column = lane.start + 1
            seen = {
                n.entity
                for n in picture.nodes.values()
                if n.column == column and lane.rank in n.branches
            }
            ends = column == way.meet and not way.after and not lane.branch.negated
            whole = len(seen | answers if ends else seen)
            members += max(lane.branch.stands_for - whole, 0)
    counted = sum(h.omitted for h in hops) - len(answers - listed)  # answers are not "others"
    return len(listed - answers - drawn) + max(counted, 0) + members
