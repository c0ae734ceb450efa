"""The laboratory of mini-batches: full batch, mini-batch and single sample side by side."""
