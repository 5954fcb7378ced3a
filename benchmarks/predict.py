"""How many texts a second? ``python -m benchmarks.predict --model FOLDER --input reviews.csv``.

Raw texts to classes by the net, and the whole way from file to file; beside it scikit-learn's
TF-IDF of one and two words with a linear SVM and, where it can be imported, fastText, both fitted
to the first of the same texts.
"""

import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from benchmarks.measure import Row, in_turns, seconds, show
from data.corpus import Corpus, load_corpus
from data.reading import Reading
from model.checkpoint import load
from search.prediction.classifying import classify, kept
from search.prediction.model_folder import load_classifier
from search.prediction.reading import added_names, file_rows

FASTTEXT = (
    "fasttext",
    "floret",
)  # packages that have it; "fasttext-wheel" is imported as the first

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def predict(
    *,
    model: Annotated[Path, typer.Option(help="folder of the classifier")],
    input: Annotated[Path, typer.Option(help="a file that search.run could train on")],
    texts: Annotated[int, typer.Option(min=1, help="to classify, the file's first")] = 65_536,
    fitted: Annotated[int, typer.Option(min=2, help="texts the others are fitted to")] = 20_000,
    repeats: Annotated[int, typer.Option(min=1, help="rounds, of which the median counts")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, not a table")] = False,
) -> None:
    """Time each way in turns."""
    corpus = load_corpus(str(input))
    few = corpus.texts[:texts]
    classifier = load(model)
    net_name = f"the net of {model}"
    ways: dict[str, Callable[[], object]] = {
        net_name: lambda: classifier.predict(few),
        "TF-IDF, linear SVM": _linear(corpus, fitted, few),
    }
    fasttext = next((name for name in FASTTEXT if find_spec(name)), None)
    if fasttext is not None:
        ways[fasttext] = _fasttext(fasttext, corpus, fitted, few)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, f"answers{input.suffix or '.csv'}")
        ways[f"{net_name}, file to file"] = lambda: _whole(model, input, output)
        for way in ways.values():
            way()  # once for what is made at the first use
        times = in_turns({n: lambda w=w: seconds(w) for n, w in ways.items()}, repeats)  # type: ignore[misc]
    counts = {name: len(few) for name in ways} | {f"{net_name}, file to file": len(corpus.texts)}
    rows: list[Row] = [
        {
            "way": name,
            "texts": counts[name],
            "s": taken,
            "texts a second": round(counts[name] / taken),
        }
        for name, taken in times.items()
    ]
    words = np.mean([len(text.split()) for text in few])
    missing = "" if fasttext else "; neither of " + ", ".join(FASTTEXT) + " is installed"
    title = f"{len(few):,} texts of {words:.0f} words, {torch.get_num_threads()} threads{missing}"
    show(title, rows, device=torch.device("cpu"), as_json=as_json)


def _whole(model: Path, given: Path, output: Path) -> None:
    """What the command does once it runs, the loading of the classifier with it."""
    source = file_rows(given, Reading())
    classifier = load_classifier(model)
    with kept(output, source, added_names(source), classifier.classes_) as sink:
        classify(source, classifier, sink, to=str(output))


def _linear(corpus: Corpus, fitted: int, texts: Sequence[str]) -> Callable[[], object]:
    pipeline = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC(random_state=0)
    )
    pipeline.fit(corpus.texts[:fitted], corpus.labels[:fitted])
    return lambda: pipeline.predict(texts)


def _fasttext(
    name: str, corpus: Corpus, fitted: int, texts: Sequence[str]
) -> Callable[[], object]:
    """FastText's own classifier of words and pairs; it wants lower case and no line breaks."""

    def prepared(text: str) -> str:
        return " ".join(text.lower().split())

    package: Any = import_module(name)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        for text, label in zip(corpus.texts[:fitted], corpus.labels[:fitted], strict=True):
            file.write(f"__label__{label} {prepared(text)}\n")
        file.flush()
        trained = package.train_supervised(file.name, wordNgrams=2, verbose=0)
    return lambda: trained.predict([prepared(text) for text in texts])


if __name__ == "__main__":
    app()
