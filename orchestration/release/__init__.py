"""From an audited warehouse to a published release: disclose, describe, export, swap."""
