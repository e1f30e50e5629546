"""Classes of the default graph: what people ask about, as entities that lead to their members.

"The largest country" names no country. It names the class of countries, from which the inverse of
"is a" leads to each of them. ``tables/classes.tsv`` says who the members are:

    kind       entities of this kind
    relation   of these those to which the relation leads: actors are who is a "cast member"
    art_form   of these again those to which it leads from works of that form: painters
"""

from __future__ import annotations

from kgqa.films.tables import add_aliases, table, values
from kgqa.graph.builder import GraphBuilder

IS_A = "is a"


def add_classes(builder: GraphBuilder) -> None:
    """Add the classes of the table, and the triple (member, "is a", class) of each member."""
    for row in table("classes"):
        plural = values(row["aliases"])[0]
        index = builder.entity("class", row["class"], description=f"all {plural}")
        add_aliases(builder, index, row["aliases"])
        for member in _members(builder, row):
            builder.triple(member, IS_A, index)


def _members(builder: GraphBuilder, row: dict[str, str]) -> list[int]:
    """The members of a class, ascending."""
    kind = builder.kinds.index(row["kind"])
    of_kind = {entity for entity, k in enumerate(builder.kind) if k == kind}
    if not row["relation"]:
        return sorted(of_kind)
    leads = builder.outgoing(row["relation"])
    heads = set(leads)
    if row["art_form"]:
        form = builder.find(f"art form:{row['art_form']}")
        heads &= {work for work, forms in builder.outgoing("art form").items() if form in forms}
    return sorted(of_kind & {tail for head in heads for tail in leads[head]})
