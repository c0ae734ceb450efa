"""What the explanation panel is made of: formulas as pictures, and ways to copy them."""
