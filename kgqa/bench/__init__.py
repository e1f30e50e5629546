"""Measurements: follow against the published formulations, what the edge budget costs, and the pipeline's own profile.

Each module measures one thing and returns plain dictionaries for JSON; ``kgqa.cli.bench`` prints them. Peers are written
here alone (:mod:`.peers`): the product does not depend on them.
"""
