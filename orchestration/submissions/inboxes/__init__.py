"""Where partners put files, and which of them are new."""
