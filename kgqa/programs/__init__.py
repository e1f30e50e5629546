"""What can be said exactly: a walk as a symbolic program, and the search for programs that explain
an answer.
"""
