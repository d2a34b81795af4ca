"""A batch whose results go to an address: what a folder of this machine does by itself, done with objects."""
