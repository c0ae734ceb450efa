"""What the laboratories that compare have in common: `comparing` has the crew, `view` is their base, `run_bar` begins
the work and gives it up, and `curves_chart` draws what comes of it."""
