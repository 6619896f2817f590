"""Times in documents."""

from datetime import datetime
from typing import Annotated

import msgspec

Utc = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time with its zone, UTC where we write it. One without is damage: it could not be compared with any other."""
