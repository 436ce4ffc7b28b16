"""What partners read and fill in: receipts, templates and the page of datasets."""
