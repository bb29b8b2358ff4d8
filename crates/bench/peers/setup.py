"""Brings what measurements need under target/: the peers' Python environment and the data."""

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
TARGET = ROOT / "target"
DEFAULT = (1_000_000, 10_000_000)


def python():
    """A Python that has DuckDB and Polars; made on first use."""
    home = TARGET / "peers"
    found = home / "bin" / "python"
    has_both = [str(found), "-c", "import duckdb, polars"]
    if not found.exists() or subprocess.run(has_both, capture_output=True).returncode != 0:
        print(f"installing duckdb and polars in {home}", file=sys.stderr)
        venv.create(home, with_pip=True)
        subprocess.run([str(found), "-m", "pip", "install", "--quiet", "duckdb", "polars"], check=True)
    return str(found)


def versions(interpreter):
    """The versions of the peers as one line."""
    code = "import duckdb, polars; print(f'DuckDB {duckdb.__version__}, Polars {polars.__version__}')"
    return subprocess.run([interpreter, "-c", code], capture_output=True, check=True, text=True).stdout.strip()


def data(kind, customers, orders):
    """The folder of the comparison's data; made on first use."""
    name = "bench-data" if (customers, orders) == DEFAULT else f"bench-data-{customers}x{orders}"
    return bulk(TARGET / name / kind, kind, customers, orders)


def bulk(folder, kind, customers, orders, generator=None):
    """The folder with bulk data; made on first use, by cargo unless there is a built generator."""
    done = folder / "complete"
    if not done.exists():
        cargo = ["cargo", "run", "--quiet", "--release", "--package", "accolade-bench", "--"]
        command = [generator] if generator else cargo
        command += ["bulk", "--customers", str(customers), "--orders", str(orders), "--format", kind]
        subprocess.run([*command, str(folder.resolve())], check=True, cwd=ROOT)
        done.touch()
    return folder
