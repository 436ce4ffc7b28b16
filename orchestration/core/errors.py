"""The exceptions that a user reads as a message.

Belongs here: errors that a user can repair, such as a setting, a path, a page or a lock.
Does not belong here: faults in a partner's file, which are check results in a receipt, never exceptions.
"""


class CorridorError(Exception):
    """An error that its reader can repair: the message gives fault, place, expectation and action."""


class PartnerFolderError(CorridorError):
    """A partner's inbox or outbox cannot be reached. Only that partner waits; the run continues for the others."""


class GateRefusedError(CorridorError):
    """The gate refused a candidate. The last release stays current."""
