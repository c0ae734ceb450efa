"""The parts of the Layers panel: a row a layer with its menu, and the settings of the training."""
