"""A benchmark: feedpub beside Hugo, same articles in, same feeds out. Run `python -m tests.bench`."""
