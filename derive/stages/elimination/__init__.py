"""The score equations solved one after another."""
