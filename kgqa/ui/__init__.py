"""The page: from a :class:`kgqa.trace.Trace` to what a person sees, and nothing else.

Every view works in three steps: *select* the part of the trace that it shows, *render* it as a string, and leave
looks to ``static/page.css``. A view is one file, a pure function of the trace, and sees no tensor; importing this
package never imports torch.

    escape     the only way by which text reaches HTML          palette   the only file with colours
    marks      which mention has which letter and colour        words     facts, plans and outcomes as sentences
    parts      bars, labels and headings that views share       examples  the questions to click

    answer, question, candidates, hops, intersection            one view each, in the order of the page
    act        what is changed by hand: controls, wishes        plan      what was followed, in a sentence
    controls   the component behind every control               snippets  the question in Python and curl
    picture    nodes and edges in columns, at most 60 nodes     select    what of a walk becomes a picture
    layout     where each node stands                           network   pyvis: what is drawn, stand-alone file
    nodes      facts and neighbours of a node                   ask_about a question about a node
    canvas     the Gradio components with JavaScript            outline   legend, and the same picture in words

    learn, figures   the lesson and its live tables             toy       the toy graph, number by number
    cards      model card, graph card, papers, how to run       about     header, welcome, footer
    service    what the page needs from outside                 link      the address that shows a page again
    handlers   what happens on each event                       explore   components of the first tab
    page       tabs and events: ``build_page``                  theme     fonts, CSS and other options of launch
    screenshots   pictures of every page
"""
