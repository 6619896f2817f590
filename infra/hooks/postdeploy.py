"""azd's postdeploy hook, as azure.yaml names it; by hand: `python infra/hooks/postdeploy.py` (docs/deploy.md)."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # azd runs this file alone, not the package
    try:
        from infra.hooks.wire_events import main
    except ModuleNotFoundError as error:
        raise SystemExit(
            f"Events are not wired: this Python ({sys.executable}) has no {error.name}. It needs Python 3.13 with "
            "the packages of requirements.txt: make setup, then .venv/bin/python infra/hooks/postdeploy.py."
        ) from None

    raise SystemExit(main(sys.argv[1:]))
