"""The parts of the Data panel: where the data come from, their columns, the table, and the sample at hand."""
