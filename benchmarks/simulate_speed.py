"""Cost of a simulated light curve of 100 phases, beside PHOEBE's and batman's in the same run.

    python benchmarks/simulate_speed.py [--peers PYTHON]

CPU time of one thread, medians; every batch holds different systems. PYTHON is an interpreter that has phoebe and
batman (environments of their own: PHOEBE pins what we do not). Without it our own times are printed alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Callable

import numpy as np

from goodricke.simulate import Systems, light_curves

PHASES = 100
PEERS = r"""
import json, os, time, warnings
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["PHOEBE_ENABLE_ONLINE_PASSBANDS"] = "FALSE"
os.environ["PHOEBE_ENABLE_PLOTTING"] = "FALSE"
warnings.filterwarnings("ignore")
import numpy as np
import phoebe
phoebe.logger(clevel="CRITICAL")
phases = np.linspace(-0.5, 0.5, 101)[:-1]
took = {}

def bundle(sort):
    b = phoebe.default_contact_binary() if sort == "contact" else phoebe.default_binary()
    b.add_dataset("lc", compute_phases=phases, passband="Johnson:V")
    b.set_value_all("ld_mode", "manual"); b.set_value_all("ld_func", "linear"); b.set_value_all("ld_coeffs", [0.5])
    b.set_value_all("ld_mode_bol", "manual"); b.set_value_all("ld_func_bol", "linear")
    b.set_value_all("ld_coeffs_bol", [0.5])
    b.set_value_all("atm", "blackbody"); b.set_value("irrad_method", component=None, compute="phoebe01", value="none")
    b.set_value_all("gravb_bol", 0.32)
    b.set_value("incl", component="binary", value=80.0)
    if sort == "contact":
        b.flip_constraint("pot", component="contact_envelope", solve_for="requiv@primary")
        b.flip_constraint("fillout_factor", solve_for="pot@contact_envelope")
        b.set_value("q", component="binary", value=0.3)
        b.set_value("fillout_factor", component="contact_envelope", context="component", value=0.3)
    else:
        b.set_value("q", component="binary", value=0.6)
        b.set_value("sma", component="binary", value=5.0)
        b.set_value("requiv", component="primary", value=5.0 * 0.25)
        if sort == "detached":
            b.set_value("requiv", component="secondary", value=5.0 * 0.2)
        else:
            b.add_constraint("semidetached", component="secondary")
    return b

for sort in ("contact", "detached", "semi-detached"):
    b = bundle(sort)
    b.run_compute(model="warm")
    times = []
    for k in range(3):
        start = time.process_time()
        b.run_compute(model=f"m{k}", overwrite=True)
        times.append(time.process_time() - start)
    took[f"PHOEBE {phoebe.__version__}, {sort}"] = float(np.median(times))
try:
    import batman
    p = batman.TransitParams()
    p.t0, p.per, p.rp, p.a, p.inc, p.ecc, p.w = 0.0, 1.0, 0.5, 8.0, 89.0, 0.0, 90.0
    p.u, p.limb_dark = [0.4, 0.2], "quadratic"
    model = batman.TransitModel(p, phases)
    start = time.process_time()
    for k in range(2000):
        model.light_curve(p)
    took[f"batman {batman.__version__}, one eclipse"] = (time.process_time() - start) / 2000
except ImportError:
    pass
print("PEERS" + json.dumps(took))
"""


def median_ms(work: Callable[[], object], n: int, repeats: int = 7) -> float:
    """Median CPU milliseconds per system of `repeats` runs over `n` systems, after one that compiles."""
    work()
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return 1e3 * float(np.median(times)) / n


def contact(n: int, rng: np.random.Generator) -> Systems:
    """Contact binaries around q = 0.3, fill-out 0.3, 80 degrees."""
    return Systems(q=rng.uniform(0.15, 0.6, n), fillout=rng.uniform(0.05, 0.7, n), inclination=rng.uniform(70, 90, n),
                   temperature2=rng.uniform(5500, 6300, n))  # fmt: skip


def detached(n: int, rng: np.random.Generator) -> Systems:
    """Detached binaries around r = 0.25 and 0.2, 80 degrees and more."""
    return Systems(q=rng.uniform(0.4, 1, n), radius1=rng.uniform(0.15, 0.28, n), radius2=rng.uniform(0.1, 0.22, n),
                   inclination=rng.uniform(78, 90, n), temperature2=rng.uniform(4500, 6000, n))  # fmt: skip


def semi_detached(n: int, rng: np.random.Generator) -> Systems:
    """Star 2 fills its lobe."""
    return Systems(q=rng.uniform(0.2, 0.7, n), radius1=rng.uniform(0.15, 0.3, n), inclination=rng.uniform(76, 90, n),
                   temperature1=9000.0, temperature2=rng.uniform(4500, 6000, n))  # fmt: skip


def wide(n: int, rng: np.random.Generator) -> Systems:
    """Round stars, some 60 to 120 radii apart."""
    return Systems(q=0.9, radius1=rng.uniform(0.008, 0.015, n), radius2=rng.uniform(0.006, 0.01, n),
                   inclination=rng.uniform(89, 90, n))  # fmt: skip


def main() -> None:
    """Run and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", metavar="PYTHON", help="interpreter with phoebe and batman")
    parser.add_argument("-n", type=int, default=400, help="systems of each sort")
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    phases = np.linspace(-0.5, 0.5, PHASES + 1)[:-1]
    peers: dict[str, float] = {}
    if arguments.peers:
        said = subprocess.run([arguments.peers, "-c", PEERS], capture_output=True, text=True, check=True).stdout
        peers = json.loads(said[said.index("PEERS") + 5 :])
    sorts = {"contact": contact, "detached": detached, "semi-detached": semi_detached, "round": wide}
    print(f"{PHASES} phases, {arguments.n} systems of each sort, one thread, CPU time\n")
    print("| systems | setting | ms per curve | curves/s/core | PHOEBE's default takes |\n|---|---|---:|---:|---:|")
    for name, make in sorts.items():
        systems = make(arguments.n, rng)
        theirs = next((value for key, value in peers.items() if key.endswith(f", {name}")), None)
        for setting in ("fast", "fine") if name != "round" else ("fast",):
            ms = median_ms(lambda s=systems, g=setting: light_curves(s, phases, grid=g, threads=1), arguments.n)  # type: ignore[misc]
            ratio = f"{1e3 * theirs / ms:,.0f} times as long" if theirs else "-"
            print(f"| {name} | {setting} | {ms:.3f} | {1e3 / ms:,.0f} | {ratio} |")
    for name, seconds in peers.items():
        print(f"\n{name}: {1e3 * seconds:,.3f} ms")


if __name__ == "__main__":
    main()
