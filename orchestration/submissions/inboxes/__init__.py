"""The folders and buckets where partners put files and get receipts."""
