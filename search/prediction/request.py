"""What the user asks for, and whether it goes together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.reading import Reading
from search.errors import StudyError
from search.prediction.paths import check_path

NO_OPTIONS = Reading()


@dataclass(frozen=True, kw_only=True)
class Request:
    """Options of the command.

    Attributes:
        texts: arguments; none: a file's or standard input's.
        file: ``--input``, a file of rows.
        output: where answers go; ``None``: standard output.
        overwrite: whether it may be there.
        model: folder of the classifier; ``None``: the study's.
        study: name; ``None``: ``model`` says which.
        storage: database of the study.
        reading: how the file is read.
        as_json: JSON lines on standard output, whatever is read.
    """

    texts: Sequence[str] = ()
    file: Path | None = None
    output: Path | None = None
    overwrite: bool = False
    model: Path | None = None
    study: str | None = None
    storage: str = ""
    reading: Reading = NO_OPTIONS
    as_json: bool = False

    def check(self) -> None:
        """See whether the options go together, and whether the files' names are possible.

        Raises:
            StudyError: two do not go together.
            DataError: a name is not possible.
        """
        if self.texts and self.file is not None:
            raise StudyError("give texts as arguments or a file with --input, not both")
        if self.as_json and self.output is not None:
            raise StudyError("--json is for standard output; the ending of --output says its form")
        if self.overwrite and self.output is None:
            raise StudyError("--overwrite goes with --output")
        of_files = {
            "--text-column": self.reading.text,
            "--separator": self.reading.separator,
            "--header/--no-header": self.reading.header,
        }
        if self.file is None:
            for option, value in of_files.items():
                if value is not None:
                    raise StudyError(f"{option} goes with --input FILE")
            if self.texts and self.reading.encoding:
                raise StudyError("--encoding goes with --input FILE or standard input")
        for option, path in (("--input", self.file), ("--output", self.output)):
            if path is not None:
                check_path(option, path)
