"""Questions as exact programs, and the search for programs that explain their answers.

program      the form, its text, and how it runs on a graph
enumerate    all paths from an entity that reach an answer, fast
explanation  a program from mentions of a question that reaches its answers
search       which explanations are good ones
"""
