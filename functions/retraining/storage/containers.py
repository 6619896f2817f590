"""Containers of the app's own, made when they are first written to."""

from azure.core.exceptions import ResourceExistsError
from azure.storage.blob import ContainerClient


def make(container: ContainerClient) -> None:
    """Make the container; quiet if somebody was faster. One that is still being deleted is an error of the SDK's."""
    try:
        container.create_container()
    except ResourceExistsError as error:
        if getattr(error, "error_code", None) != "ContainerAlreadyExists":
            raise
