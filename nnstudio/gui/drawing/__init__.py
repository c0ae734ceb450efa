"""Drawing one's own points: a plane to draw on, classes or a value to draw with, a brush and an eraser."""
