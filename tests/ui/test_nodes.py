"""What the canvas asks the server about a node: facts, neighbours, and a question about it."""

from kgqa.trace import Entity, Neighbourhood, Neighbours
from kgqa.ui.drawing import ask_about, nodes


def neighbourhood() -> Neighbourhood:
    films = tuple(Entity(f"f{i}", f"Film {i}", "", "film") for i in range(9))
    country = (Entity("c", "X", "", "k"),)
    return Neighbourhood(
        Entity("p", "A person", "actor", "person"),
        (
            Neighbours("-director", "directed", films[:2], 2, "Which films did {} direct?"),
            Neighbours("-cast member", "acted in", films, 40, "Which films star {}?"),
            Neighbours("country", "from", country, 99),
        ),
    )


def test_neighbours_stand_below_the_drawing_and_are_bounded():
    reply = nodes.neighbours(neighbourhood(), {"f0"}, 100.0, 50.0, wide=True)
    assert len(reply["nodes"]) == nodes.MOST_NEIGHBOURS and all(n["y"] > 50 for n in reply["nodes"])
    assert {"c", "f1"} <= {n["id"] for n in reply["nodes"]}  # each relation in turn
    assert len({(n["x"], n["y"]) for n in reply["nodes"]}) == len(reply["nodes"])
    assert any(e["to"] == "f0" for e in reply["edges"])  # to what is drawn already
    assert reply == nodes.neighbours(neighbourhood(), {"f0"}, 100.0, 50.0, wide=True)
    narrow = nodes.neighbours(neighbourhood(), set(), 0.0, 0.0, wide=False)["nodes"]
    assert len({n["x"] for n in narrow}) == 1


def test_what_the_canvas_sends_is_checked():
    facts, neighbours = nodes.functions(lambda key: neighbourhood() if key == "p" else None)
    assert facts("p")["question"] == "Which films star A person?" and facts("q") is None
    for request in (None, [], {}, {"id": "p", "drawn": 3, "x": "a", "y": 1e99}, {"id": "q"}):
        assert set(neighbours(request)) == {"nodes", "edges", "left"}


def test_a_question_about_a_node_says_which_entity_is_meant():
    question, edits = ask_about.question(neighbourhood())
    (use,) = edits.use
    assert question[use.start : use.end] == "A person" and use.entity == "p"
    odd = Neighbourhood(Entity("x", "{a}\n{}", "", ""), (Neighbours("r", "{}", (), 0),))
    question, edits = ask_about.question(odd)
    assert question[edits.use[0].start : edits.use[0].end] == "{a} {}"


def test_a_graph_without_questions_of_its_own_gets_plain_ones():
    a, b = Entity("a", "Python", "", ""), Entity("b", "Guido", "", "")
    about = Neighbourhood(a, (Neighbours("r", "designer", (b,), 1), Neighbours("s", "x", (), 0)))
    assert ask_about.question(about)[0] == "What is the designer of Python?"
