"""The files that a report reads: whole ones, missing, damaged, and another study's."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.findings.evidence import Evidence
from search.storage.home import IDENTITY
from search.storage.validation import LONGEST, beginning, keep_said
from tests.search.findings.kept import NAMES, kept, net
from tests.search.records import record, trial

LABELS = np.array([0, 1, 2, 2, 1, 0])
SAID = net(LABELS, 2.0, 0)


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    made = kept(tmp_path, LABELS, [SAID])
    assert made.home is not None
    keep_said(made.home.baseline, LABELS[::-1])
    return made


def path(evidence: Evidence, name: str) -> Path:
    assert evidence.home is not None
    return evidence.home.folder / name


def test_all_comes_back_as_it_was_kept(evidence: Evidence) -> None:
    rows = evidence.rows
    assert rows is not None
    assert rows.labels.tolist() == LABELS.tolist()
    assert rows.class_names == NAMES
    assert rows.texts[5] == "text 5"
    assert evidence.why_no_rows == ""
    assert evidence.baseline_said is not None
    assert evidence.baseline_said.tolist() == LABELS[::-1].tolist()
    said = evidence.probabilities(evidence.record.trials[0])
    assert said is not None
    assert said.dtype == np.float32
    assert np.array_equal(said, SAID.astype(np.float32))


@pytest.mark.parametrize(
    ("text", "kept_as"),
    [("a\n b\t\tc ", "a b c"), ("x" * 1000, "x" * LONGEST), ("word " * 9999, "word " * 60)],
)
def test_texts_are_cut_and_on_one_line(text: str, kept_as: str) -> None:
    assert beginning(text) == kept_as


DAMAGED = {
    "not gzip": b"{}",
    "half of it": gzip.compress(b'{"class_names": ["a"]')[:-6],
    "another form": gzip.compress(b"[1, 2]"),
    "a class too many": gzip.compress(
        json.dumps({"class_names": ["a"], "labels": [0, 1], "texts": ["", ""]}).encode()
    ),
    "labels that are words": gzip.compress(
        json.dumps({"class_names": ["a"], "labels": ["0"], "texts": [""]}).encode()
    ),
    "fewer texts": gzip.compress(
        json.dumps({"class_names": ["a"], "labels": [0, 0], "texts": [""]}).encode()
    ),
    "nothing": b"",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_damaged_rows_are_no_rows(evidence: Evidence, content: bytes) -> None:
    path(evidence, "validation.json.gz").write_bytes(content)
    assert evidence.rows is None
    assert "is damaged" in evidence.why_no_rows
    assert evidence.baseline_said is None


def test_rows_that_are_not_kept_yet_come_with_the_next_run(evidence: Evidence) -> None:
    path(evidence, "validation.json.gz").unlink()
    assert "the next run of the search" in evidence.why_no_rows
    assert evidence.probabilities(evidence.record.trials[0]) is not None


@pytest.mark.parametrize("array", [SAID[:-1], SAID[:, :2], SAID[0], np.full((6, 3), np.nan)])
def test_probabilities_that_do_not_fit_are_none(evidence: Evidence, array: np.ndarray) -> None:
    np.save(path(evidence, "probabilities/0.npy"), array)
    assert evidence.probabilities(evidence.record.trials[0]) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", b"\x80\x04N."])
@pytest.mark.parametrize("name", ["probabilities/0.npy", "baseline.npy"])
def test_damaged_arrays_are_none(evidence: Evidence, name: str, content: bytes) -> None:
    path(evidence, name).write_bytes(content)
    first = evidence.record.trials[0]
    is_baseline = name == "baseline.npy"
    found = evidence.baseline_said if is_baseline else evidence.probabilities(first)
    assert found is None


def test_a_pickle_is_never_opened(evidence: Evidence) -> None:
    np.save(path(evidence, "probabilities/0.npy"), np.array([{}], object), allow_pickle=True)
    assert evidence.probabilities(evidence.record.trials[0]) is None


@pytest.mark.parametrize("said", [LABELS[:-1], LABELS + 1, LABELS - 1])
def test_a_baseline_of_other_rows_is_none(evidence: Evidence, said: np.ndarray) -> None:
    keep_said(path(evidence, "baseline.npy"), said)
    assert evidence.baseline_said is None


@pytest.mark.parametrize("content", ['{"identity": "another"}', "damaged"])
def test_another_studys_folder_is_not_read(evidence: Evidence, content: str) -> None:
    path(evidence, IDENTITY).write_text(content, "utf-8")
    assert evidence.rows is None
    assert evidence.baseline_said is None
    assert evidence.probabilities(evidence.record.trials[0]) is None
    assert "another study" in evidence.why_no_rows


def test_the_confirmation_has_a_folder_of_its_own(evidence: Evidence) -> None:
    assert evidence.of_final is None
    final = replace(record(trial()), name="made-final")
    of_final = replace(evidence, final=final).of_final
    assert of_final is not None
    assert of_final.home is not None
    assert of_final.home.folder == path(evidence, "").with_name("made-final")
    assert of_final.rows is None
