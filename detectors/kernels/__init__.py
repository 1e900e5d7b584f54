"""Kernels compiled to machine code. They import nothing from outside this folder but numpy and numba (compiled.py)."""
