"""All that determines a run, as one frozen document: `document`; edits of it: `edits`; its file: `file`."""
