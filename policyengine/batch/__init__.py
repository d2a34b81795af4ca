"""Many scenario files at once: found, evaluated by several processes, written so that nothing is lost."""
