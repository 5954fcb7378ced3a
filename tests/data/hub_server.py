"""As much of the Hub, on this machine, as loading a Parquet data set of two classes asks for."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

NAME = "fancyzhx/ag_news"
REVISION, CONTENT = "a" * 40, "b" * 40
FILES = tuple(f"data/{part}-00000-of-00001.parquet" for part in ("train", "validation", "test"))
API = f"/api/datasets/{NAME}"


def parquet() -> bytes:
    import datasets

    rows = {"text": [f"text {i}" for i in range(8)], "label": [i % 2 for i in range(8)]}
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["World", "Sports"])}
    )
    buffer = io.BytesIO()
    datasets.Dataset.from_dict(rows, features=features).to_parquet(buffer)
    return buffer.getvalue()


class Handler(BaseHTTPRequestHandler):
    """Answers for one data set of three files with the same content; all else is not found."""

    content = b""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == API or path.startswith(f"{API}/revision/"):
            siblings = [{"rfilename": file} for file in FILES]
            info = {"_id": "1", "id": NAME, "sha": REVISION, "siblings": siblings}
            common = {"private": False, "gated": False, "disabled": False, "tags": []}
            self.answer(200, json.dumps({**info, **common}).encode())
        elif path.startswith(f"{API}/tree/"):
            size = len(self.content)
            files = [
                {"type": "file", "path": file, "size": size, "oid": CONTENT} for file in FILES
            ]
            folder = {"type": "directory", "path": "data", "size": 0, "oid": CONTENT}
            found = files if path.endswith("/data") else [folder]
            self.answer(200, json.dumps(found).encode())
        elif path.endswith(FILES):
            self.answer(200, self.content)
        else:
            self.answer(404, b"")

    do_HEAD = do_GET  # noqa: N815

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status == 404:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.send_header("ETag", f'"{CONTENT}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


class LogIn(Handler):
    """A hotel's network: whatever is asked, it leads to a page."""

    def do_GET(self) -> None:
        if self.path == "/log-in":
            self.answer(200, b"<html>Your room number, please</html>")
        else:
            self.send_response(302)
            self.send_header("Location", "/log-in")
            self.send_header("Content-Length", "0")
            self.end_headers()


class Broken(Handler):
    """A Hub that is out of order."""

    def do_GET(self) -> None:
        self.answer(503, b"")


@contextmanager
def serve(handler: type[Handler] = Handler) -> Iterator[str]:
    """The server's address, while the context lasts."""
    Handler.content = Handler.content or parquet()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
