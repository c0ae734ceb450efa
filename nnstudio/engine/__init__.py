"""A neural network as a machine that can be single-stepped. NumPy is all it needs.

Read the files in this order, and you have read an introduction to neural networks:

1. `spec`          what a network is: layers of units, each a weighted sum, a bias and an activation
2. `activations`   σ, which bends the weighted sum, and its slope σ′
3. `costs`         J, which says how wrong the outputs are, and its slope ∂J/∂A
4. `fusion`        the two pairs of activation and cost that are computed together, to stay exact
5. `initializers`  where the weights start
6. `optimizers`    how a gradient becomes a change of the parameters
7. `schedules`     how long its steps are, as training goes on
8. `model_spec`    all of these together: what is trained, and how
9. `checks`        which of them cannot work, and what to use instead
10. `naming`       what the numbers of a run are called
11. `arena`        where every one of them lives
12. `layout`       which they are
13. `batches`      which rows of the data each iteration sees
14. `pseudo_labels`  what the network itself says about rows that have no target
15. `ops`          the operations: load, weighted sum, normalization, activation, dropout, cost, and back again
16. `compiler`     how a network, its cost and its optimizer become a flat list of operations
17. `program`      that list
18. `model`        a network ready to be used: initialized, trained, evaluated, asked
19. `interventions`  what a person may do to an iteration from outside: set a number, skip or scale its update
20. `standing`     the state a machine goes on from, and how fresh its values are
21. `machine`      what runs a program: a whole iteration, or one operation at a time
"""
