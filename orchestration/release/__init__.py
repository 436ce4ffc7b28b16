"""From the working warehouse to a published release: disclosure, exports, publication."""
