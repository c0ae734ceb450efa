"""A test here is as slow as the machine is busy: time is no condition."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
