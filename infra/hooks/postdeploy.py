"""azd's postdeploy hook, as azure.yaml names it; by hand: `python infra/hooks/postdeploy.py` (docs/deploy.md)."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # azd runs this file alone, not the package
    from infra.hooks.wire_events import main

    raise SystemExit(main(sys.argv[1:]))
