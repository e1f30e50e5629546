"""Questions as exact programs, and the search for programs that explain their answers.

program          the form, its text, and how it runs on a graph
operators        one hop of it: relations followed, and operators applied
enumerate        all paths from an entity that reach an answer, fast
explanation      a program from mentions of a question that reaches its answers
search           which explanations by relations are good ones
target           an answer to be reached: entities, a number, yes or no
sets             sets of entities, and where every hop leads from them
operator_search  exact explanations with operators
"""
