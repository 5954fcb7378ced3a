"""Who is at work still: a process of one boot of one host."""

import os
from dataclasses import replace

import psutil
import pytest

from search.storage.owner import Owner, me
from tests.search.records import ALIVE, DEAD, ELSEWHERE, ME

OWNERS = {
    "this process": ME,
    "another process that lives": ALIVE,
    "a process whose number lives on": DEAD,
    "a number of no process": replace(ME, pid=2**22 + 1),
    "this number before the machine was started again": replace(ME, boot="another"),
    "a process elsewhere": ELSEWHERE,
    "another boot elsewhere": replace(ME, host="elsewhere", boot="another"),
}


@pytest.mark.parametrize(
    ("owner", "is_me", "is_here", "is_gone"),
    [
        ("this process", True, True, False),
        ("another process that lives", False, True, False),
        ("a process whose number lives on", False, True, True),
        ("a number of no process", False, True, True),
        ("this number before the machine was started again", False, True, True),
        ("a process elsewhere", False, False, False),
        ("another boot elsewhere", False, False, False),
    ],
)
def test_what_is_known_of_an_owner(owner: str, is_me: bool, is_here: bool, is_gone: bool) -> None:
    found = OWNERS[owner]
    assert (found.is_me, found.is_here, found.is_gone) == (is_me, is_here, is_gone)


@pytest.mark.parametrize(
    ("owner", "has_left", "taken_over"),
    [
        ("this process", True, True),
        ("another process that lives", False, False),
        ("a process whose number lives on", True, True),
        ("a number of no process", True, True),
        ("this number before the machine was started again", True, True),
        ("a process elsewhere", False, True),
        ("another boot elsewhere", False, True),
    ],
)
def test_a_trial_is_left_by_those_who_are_gone_and_on_demand_by_other_hosts(
    owner: str, has_left: bool, taken_over: bool
) -> None:
    assert OWNERS[owner].has_left(take_over=False) == has_left
    assert OWNERS[owner].has_left(take_over=True) == taken_over


def test_this_process_is_named_by_its_number_and_start() -> None:
    process = psutil.Process()
    assert me() == Owner(
        host=ME.host, boot=ME.boot, pid=os.getpid(), started=process.create_time()
    )
    assert ME.host
    assert ME.boot
