"""What predicates of RDF are for: names, descriptions, classes, bookkeeping, or facts.

A predicate is known by its IRI. Where a source uses words of its own, ``name``, ``title`` and the
like at the end of an IRI stand for themselves, and count as names of an entity that has no other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kgqa.graph.classes import TYPE_RELATIONS

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
FOAF = "http://xmlns.com/foaf/0.1/"
DC, DCTERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
DBO = "http://dbpedia.org/ontology/"
WIKIBASE = "http://wikiba.se/ontology#"
XSD = "http://www.w3.org/2001/XMLSchema#"

TYPE = f"{RDF}type"
SUBCLASS = (f"{RDFS}subClassOf", "http://www.wikidata.org/prop/direct/P279")
FIRST, REST, NIL = f"{RDF}first", f"{RDF}rest", f"{RDF}nil"
INVERSE = f"{OWL}inverseOf"
DIRECT_CLAIM, PROPERTY_TYPE = f"{WIKIBASE}directClaim", f"{WIKIBASE}propertyType"
ABOUT = ("http://schema.org/about", "https://schema.org/about")
#: What is said of predicates and not of entities.
ABOUT_PREDICATES = (f"{RDFS}domain", f"{RDFS}range", f"{RDFS}subPropertyOf", INVERSE, DIRECT_CLAIM)
LINKS = (f"{RDFS}subPropertyOf", INVERSE)  #: of these, those that lead to a predicate
PROPERTIES = (
    f"{RDF}Property",
    *(f"{OWL}{kind}Property" for kind in "Object Datatype Annotation Functional".split()),
    *(f"{OWL}{kind}Property" for kind in "InverseFunctional Symmetric Transitive".split()),
    f"{WIKIBASE}Property",
)
#: Pages about entities, which sources list beside them.
PAGES = tuple(
    f"{s}://schema.org/{kind}" for s in ("http", "https") for kind in ("Article", "Dataset")
)
#: Wikidata's types of properties whose values name nothing: ids in other catalogues, files.
FOREIGN = tuple(
    f"{WIKIBASE}{kind}"
    for kind in "ExternalId CommonsMedia GeoShape TabularData Math MusicalNotation".split()
)
#: Classes that say nothing about their members, by the beginnings of their IRIs.
NO_CLASSES = (RDF, RDFS, OWL, WIKIBASE, "http://schema.org/Thing", "https://schema.org/Thing")

NAMES, TITLES = 3, 4  #: ranks of names in words of a source's own
_NAMES = {
    **dict.fromkeys((f"{RDFS}label", f"{SKOS}prefLabel", "schema:name"), 0),
    f"{FOAF}name": 1,
    **dict.fromkeys((f"{DC}title", f"{DCTERMS}title"), 2),
}
_ALIASES = {f"{SKOS}altLabel", f"{SKOS}hiddenLabel", "schema:alternateName", f"{FOAF}nick"}
_ALIASES |= {f"{DCTERMS}alternative", f"{DBO}alias"}
_DESCRIPTIONS = {
    **dict.fromkeys((f"{RDFS}comment", "schema:description"), 0),
    **dict.fromkeys((f"{DCTERMS}description", f"{DC}description", f"{SKOS}definition"), 1),
    f"{DBO}abstract": 2,
}
#: The same by the last part of an IRI, in lower case, if its objects are literals.
_OWN = {
    **dict.fromkeys(("name", "label", "preflabel"), ("label", NAMES)),
    "title": ("label", TITLES),
    **dict.fromkeys(("altlabel", "alias", "aliases", "alternatename"), ("name", 0)),
    **dict.fromkeys(("description", "comment", "abstract"), ("description", 3)),
}
_BOOKKEEPING = re.compile(
    rf"{OWL}|{WIKIBASE}|{RDFS}(?:isDefinedBy|seeAlso|domain|range|subPropertyOf|member)$"
    rf"|{RDF}(?:subject|predicate|object|value|_\d+)$"
    r"|http://www\.w3\.org/ns/(?:prov|dcat|shacl|sparql-service-description)#"
    r"|http://rdfs\.org/ns/void#|http://purl\.org/vocab/vann/|http://creativecommons\.org/ns#"
    rf"|{SKOS}(?:inScheme|topConceptOf|hasTopConcept|notation|\w+Match|\w*[nN]ote)$"
    rf"|{FOAF}(?:page|depiction|img|thumbnail|isPrimaryTopicOf|primaryTopic)$"
    rf"|(?:{DC}|{DCTERMS})(?:identifier|modified|license|rights|rightsHolder)$"
    rf"|{DBO}(?:wiki\w+|thumbnail|id|\w+Id)$|http://dbpedia\.org/property/wiki\w+$"
    r"|https?://schema\.org/(?:sameAs|image|identifier|version|dateModified"
    r"|softwareVersion|thumbnailUrl|logo|mainEntityOfPage|url)$"
    r"|http://www\.wikidata\.org/prop/direct-normalized/"
    r"|http://www\.georss\.org/georss/|http://www\.opengis\.net/ont/geosparql#"
    r"|.*[/#](?:id|identifier|uuid|guid|thumbnail|sameAs)$"
)
_SCHEMA = re.compile(r"https?://(?:www\.)?schema\.org/")


@dataclass(frozen=True)
class Role:
    """What a predicate is for."""

    what: str  #: "label", "name" (another one), "description", "type", "bookkeeping" or "fact"
    rank: int = 0  #: of several sources of a label or description, the least goes first


def role(predicate: str, *, literal: bool) -> Role:
    """The role of a predicate; ``literal`` says that all of its objects are literals.

    >>> role("https://schema.org/name", literal=True)
    Role(what='label', rank=0)
    >>> role("http://example.org/films#director", literal=False).what
    'fact'
    """
    short = _SCHEMA.sub("schema:", predicate)
    last = last_part(predicate)
    if short in _NAMES:
        return Role("label", _NAMES[short])
    if short in _ALIASES:
        return Role("name")
    if short in _DESCRIPTIONS:
        return Role("description", _DESCRIPTIONS[short])
    if predicate == TYPE or (last in TYPE_RELATIONS and not literal):
        return Role("type")
    if _BOOKKEEPING.match(predicate):
        return Role("bookkeeping")
    if literal and last.lower() in _OWN:
        return Role(*_OWN[last.lower()])
    return Role("fact")


def last_part(iri: str) -> str:
    """What stands after the last slash or number sign of an IRI, or after its last colon."""
    last = re.split(r"[/#]", iri.rstrip("/#"))[-1]
    return last.rsplit(":", 1)[-1]


def short_name(iri: str) -> str:
    """An IRI for a list: "owl:sameAs" where its namespace is well known.

    >>> short_name("http://www.w3.org/2002/07/owl#sameAs")
    'owl:sameAs'
    """
    known = {RDF: "rdf", RDFS: "rdfs", OWL: "owl", SKOS: "skos", FOAF: "foaf", DC: "dc"}
    known |= {DCTERMS: "dcterms", DBO: "dbo", WIKIBASE: "wikibase", "http://schema.org/": "schema"}
    known |= {"http://www.wikidata.org/prop/direct/": "wdt", "http://www.w3.org/ns/prov#": "prov"}
    for namespace, prefix in known.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
