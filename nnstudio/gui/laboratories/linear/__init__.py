"""The laboratory of linear against non-linear: the same data with activations, without them, and by least squares."""
