"""What partners are shown: receipts, templates and the page of datasets."""
