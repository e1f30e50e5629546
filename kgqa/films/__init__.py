"""The default data set: films, places, art, and questions on them. No other package knows it.

relations, tables/    relations with the words for them; all hand-written tables
sources, places, art  films, people, roles; countries and cities; museums and works of art
build                 the whole graph
phrasings             kinds of question with their programs and wordings (two .txt files)
refusable             what must be refused and how people word it (refusals.txt)
topics, wording       entities to ask about, and names as people type them
literals, worth       numbers that bound a set as people write them; what is worth asking
draws, operator_draws what fills the slots of a kind, and the answer
writer                questions, with the answers that their programs reach
unknown, refusals     names that the graph does not know; questions that must be refused
"""
