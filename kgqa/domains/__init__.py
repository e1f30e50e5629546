"""Small invented graphs of many fields, with questions, to train a model for graphs it never saw.

domain     what a schema says, as values
fields     the values of its properties
reader     files -> domains
schemas/   the files: one a field
names      invented names; names/ holds word lists and patterns
facts      invented entities, relations between them, numbers
manner     how a graph writes ids: in words, as IRIs, columns or codes
generate   a graph of a domain with its wordings, of which some relations are left out
tables     its rows, in files or in memory
"""

from kgqa.domains.domain import Domain
from kgqa.domains.reader import domains, read_domain

__all__ = ["Domain", "domains", "read_domain"]
