"""The cost landscape: J along a parameter, and over a plane with the way of the descent on it."""
