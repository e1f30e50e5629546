"""What stands between strangers and the page: Gradio's server, kept to what the page needs.

    front        where the page is served: below a prefix, behind a proxy, in whose frames
    guard        the outermost layer: refusals, headers of every response, one line for an error
    rules        which requests the page needs; all others are refused
    policy       Content-Security-Policy
    connections  how long a request may take to arrive, and how many streams stay open
    queue        who waits, who is told to come back, which values are wrong
    sessions     what the server keeps of a visitor

``front.Front.options`` gives them to ``Blocks.launch``. They lean on parts of Gradio that are not
documented; each has a test that fails when a new version of Gradio changes what it leans on.
"""
