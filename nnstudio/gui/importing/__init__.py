"""Opening a table: a dialog shows what is in the file and what will be made of it, before anything is changed."""
