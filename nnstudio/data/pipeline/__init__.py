"""The steps that turn the columns of a table into inputs: a list in the user's order, each step of which can be off.

Read in this order: `table` (what steps work on), `step` (what they have in common), then the steps themselves: `gaps`,
`encode`, `clip`, `scale`, `derive`, `polynomial`, `components`, `sample`; and `fitting` (the list as a whole).
"""

from .clip import Clip
from .components import Components
from .derive import Derive
from .encode import Encode
from .gaps import Gaps
from .polynomial import Polynomial
from .sample import Sample
from .scale import Scale

__all__ = ["Clip", "Components", "Derive", "Encode", "Gaps", "Polynomial", "Sample", "Scale", "Step"]

Step = Gaps | Encode | Clip | Scale | Derive | Polynomial | Components | Sample
