"""The laboratory of learning rates: several of them side by side, and a range test that proposes one."""
