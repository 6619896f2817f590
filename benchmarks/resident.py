"""How much memory a process has, as Linux counts it."""

from pathlib import Path


def peak_of(pid: int | str = "self") -> int:
    """The peak resident memory of a process since its start, in bytes."""
    return _kilobytes(pid, "VmHWM:") * 1024


def resident_of(pid: int | str = "self") -> int:
    """What a process has resident now, in bytes."""
    return _kilobytes(pid, "VmRSS:") * 1024


def _kilobytes(pid: int | str, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii", errors="replace").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])
