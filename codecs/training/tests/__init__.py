"""Unit tests: python3 -m unittest, in this folder's parent."""
