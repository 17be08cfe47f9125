from __future__ import annotations

import sys

from tugi.cli import main

sys.exit(main())
