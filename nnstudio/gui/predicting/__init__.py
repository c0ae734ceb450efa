"""Predicting: rows that are typed or come from a file, and what the network says of them."""
