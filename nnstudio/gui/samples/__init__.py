"""The samples: every row with what the network says of it, filtered and sorted, and a walk through them."""
