"""mark_covers.py BEFORE.png AFTER.png: pixels of BEFORE that carry content and are not the same in AFTER.
AFTER may be taller: a band was added above, so the pages are laid on each other at the foot. Prints JSON."""

import json
import sys

import numpy as np
from PIL import Image

before, after = (np.asarray(Image.open(path).convert("RGB")).astype(int) for path in sys.argv[1:])
band = after.shape[0] - before.shape[0]
same = after[band:, :before.shape[1]]
changed = np.abs(same - before).max(axis=2) > 24
paper = np.median(before.reshape(-1, 3), axis=0)
content = (paper - before).max(axis=2) > 60
rows, columns = np.nonzero(changed)
print(json.dumps({
    "band": int(band),
    "drawn": int(changed.sum() + (np.abs(after[:max(band, 0)] - 255).max(axis=2) > 24).sum()),
    "covered": int((changed & content).sum()),
    "lowest": int(rows.max()) if rows.size else 0,
    "rightmost": int(columns.max()) if columns.size else 0,
    "size": list(before.shape[:2]),
}))
