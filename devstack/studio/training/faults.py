"""Why a training fails: said in words that become the job's `Details`."""


class TrainingFault(Exception):
    """The examples or the model cannot be used. Its text is for the person who sent them."""
