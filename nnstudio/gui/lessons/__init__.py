"""Lessons as a tool: an overview, and the page of the lesson that is open.

`player` is where a person stands in a lesson and what they have answered; `performer` carries out what a lesson does,
by what the session, the selection and the tools offer to everyone. `view` shows either `overview` or `lesson_page`,
which has a `task_box`; `rich_text` draws Markdown with typeset formulas.
"""
