"""Runs the pipeline on known truth: training here, measuring in later modules. Nothing below knows this
floor."""
