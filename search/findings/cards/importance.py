"""Shim."""

from search.findings.card import Card, NotYet, Said, not_yet
from search.findings.importance import Importance


def importance_said(values: Importance | NotYet) -> list[Said]:
    return []


def importance_card(values: Importance | NotYet) -> Card:
    return not_yet("importance", "What mattered", NotYet("shim"))


def effects_card(values: Importance | NotYet) -> Card:
    return not_yet("effects", "Effects", NotYet("shim"))
