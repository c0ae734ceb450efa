"""What the laboratories that compare have in common: `comparing` has the crew, `run_bar` begins its work and gives it
up, and `curves_chart` draws what comes of it."""
