"""A file to rows by its ending, and columns that do not take the place of its own."""

from pathlib import Path

from data.encoding import PARQUET, begins_with
from data.errors import DataError, listed, shown
from data.reading import Reading
from search.prediction.answers import FIELDS
from search.prediction.chunks import Source
from search.prediction.delimited import delimited_source
from search.prediction.json_lines import json_source
from search.prediction.lines import file_source
from search.prediction.text_files import readable

SEPARATORS = {".csv": ",", ".tsv": "\t", "": ","}
JSON = (".jsonl", ".ndjson", ".json")
FORMATS = (*SEPARATORS, *JSON, ".parquet", ".txt")
PREFIX = "predicted_"


def file_rows(path: Path, reading: Reading) -> Source:
    """The rows of ``path``.

    Raises:
        DataError: there is no such file, its format is unknown or has no use for an option, or it
            cannot be read.
    """
    if not path.exists():
        raise DataError(f"--input {path}: there is no such file")
    if not path.is_file():
        raise DataError(
            f"--input {path} is no ordinary file; from standard input, without --input, a text a "
            "line is read"
        )
    name = path.name.lower().removesuffix(".gz")
    suffix = Path(name).suffix
    with readable(path):
        is_parquet = begins_with(path, PARQUET)
    if suffix == ".parquet" or is_parquet:
        _check_options(path, "Parquet", reading, encoding=reading.encoding)
        from search.prediction.parquet_source import parquet_source  # pyarrow takes 0.2 s

        return parquet_source(path, reading)
    if suffix in JSON:
        _check_options(path, "JSON lines", reading)
        return json_source(path, reading)
    of_table = (reading.separator, reading.text, reading.header)
    if suffix == ".txt" and of_table == (None, None, None):
        return file_source(path, reading)
    if suffix in (*SEPARATORS, ".txt") or reading.separator is not None:
        return delimited_source(path, SEPARATORS.get(suffix, ","), reading)
    known = listed([format_ for format_ in FORMATS if format_])
    raise DataError(
        f"--input {path}: format {shown(suffix)} is unknown; choose from {known}, or the text "
        "ones with .gz"
    )


def _check_options(path: Path, form: str, reading: Reading, encoding: str | None = None) -> None:
    """Raise a ``DataError`` where an option is given that files of this form have no use for."""
    useless = {
        "--header/--no-header": reading.header,
        "--separator": reading.separator,
        "--encoding": encoding,
    }
    if given := [option for option, value in useless.items() if value is not None]:
        raise DataError(f"--input {path} is {form}, for which there is no {listed(given)}")


def added_names(source: Source) -> tuple[str, ...]:
    """Names for the answers' columns: ``FIELDS``, all with a prefix where the source has one.

    Raises:
        DataError: it has columns with the prefix too.
    """
    for prefix in ("", PREFIX):
        names = tuple(prefix + name for name in FIELDS)
        if not {*names} & {*source.columns}:
            return names
    taken = [shown(name) for name in source.columns if name.removeprefix(PREFIX) in FIELDS]
    raise DataError(
        f"{source.name} has columns that are called as answers are; rename {listed(taken)}"
    )
