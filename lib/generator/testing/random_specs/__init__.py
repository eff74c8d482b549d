"""Random specs: drawn from the model, held to the invariants.

cd lib && python -m generator.testing.random_specs --count 10000 --seed 1
"""
