"""A partner's file and its way in: inbox, read, check, accept."""
