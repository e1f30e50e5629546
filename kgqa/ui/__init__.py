"""The page: from a :class:`kgqa.datatypes.Trace` to what a person sees, and nothing else.

Every view works in three steps: *select* the part of the trace that it shows, *render* it as a string, and leave
looks to ``assets/page.css``. A view is one file, a pure function of the trace, and sees no tensor; importing this
package never imports torch.

    escape     the only way by which text reaches HTML          palette   the only file with colours
    marks      which mention has which letter and colour        words     facts, plans and outcomes as sentences
    parts      bars, labels and headings that views share       examples  the questions to click

    answer, question, candidates, hops, intersection            one view each, in the order of the page
    plan       what was followed and kept, in a sentence
    picture    nodes and edges in columns, at most 60 nodes     select    what of a walk becomes a picture
    layout     where each node stands                           network   pyvis: what is drawn, stand-alone file
    canvas     the Gradio components with JavaScript            outline   legend, and the same picture in words

    about      header, welcome, footer                          link      the address that asks a question again
    handlers   what happens on each event                       page      components and events: ``build_page``
    theme      fonts, CSS and other options of launch           screenshots   pictures of the page
"""
