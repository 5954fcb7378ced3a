"""Options that several commands share: how texts are read, where studies are, where to train."""

import re
from contextlib import suppress
from typing import Annotated

import typer

Dataset = Annotated[str | None, typer.Option(help="Hub name, folder, file, or demo")]
Storage = Annotated[str, typer.Option(help="database URL, or an SQLite file")]
TextColumn = Annotated[str | None, typer.Option(help="A+B joins columns")]
LabelColumn = Annotated[str | None, typer.Option(help="the column of the classes")]
Header = Annotated[
    bool | None, typer.Option("--header/--no-header", help="default: found by looking")
]
Encoding = Annotated[str | None, typer.Option(help="of text files; default: UTF-8")]
Separator = Annotated[
    str | None, typer.Option(help="of columns, such as ^ or \\t; default: found")
]
Labels = Annotated[str | None, typer.Option(help="file with a label a line, beside the texts")]
Skip = Annotated[
    bool | None, typer.Option("--skip-unlabelled", help="leave out rows without a label")
]
Drop = Annotated[
    bool | None, typer.Option("--drop-small-classes", help="leave out classes of one row")
]
Validation = Annotated[
    str | None, typer.Option(help="share of the rows, or a file; default: 0.05, at least 1,000")
]
SplitColumn = Annotated[str | None, typer.Option(help='column of "train" and "validation"')]
GroupColumn = Annotated[str | None, typer.Option(help="its rows of one value stay together")]

Gpu = Annotated[str | None, typer.Option(help="CUDA devices: 0, or 0,1; default: CPU")]
PerGpu = Annotated[int | None, typer.Option(min=1, help="trials at once on each GPU")]
Ray = Annotated[
    str | None, typer.Option(help="train on a Ray cluster: auto, or its address; needs .\\[ray]")
]
Jobs = Annotated[int | None, typer.Option(min=1, help="trials at once")]
TakeOver = Annotated[
    bool, typer.Option("--take-over", help="go on with running trials of other hosts")
]

# The options that go into a study's [data], by their names there.
DATA = {
    "text_column": "text", "label_column": "label", "header": "header", "encoding": "encoding",
    "separator": "separator", "labels": "labels", "skip_unlabelled": "skip_unlabelled",
    "drop_small_classes": "drop_small_classes", "validation": "validation",
    "split_column": "split_column", "group_column": "group_column",
}  # fmt: skip


def device_numbers(text: object) -> tuple[int, ...]:
    """The devices that ``--gpu`` names.

    Raises:
        typer.BadParameter: it is no list of numbers.
    """
    if text is None:
        return ()
    if not re.fullmatch(r"\d+(,\d+)*", str(text)):
        raise typer.BadParameter(f"{text!r} is not a list of device numbers such as 0 or 0,1,2")
    return tuple(dict.fromkeys(int(number) for number in str(text).split(",")))


def data_options(given: dict[str, object]) -> dict[str, object]:
    """Those of a command's options that say how the texts are read, as ``[data]`` has them."""
    found = {name: given[option] for option, name in DATA.items()}
    share = found["validation"]
    if isinstance(share, str):
        with suppress(ValueError):  # then it is a file
            found["validation"] = float(share)
    return found
