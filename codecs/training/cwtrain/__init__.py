"""Training of the learned codecs in PyTorch (1.13 to 2.x, CPU or CUDA).

Architectures are lists of layers in JSON (spec.py) that the Go runtime reads
too; model files are safetensors with that JSON, float16 weights and integer
tables.
"""
