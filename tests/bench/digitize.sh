#!/usr/bin/env bash
# Times and peak memory of one `saoy digitize` over 1, 10, 100 and 500 pages at 200 dpi; beside it
# img2pdf (assembling alone) and pyHanko's start, on the same pages in the same run.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export SAOY_HOME=$folder/home SAOY_PIN=24681357
saoy=target/release/saoy
$saoy init --office H00 --office-name Bench --clerk "Nguyễn Thị Lan" >/dev/null
target/debug/draw-scans "$folder/scans" 20 200 42
for pages in 1 10 100 500; do
  files=()
  for ((n = 0; n < pages; n++)); do files+=("$folder/scans/giay-to-$(printf %02d $((n % 20 + 1))).jpg"); done
  out=$folder/$pages.pdf
  /usr/bin/env python3 - "$saoy" "$out" "${files[@]}" <<'P'
import json, os, resource, subprocess, sys, time
saoy, out, *files = sys.argv[1:]
size = sum(os.path.getsize(f) for f in files)
start = time.perf_counter()
run = subprocess.run([saoy, "digitize", "--type", "KQ.1", "--name", "Bench", "--accept-findings", "--out", out, *files], capture_output=True, text=True)
wall = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
if run.returncode: sys.exit(run.stderr)
made = json.loads(run.stdout)["timings_ms"]
print(f"{len(files):4} pages  wall {wall:6.2f} s  peak {peak/1024:6.1f} MB  output {os.path.getsize(out)-size:+} B over {size}  {made}")
P
  if [ -x .tools/venv/bin/img2pdf ]; then
    /usr/bin/env time -f "      img2pdf alone: %e s, %M kB" .tools/venv/bin/img2pdf "${files[@]}" -o "$folder/peer.pdf" || true
  fi
done
