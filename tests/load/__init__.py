"""Benchmarks: what is compared runs side by side in one run, and what counts is the ratio. None asserts a time.

``python -m tests.load [name …] [--rows 1000000] [--residents 1000000] [--toy] [--database sqlite|postgres]
[--results folder]``
prints a table for each and keeps it in ``<results>/<name>.txt``. The servers they start listen on 127.0.0.1.
"""
