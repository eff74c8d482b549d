"""Stacks that exercise the engines, and the program that runs them on one; used by the parity tests only."""
