"""The default data set, and the only room that knows it: films, places and art, and questions about
them.

sources, places   films, people, roles; countries, cities, museums, works of art tables/
hand-written tables build             the whole graph phrasings         kinds of question with their
wordings (phrasings.txt) wording, writer   names as people type them; questions with answers read
off the graph
"""
