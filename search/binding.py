"""What a study is bound to, and the refusal of what differs from it."""

from typing import TYPE_CHECKING, Any

from model.settings import TRAINER_VERSION
from search.definition import Definition, StudyError

if TYPE_CHECKING:
    import optuna

# Where the data lies does not matter to a study, what it says does: the fingerprint is compared.
NOT_COMPARED = ("data.dataset", "data.text", "data.label")


def bind(definition: Definition, fingerprint: str) -> dict[str, Any]:
    """What a study's numbers depend on, as it is stored with the study."""
    bound = definition.model_dump(mode="json")
    bound["data"]["fingerprint"] = fingerprint
    bound["trainer"] = TRAINER_VERSION
    return bound


def bound_definition(bound: dict[str, Any]) -> Definition:
    """The definition in what ``bind`` made."""
    tables = {name: bound[name] for name in Definition.model_fields}
    given = {k: v for k, v in tables["data"].items() if k != "fingerprint"}
    return Definition.model_validate({**tables, "data": given})


def is_same(
    study: "optuna.Study", stored: dict[str, Any], bound: dict[str, Any], *, extend: bool
) -> bool:
    """Whether ``bound`` is what is stored; ``False``: it is wider, and ``extend`` says so.

    Raises:
        StudyError: they differ; the message lists what does.
    """
    before, now = _flat(stored), _flat(bound)
    keys = [k for k in {**before, **now} if k not in NOT_COMPARED and before.get(k) != now.get(k)]
    if not keys:
        return True
    if extend and all(key.startswith(("space.", "fixed.")) for key in keys):
        from search.claim import running_now
        from search.extend import check_extension

        if runs := running_now(study):
            raise StudyError(f"--extend-space: trial {runs[0]} is running; stop that run first")
        check_extension(stored, bound)
        return False
    name = study.study_name
    lines = [f"  {k}: {before.get(k, 'not set')} -> {now.get(k, 'not set')}" for k in keys]
    raise StudyError(
        f"the study {name} was begun with other settings (stored -> asked for):\n"
        + "\n".join(lines)
        + "\nrun it with the stored ones, begin another with --name, use another --storage,"
        + "\nor, where [space] only became wider, add --extend-space"
    )


def _flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables as one, ``data.dataset`` for a key."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict) and prefix != "space.":
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = _given(value)
    return flat


def _given(value: Any) -> Any:
    """A range without the keys that are not set: later versions may know more keys."""
    if not isinstance(value, dict):
        return value
    return {key: given for key, given in value.items() if given is not None}
