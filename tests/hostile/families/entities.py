"""XML that defines entities: to become large, or to fetch what is not the sender's."""

HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n'
LAUGHS = (
    HEAD
    + b'<!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(10))
    + b"]><l>&k;</l>"
)


def outside(place: str) -> bytes:
    """An invoice whose number is whatever lies at a place."""
    entity = f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "{place}">]><Invoice><ID>&x;</ID></Invoice>'
    return HEAD + entity.encode()


OUTSIDE_FILE = outside("file:///etc/passwd")
