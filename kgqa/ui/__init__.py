"""The page: from a :class:`kgqa.trace.Trace` to what a person sees, and nothing else.

Every view works in three steps: *select* the part of the trace that it shows, *render* it as a
string, and leave looks to ``static/*.css``. A view is one file and a pure function of the trace;
nothing in this package sees a tensor or imports torch. README.md beside this file says how to host
the page and how to add a view.

    service      what the page needs from outside: functions, and the card of model and graph
    page         tabs and events: ``build_page``       handlers  what happens on each event
    events       what JavaScript sends, checked        controls  the component that sends it
    link         the address that shows a page again   address   its short form
    undo         edits, to and fro                     visits    what an edit or an address shows
    bar          the buttons beside the question       theme     fonts, CSS, options of launch
    quick        Gradio, imported in half the time
    kept         the latest traces         values    of the endpoint for programs, checked
    guard/       what strangers cannot do: rules of requests, headers, the queue's bounds, sessions
    html/        escape (the only way text reaches HTML), palette (the only colours), marks (which
                 mention has which letter), words (sentences), parts (bars, labels, buttons)
    views/       one file for each part of an answer, in the order of the page
    drawing/     select (what is drawn), picture, layout, network, nodes, ask_about, canvas
    tabs/        explore, learn with figures and toy, about, and the frame around them
    static/      what a browser reads
    screenshots  pictures of every page
"""
