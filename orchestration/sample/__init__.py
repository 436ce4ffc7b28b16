"""The fictional home that comes with the project: made from a seed, at any size, and never a real partner's."""
