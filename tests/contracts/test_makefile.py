"""The Makefile, with a stand-in for uv: what it calls, and from where."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]

UV = """#!/bin/sh
mkdir -p .venv/bin
printf '#!/bin/sh\\necho "started: $*"\\n' > .venv/bin/tenantry
chmod +x .venv/bin/tenantry
"""


def test_make_run_works_in_a_folder_whose_path_has_a_space(tmp_path: Path) -> None:
    clone = tmp_path / "my products" / "tenantry"
    (clone / ".uv" / "bin").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, clone)
    uv = clone / ".uv" / "bin" / "uv"
    uv.write_text(UV)
    uv.chmod(0o755)
    made = subprocess.run(
        ["make", "run"],
        cwd=clone,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert made.stdout.endswith("\nstarted: dev\n")
