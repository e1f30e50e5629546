"""Measurements of speed; each module measures one thing and returns typed rows.

follow      three hops against the published formulations (peers), on synthetic graphs
budget      what the edge budget costs there           answers   what it costs in real answers
pipeline    the parts of answering a question          building  the build of a large graph
report      the rows of ``follow``                     targets, picture   what is made of them

The product does not depend on this folder.
"""
