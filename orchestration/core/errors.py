"""The one exception a user is meant to read.

Belongs here: errors that a person outside the code can mend (a setting, a path, a page, a lock).
Does not belong here: faults in a partner's file, which are findings in a receipt, never exceptions.
"""


class CorridorError(Exception):
    """A condition its reader can mend: the message says what, where, what was expected and what to do."""


class PartnerFolderError(CorridorError):
    """A partner's inbox or outbox cannot be reached. Only that partner waits; the others go on."""


class GateRefusedError(CorridorError):
    """The gate refused a candidate: what was published before stays as it is."""
