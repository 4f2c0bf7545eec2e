"""How Jianbao behaves as it grows: programs that push made bulletins into the real processes and measure from outside.

They know the commands, HTTP and /proc only, and import nothing of the project. Figures: docs/operators/performance.md.
"""
