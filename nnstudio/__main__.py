"""`python -m nnstudio` is the command `nnstudio`."""

import sys

from nnstudio.cli import main

sys.exit(main())
