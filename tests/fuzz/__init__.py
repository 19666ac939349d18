"""Hostile HTML made at random, and what must hold of all that comes out."""
