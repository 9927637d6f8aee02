"""`saoy digitize` over 1, 10, 100 and 500 pages: time of each step, peak memory, size of the copy.

usage: digitize.py SAOY PAGES_DIR [PEERS_DIR]

Peak memory is the largest sum, sampled each 5 ms, of the proportional set size of the program and
all it started. With PEERS_DIR (a folder with peer_pipeline.sh) the peers do the same job on the
same pages in the same run, and their sum without Python's start-up stands beside ours.
"""

import csv
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

STEPS = ("assemble", "mark", "sign", "verify")
PEER_STEPS = ("img2pdf", "stamp_pikepdf", "sign_ed25519", "verify_ed25519")


def family(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [process, *(member for child in children for member in family(int(child)))]


def held(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def run_sampled(arguments: list[str]) -> tuple[dict, float]:
    peak = 0
    over = threading.Event()
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:

        def sample() -> None:
            nonlocal peak
            while not over.wait(0.005):
                peak = max(peak, sum(map(held, family(process.pid))))

        sampler = threading.Thread(target=sample)
        sampler.start()
        out, err = process.communicate()
        over.set()
        sampler.join()
    if process.returncode:
        sys.exit(err.decode())
    return json.loads(out), peak / 1024


def peers(folder: Path, pages: Path, count: int) -> float:
    environment = os.environ | {"SLOWMAX": "0", "PEERS_PYTHON": sys.executable}
    rows = subprocess.run(
        ["bash", folder / "peer_pipeline.sh", pages, str(count)],
        env=environment, capture_output=True, text=True, check=True,
    ).stdout
    steps = {row["phase"]: row for row in csv.DictReader(rows.splitlines())}
    for step in PEER_STEPS:
        if steps[step]["rc"] != "0":
            sys.exit(f"the peers' step {step} failed: {steps[step]}")
    return sum(float(steps[step]["inner_s"]) for step in PEER_STEPS) * 1000


def main(saoy: str, scans: Path, peer_folder: Path | None) -> None:
    drawn = sorted(scans.glob("*.jpg"))
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        os.environ |= {"SAOY_HOME": str(folder / "home"), "SAOY_PIN": "24681357"}
        subprocess.run(
            [saoy, "init", "--office", "H00", "--office-name", "Bench", "--clerk", "Nguyễn Thị Lan"],
            check=True, stdout=subprocess.DEVNULL,
        )
        print("pages  import  " + "  ".join(STEPS) + "  sum  peers' sum (ms)  peak MB  growth B (%)")
        for count in (1, 10, 100, 500):
            pages = folder / f"pages-{count}"
            pages.mkdir()
            for number in range(count):
                (pages / f"p{number:04}.jpg").symlink_to(drawn[number % len(drawn)])
            files = sorted(pages.iterdir())
            size = sum(file.stat().st_size for file in files)
            copy = folder / f"{count}.pdf"
            answer, peak = run_sampled(
                [saoy, "digitize", "--type", "KQ.1", "--name", "Bench", "--accept-findings",
                 "--out", str(copy), *map(str, files)]
            )
            times = answer["timings_ms"]
            beside = f"{peers(peer_folder, pages, count):.0f}" if peer_folder else "-"
            growth = copy.stat().st_size - size
            print(
                f"{count:5}  {times['import']:6}  " + "  ".join(f"{times[step]:4}" for step in STEPS)
                + f"  {sum(times[step] for step in STEPS):5}  {beside:>7}  {peak:6.1f}  {growth} ({growth / size:.2%})",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]).absolute(), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
