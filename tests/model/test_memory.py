import subprocess
import sys

import pytest

PAGE_FAULTS = """
import resource, torch
from model.memory import keep_freed_memory
def fault():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(5):
        torch.ones(2**24)  # 64 MiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
fault()
given_back = fault()
keep_freed_memory()
for _ in range(6):  # the heap finds its size in some ten steps
    fault()
print(given_back, fault())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
def test_freed_memory_is_kept_for_the_next_step() -> None:
    done = subprocess.run([sys.executable, "-c", PAGE_FAULTS], capture_output=True, check=True)
    given_back, kept = map(int, done.stdout.split())
    assert given_back > 1000, "pages that the system had to clear again"
    assert kept < 100
