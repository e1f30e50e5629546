"""The page: from a :class:`kgqa.datatypes.Trace` to what a person sees, and nothing else.

Every view works in three steps: *select* the part of the trace that it shows, *render* it as a string, and leave
looks to ``assets/page.css``. A view is one file, a pure function of the trace, and sees no tensor; importing this
package never imports torch.

    escape     the only way by which text reaches HTML          palette   the only file with colours
    marks      which mention has which letter and colour        words     facts, plans and outcomes as sentences
    parts      bars, labels and headings that views share       examples  the questions to click

    answer, question, candidates, hops, intersection            one view each, in the order of the page
    picture    what of the walk is drawn (at most 60 nodes)     layout    where it is drawn, left to right
    network    pyvis: nodes, edges, options, stand-alone file   canvas    the Gradio components with JavaScript
    outline    the legend, and the same picture in words

    about      header, welcome, footer                          link      the address that asks a question again
    theme      fonts, CSS and other options of launch           page      layout and events: ``build_page``
"""
