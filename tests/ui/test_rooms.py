"""Whose questions go to which graph, and when a visitor's graph is closed."""

import httpx
import pytest

from kgqa.errors import DataError
from kgqa.trace import Completion, Entity
from kgqa.ui import rooms
from kgqa.ui.rooms import Rooms
from kgqa.ui.service import Card, Service
from tests.ui import page_traces as traces
from tests.ui.serving import API, served


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved."""
    now = [1_000.0]
    monkeypatch.setattr(rooms.time, "monotonic", lambda: now[0])
    return now


def service(graph: str) -> Service:
    return Service(traces.answer, Card(graph=graph), search=lambda words: (graph,))


@pytest.fixture
def house(clock) -> Rooms:
    return Rooms(service("house"), most=2)


def graph(house: Rooms, visitor: str | None) -> str:
    return house.of(visitor).service.card.graph


def test_a_visitors_graph_is_the_visitors_alone(house):
    house.enter("ann", service("firm"))
    assert (graph(house, "ann"), graph(house, "bob"), graph(house, None)) == (
        "firm",
        "house",
        "house",
    )
    house.leave("ann")
    assert graph(house, "ann") == "house"


def test_components_ask_the_graph_of_the_session_that_calls(house):
    house.enter("ann", service("firm"))
    before = rooms.session.set("ann")
    assert house.search("x") == ("firm",)
    rooms.session.reset(before)
    assert house.search("x") == ("house",)


def test_nobody_is_put_out_of_a_graph_in_use(house, clock):
    house.enter("ann", service("a"))
    house.enter("bob", service("b"))
    with pytest.raises(DataError, match="2 graphs .* about 5 minutes"):
        house.enter("eve", service("e"))
    clock[0] += rooms.CROWDED - 60
    assert graph(house, "bob") == "b"  # it is in use
    clock[0] += 60
    house.enter("eve", service("e"))
    assert graph(house, "bob") == "b" and graph(house, "eve") == "e"
    with pytest.raises(DataError, match="no longer here"):
        house.of("ann")  # and not, unnoticed, the graph of the house


def test_one_address_does_not_take_all_rooms(clock, monkeypatch):
    house = Rooms(service("house"))
    for i in range(rooms.EACH):
        house.enter(f"v{i}", service("g"), "10.0.0.1")
    with pytest.raises(DataError, match=f"{rooms.EACH} graphs"):
        house.enter("more", service("g"), "10.0.0.1")
    house.enter("other", service("g"), "10.0.0.2")
    clock[0] += rooms.CROWDED
    house.enter("more", service("g"), "10.0.0.1")
    with pytest.raises(DataError):
        house.of("v0")
    assert graph(house, "v1") == "g"


def test_graphs_go_when_nobody_asks_them_or_the_page_is_closed(house, clock):
    house.enter("ann", service("a"))
    house.enter("bob", service("b"))
    house.away("bob")
    clock[0] += rooms.AWAY + 1
    house.sweep()
    with pytest.raises(DataError):
        house.of("bob")
    assert graph(house, "ann") == "a"
    house.away("ann")
    assert graph(house, "ann") == "a"  # it came back
    clock[0] += rooms.AWAY + 1
    house.sweep()
    assert graph(house, "ann") == "a"
    clock[0] += rooms.IDLE + 1
    house.sweep()
    with pytest.raises(DataError):
        house.of("ann")
    house.enter("ann", service("again"))
    assert graph(house, "ann") == "again"


def test_the_server_functions_of_a_page_answer_for_the_session_that_calls():
    with served() as (at, page):
        firm = Entity("f", "Firm", "", "kind")
        card = Service(
            traces.answer,
            search=lambda words: (firm,),
            complete=lambda text: (Completion(firm, 0),),
        )
        page.rooms.enter("ann", card)

        def found(visitor: str, function: str) -> str:
            (component,) = (id for id, b in page.blocks.items() if hasattr(b, function))
            call = {"component_id": component, "fn_name": function, "data": "Firm"}
            body = {**call, "session_hash": visitor}
            return httpx.post(f"{at}{API}/component_server", json=body).text

        for function in ("search_entities", "complete_name"):
            assert "Firm" in found("ann", function) and "Firm" not in found("bob", function)


def test_a_page_that_is_loaded_again_comes_back_with_its_key_alone(house):
    key = house.enter("ann", service("firm")).key
    for wrong in ("", "x", key[:-1], key + "x", "é", "\ud800"):
        with pytest.raises(DataError, match="no longer here"):
            house.come_back("eve", wrong)
    assert graph(house, "eve") == "house"
    house.away("ann")
    assert house.come_back("ann2", key).service.card.graph == graph(house, "ann2") == "firm"
    with pytest.raises(DataError, match="no longer here"):  # not the house: the page says "firm"
        house.of("ann")
    assert house.come_back("ann", key) is house.of("ann")
    assert len(key) >= 32 and key not in repr(house.of("ann"))
    with pytest.raises(DataError):
        house.come_back("", key)
