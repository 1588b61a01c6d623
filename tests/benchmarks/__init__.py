"""Benchmarks: each bar beside its floor, measured alternately in one run.

``python -m tests.benchmarks`` prints a table. Nothing here is a test: a bar that is missed is
printed, never a failure, since other work on the machine moves every figure.
"""
