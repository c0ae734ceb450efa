"""A neural network as a machine that can be single-stepped. NumPy is all it needs.

Read the files in this order, and you have read an introduction to neural networks:

1. `spec`          what a network is: layers of units, each a weighted sum, a bias and an activation
2. `activations`   σ, which bends the weighted sum, and its slope σ′
3. `costs`         J, which says how wrong the outputs are, and its slope ∂J/∂A
4. `fusion`        the two pairs of activation and cost that are computed together, to stay exact
5. `initializers`  where the weights start
6. `optimizers`    how a gradient becomes a change of the parameters
7. `arena`         where every number of a run lives
8. `batches`       which rows of the data each iteration sees
9. `ops`           the operations: load, weighted sum, activation, cost, and back again
10. `compiler`     how a network, its cost and its optimizer become a flat list of operations
11. `machine`      what runs that list: a whole iteration, or one operation at a time
"""
