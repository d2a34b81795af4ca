"""Batches on several machines: a library hands out the parts of a batch, and tries again where a worker is lost."""
