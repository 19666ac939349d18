"""Attacks on the sanitiser: `vectors/` holds them by family, one a line."""
