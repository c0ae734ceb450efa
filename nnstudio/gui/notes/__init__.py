"""What a person writes down beside a run: saved with the project."""
