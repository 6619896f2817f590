"""Which source the blob triggers listen to: the one setting that is read when a door is declared."""

import os

import azure.functions as func


def blob_source() -> func.BlobSource:
    """`BLOB_TRIGGER_SOURCE`: LogsAndContainerScan (the default: local, Consumption) or EventGrid (Flex Consumption).

    Anything else is taken for the default here, so that the app still indexes; the first call says what is wrong.
    """
    wanted = os.environ.get("BLOB_TRIGGER_SOURCE", "")
    eventgrid = wanted == func.BlobSource.EVENT_GRID.value
    return func.BlobSource.EVENT_GRID if eventgrid else func.BlobSource.LOGS_AND_CONTAINER_SCAN
