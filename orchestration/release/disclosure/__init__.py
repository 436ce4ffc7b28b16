"""What a reader could work out from everything published, what is hidden so that nobody can, and the proof of it."""
