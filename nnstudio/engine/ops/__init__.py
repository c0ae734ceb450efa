"""The operations a training iteration is made of.

Each function makes one operation, bound to its arrays: running it computes with `out=` everywhere and allocates
nothing. Read the files in the order of an iteration; rows are samples, and ∂J/∂Z is written dZ:

1. `operation`   what an operation is: its kind, its phase, its label, the slots it reads and writes
2. `wiring`      which slot goes into a layer's weighted sum, and which into its activation
3. `labelling`   Q, T, s ← pseudo-labels, for rows that have no target
4. `loading`     X, Y, w ← mini-batch
5. `affine`      Z1 = X W1ᵀ + b1, and back: dWl = dZlᵀ A(l−1), dbl = Σ dZl, dA(l−1) = dZl Wl
6. `normalizing` H1 = (Z1 − mu1) / √(var1 + ε), N1 = gamma1 ⊙ H1 + beta1, and back; the running statistics
7. `activating`  A1 = σ(Z1), and back: dZl = dAl ⊙ σ′(Zl)
8. `dropout`     M1 ← Bernoulli(1 − p)/(1 − p), D1 = A1 ⊙ M1, and back: dA1 = dD1 ⊙ M1
9. `judging`     J of the last layer's outputs, and its slope dAL = ∂J/∂AL
10. `penalties`  P, and J = C + P, and the slope ∂P/∂W
11. `clipping`   what of too steep a gradient the optimizer gets to see
12. `updating`   the learning rate by its schedule, and the links of the optimizer's chain
13. `max_norm`   W1 ← W1 · min(1, c / √Σw²)
"""

from .operation import Op, OpKind, Phase

__all__ = ["Op", "OpKind", "Phase"]
