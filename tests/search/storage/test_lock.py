"""The lock of a study: what it costs in connections, and that a lost one is made anew."""

from collections.abc import Iterator

import pytest
from sqlalchemy import NullPool, create_engine, event, text
from sqlalchemy.pool import Pool

from search.storage.lock import study_lock


@pytest.fixture
def connections() -> Iterator[list[object]]:
    """Those that are made from now on."""
    made: list[object] = []

    def add(connection: object, _record: object) -> None:
        made.append(connection)

    event.listen(Pool, "connect", add)
    yield made
    event.remove(Pool, "connect", add)


def test_a_lock_that_is_taken_again_needs_no_other_connection(
    storage: str, connections: list[object]
) -> None:
    for _ in range(3):
        with study_lock(storage, "made"):
            pass
    assert len(connections) == storage.startswith("postgresql")


def test_a_connection_that_was_lost_meanwhile_is_made_anew(
    storage: str, connections: list[object]
) -> None:
    with study_lock(storage, "made"):
        pass
    if connections:
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        end = text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        with create_engine(storage, poolclass=NullPool).connect() as connected:
            assert connected.scalars(end).all() == [True]
    with study_lock(storage, "made"):
        pass
