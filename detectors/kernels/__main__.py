"""``python -m detectors.kernels``: compile all kernels, so that no stage has to when it starts."""

from importlib import import_module
from pathlib import Path

for _path in sorted(Path(__file__).parent.glob("[!_]*.py")):
    import_module(f"{__package__}.{_path.stem}")
