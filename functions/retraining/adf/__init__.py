"""Data Factory JSON to typed definitions: pure, but for `read_folder`."""

from .factory import Factory, load
from .folder import read_folder
from .local_settings import local_settings

__all__ = ["Factory", "load", "local_settings", "read_folder"]
