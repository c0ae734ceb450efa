"""Lessons: a text, an experiment, and tasks that the machine itself checks. They are written by teachers, not in code.

A lesson is a folder (`nnstudio-lesson/1`, documented in `resources/lessons/README.md`): `lesson.md` is what is read,
`experiment.nns.json` what it opens, `lesson.json` what is done and asked at each step. `reading` makes a `Lesson` of
it, or says what is wrong and where; `spec` is what a lesson consists of, `file_format` how `lesson.json` spells it,
`text` the parts of `lesson.md`, `formula` the mathematics within it, `checking` whether a lesson fits its experiment
and an answer is right, `progress` how far a person has come, `library` the lessons there are.

It stands between `explain` and `gui`: it may import all from `engine` to `explain`, and only `gui` may import it.
"""
