"""Take in what partners file: list inboxes, read files, check them, accept rows, answer with receipts."""
