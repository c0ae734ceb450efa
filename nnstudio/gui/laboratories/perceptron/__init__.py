"""The perceptron: one neuron, its weight and its bias under sliders, alone or as it stands in the network."""
