"""Names and descriptions of RDF: which is chosen, and which others name an entity."""

from __future__ import annotations

from tests.graph.rdf_graphs import Built

FACT = ":a :knows :b . "


#: What is said of an entity, and what it is called.
LABELS = [
    ('rdfs:label "X"', "X"),
    ('skos:prefLabel "X"', "X"),
    ('schema:name "X"', "X"),
    ('<https://schema.org/name> "X"', "X"),
    ('foaf:name "X"', "X"),
    ('dcterms:title "X"', "X"),
    ('<http://purl.org/dc/elements/1.1/title> "X"', "X"),
    (':name "X"', "X"),
    ('<http://other.org/terms#Name> "X"', "X"),
    (':title "X"', "X"),
    ('rdfs:label "X"@de', "X"),
    ('rdfs:label "Y"@de, "X"@EN', "X"),
    ('rdfs:label "Y"@de, "X"@en-GB', "X"),
    ('rdfs:label "Y"@de, "X"@mul', "X"),
    ('rdfs:label "Y"@de, "X"', "X"),
    ('rdfs:label "Y"@de ; foaf:name "X"@en', "X"),
    ('rdfs:label "X"@en ; foaf:name "Y"@en', "X"),
    ('foaf:name "X" ; dcterms:title "Y"', "X"),
    ('dcterms:title "X"@de ; :name "Y"@en', "X"),  # a word of one's own comes last
    ('rdfs:label "\\u0416"@bg, "X"@nl', "X"),  # letters that English has
    ('rdfs:label "\\u0416"@bg', "\u0416"),
    ('rdfs:label "Y"@da, "X"@de', "X"),  # the source has more names in German
    ('rdfs:label " ", "X"@de', "X"),
    (":likes :b", "e23"),
]


def test_a_label_is_chosen_by_its_language_and_its_predicate(tmp_path):
    said = [f":e{i} :knows :b ; {names} ." for i, (names, _) in enumerate(LABELS)]
    built = Built(tmp_path, "\n".join(said))
    found = [built.label(f"e{i}") for i in range(len(LABELS))]
    assert found == [label for _, label in LABELS]


def test_the_language_that_is_asked_for_goes_first(tmp_path):
    text = FACT + ':a rdfs:label "Cologne"@en, "Köln"@de-AT, "Keulen"@nl .'
    assert Built(tmp_path, text, language="de").label("a") == "Köln"
    assert Built(tmp_path, text, language="de-CH").label("a") == "Köln"
    assert Built(tmp_path, text, language="pl").label("a") == "Cologne"


def test_other_names_and_names_of_other_predicates_are_aliases(tmp_path):
    text = (
        FACT + ':a rdfs:label "Ada"@en, "Adela"@pl ; skos:altLabel "Countess"@en, "Gräfin"@de ; '
        'foaf:name "Ada King" ; :alias "Enchantress" ; schema:alternateName "A. L." .'
    )
    built = Built(tmp_path, text)
    for name in ("Ada", "Countess", "Ada King", "Enchantress", "A L"):
        assert built.names(name) == ["Ada"]
    assert built.names("Adela") == built.names("Gräfin") == []
    note = built.notes["names in other languages"]
    assert note.count == 2 and note.examples == ("de 1", "pl 1")
    assert Built(tmp_path, text, languages=("en", "pl")).names("Adela") == ["Ada"]


def test_other_names_in_the_language_of_a_label_name_its_entity(tmp_path):
    text = FACT + ':a rdfs:label "Köln"@de ; skos:altLabel "Colonia"@de, "Keulen"@nl .'
    built = Built(tmp_path, text)
    assert built.names("Colonia") == ["Köln"] and built.names("Keulen") == []


def test_a_title_beside_a_name_is_a_fact(tmp_path):
    built = Built(tmp_path, ':a :name "Ada" ; :title "Countess" . :b :title "Notes" .')
    assert (built.label("a"), built.label("b")) == ("Ada", "Notes")
    assert built.relations == {"title": ("title", "title of")}
    assert [fact.sentence for fact in built.graph.facts("http://e.org/a")] == [
        "Ada, title: Countess"
    ]


def test_descriptions_are_read(tmp_path):
    predicates = "rdfs:comment schema:description dcterms:description dbo:abstract :description"
    said = [
        f':e{i} :knows :b ; {predicate} "ein Werk"@de, "a work"@en .'
        for i, predicate in enumerate(predicates.split())
    ]
    built = Built(tmp_path, "\n".join(said))
    assert [built.entity(f"e{i}").description for i in range(len(said))] == ["a work"] * len(said)
    assert built.count("descriptions beside the first of an entity") == len(said)


def test_texts_in_languages_that_are_not_asked_for_can_be_left_out(tmp_path):
    text = FACT + ':a rdfs:label "Y"@de ; :motto "so"@de, "so"@en, "so" ; :size 5 .'
    built = Built(tmp_path, text, languages=("en",))
    assert built.label("a") == "a" and built.graph.num_triples == 4
    assert built.count("texts in other languages") == 1
    assert built.count("names and descriptions in other languages") == 1


def test_entities_without_a_name_are_counted_and_called_by_their_ids(tmp_path):
    text = (
        "<http://e.org/Beyonc\\u00E9_K> :knows :AdaLovelace, :YouTube, <http://e.org/a%20b>, "
        "[ :knows :B52 ], <http://e.org/x#y/> ."
    )
    built = Built(tmp_path, text)
    labels = {"Beyoncé K", "Ada Lovelace", "You Tube", "a b", "unnamed", "B52", "y"}
    assert built.labels == labels
    assert built.names("adalovelace") == built.names("ada lovelace") == ["Ada Lovelace"]
    assert built.count("entities without a name, which are called by their ids") == 6
    assert built.count("entities without name and id (blank nodes)") == 1
    assert built.graph.find("http://e.org/Beyoncé_K") is not None


def test_blank_names_are_counted(tmp_path):
    assert Built(tmp_path, FACT + ':a rdfs:label "", " "@en .').count("blank names") == 2
