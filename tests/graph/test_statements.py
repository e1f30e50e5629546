"""Statements of RDF: facts, words of relations, bookkeeping, lists."""

from __future__ import annotations

from kgqa.graph.importer import build
from kgqa.graph.importer.parts import ImportOptions
from tests.graph.rdf_graphs import Built

WIKIDATA = """
wd:Q1 wdt:P900 wd:Q2 ; rdfs:label "Ada Example"@en ; wdt:P214 "12" ; wdt:P18 <http://c/x.jpg> ;
  wdt:P569 "1815-12-10T00:00:00Z"^^xsd:dateTime ; a wikibase:Item ; wdt:P31 wd:Q5 .
wd:Q2 wdt:P569 <http://www.wikidata.org/.well-known/genid/0a1> ; rdfs:label "Example College"@en .
wd:P900 rdfs:label "educated at"@en, "Ausbildung"@de ; wikibase:directClaim wdt:P900 .
wd:P214 a wikibase:Property ; rdfs:label "VIAF ID"@en ; wikibase:directClaim wdt:P214 ;
  wikibase:propertyType wikibase:ExternalId ; wdt:P31 wd:Q9 .
wd:P18 wikibase:directClaim wdt:P18 ; wikibase:propertyType wikibase:CommonsMedia .
wd:Q5 rdfs:label "human"@en . wd:P31 wikibase:directClaim wdt:P31 ; rdfs:label "instance of"@en .
<https://en.wikipedia.org/wiki/Ada> a schema:Article ; schema:about wd:Q1 ; schema:name "Ada"@en ;
  schema:isPartOf <https://en.wikipedia.org/> .
<http://data/Q1> a schema:Dataset ; schema:about wd:Q1 ; schema:version 5 .
"""


def test_wikidata_is_read_as_its_dump_says_it(tmp_path):
    built = Built(tmp_path, WIKIDATA)
    assert built.labels == {"Ada Example", "Example College", "human"}
    assert built.relations == {
        "P900": ("educated at", "educated at, reversed"),
        "P569": ("p569", "p569 of"),
        "P31": ("instance of", "instances of"),
    }
    assert {r.label: r.unit for r in built.graph.relations}["p569"] == "date"
    assert built.graph.kind_of(built.graph.find("http://www.wikidata.org/entity/Q1")) == "human"
    assert built.count("statements about pages that tell of an entity") == 7
    assert built.count("values that the source calls unknown") == 1
    assert built.notes["statements of bookkeeping"].examples == (
        "rdf:type 1",
        "wdt:P18 1",
        "wdt:P214 1",
    )


def test_bookkeeping_is_kept_where_that_is_asked_for(tmp_path):
    built = Built(tmp_path, WIKIDATA, keep_bookkeeping=True)
    assert {"P214", "P18", "about", "directClaim"} <= built.relations.keys()
    assert built.relations["P900"][0] == "educated at"
    assert not [what for what in built.notes if "bookkeeping" in what or "pages" in what]


def test_bookkeeping_is_listed(tmp_path):
    text = (
        ":a :knows :b ; owl:sameAs :c, :d ; dbo:wikiPageID 5 ; rdfs:seeAlso :c ; :id 7 ; "
        "foaf:depiction :c ; schema:image :c ; a owl:NamedIndividual ; rdfs:isDefinedBy :o ."
    )
    built = Built(tmp_path, text)
    assert list(built.relations) == ["knows"] and built.labels == {"a", "b"}
    note = built.notes["statements of bookkeeping"]
    assert note.count == 9 and note.examples[0] == "owl:sameAs 2" and len(note.examples) == 8


def test_labels_of_predicates_are_words_of_relations_and_no_entities(tmp_path):
    text = """
    :a :worksFor :b ; :f17 :b ; :hires :c .
    :worksFor rdfs:label "arbeitet f\\u00fcr"@de, "works for"@en ; a owl:ObjectProperty ;
      rdfs:domain :Person ; owl:inverseOf :employs .
    :employs rdfs:label "employs"@en . :f17 rdfs:label "Boss"@en . :hires owl:inverseOf :hiredBy .
    """
    built = Built(tmp_path, text)
    assert built.relations == {
        "worksFor": ("works for", "employs"),
        "f17": ("Boss", "Boss of"),
        "hires": ("hires", "hired by"),
    }
    assert built.labels == {"a", "b", "c"}
    assert built.count("statements about relations and not about entities") == 4


def test_names_are_facts_where_nothing_else_is_said(tmp_path):
    built = Built(tmp_path, ':a schema:name "A" ; owl:sameAs :b .')
    assert built.label("a") == "A" and built.relations == {"name": ("name", "name of")}
    assert built.count("names that are kept as facts, since there are no others") == 1


def test_lists_lead_to_each_of_their_items(tmp_path):
    built = Built(tmp_path, ':a :wrote (:b "x" :c) ; :likes () ; :knows :b, (:c) .')
    facts = {fact.sentence for fact in built.graph.facts("http://e.org/a")}
    assert facts == {*(f"a, wrote: {item}" for item in "bxc"), "a, knows: b", "a, knows: c"}
    assert list(built.relations) == ["knows", "wrote"]
    assert built.count("lists, whose order is not kept") == 2


def test_lists_that_run_in_circles_or_share_cells_end(tmp_path):
    text = (
        ":a :wrote _:l . _:l rdf:first :b ; rdf:rest _:l . :c :wrote _:m . :d :wrote _:m . "
        "_:m rdf:first :b ; rdf:rest rdf:nil . :e :wrote _:n . _:n rdf:first :b ; rdf:rest _:o . "
        "_:o rdf:first :f ; rdf:rest _:n ."
    )
    assert Built(tmp_path, text).graph.num_triples > 3


def test_an_iri_is_one_entity_however_it_is_escaped(tmp_path):
    (tmp_path / "x.nt").write_text(
        "<http://e.org/\\u00E9> <http://e.org/p\\u00E9> <http://e.org/b> .\n"
        "<http://e.org/b> <http://e.org/p\u00e9> <http://e.org/\u00e9> .\n"
        "<http://e.org/\\u0020\\u0022> <http://e.org/p\u00e9> <http://e.org/b> .\n",
        encoding="utf-8",
    )
    build(tmp_path / "x.nt", tmp_path / "graph")
    from kgqa.graph import Graph

    graph = Graph.load(tmp_path / "graph")
    assert graph.num_entities == 3 and len(graph.relations) == 1
    assert graph.find("http://e.org/\\u0020\\u0022") is not None


def test_malformed_lines_are_skipped_and_counted_where_that_is_asked_for(tmp_path):
    good = "<http://e.org/a> <http://e.org/b> <http://e.org/c> .\n"
    bad = ["<http://e.org/a b> <http://e.org/b> <http://e.org/c> .\n", "x\n"]
    (tmp_path / "x.nt").write_bytes((good + bad[0] + good + bad[1]).encode() + b'"\xff\n')
    options = ImportOptions(skip_malformed=True)
    build(tmp_path / "x.nt", tmp_path / "graph", options=options, called="facts")
    from kgqa.graph.folder import describe

    (note,) = (n for n in describe(tmp_path / "graph").notes if "could not be read" in n.what)
    assert note.count == 3 and note.examples[0].startswith("facts, line 2: expected a statement")
    assert note.examples[2] == "facts, line 5: not UTF-8 text"
