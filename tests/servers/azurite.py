"""Azurite: speaks Azure Blob Storage, enforces conditions, and lets anyone read containers that are made so."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import TYPE_CHECKING

from obstore.store import AzureStore

from tests.servers.programs import find, free_ports, running
from tests.servers.storage import NO_RETRIES, PLAIN, Answer, Server, fetch

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

#: The account that every emulator of Azure has; it is public, and in its manual.
_ACCOUNT = "devstoreaccount1"
_SECRET = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureServer(Server):
    """What speaks Azure Blob Storage, with the account in the path."""

    def _create(self, bucket: str) -> Answer:
        path = f"/{self.account}/{bucket}"
        headers = {
            "x-ms-blob-public-access": "blob",
            "x-ms-date": formatdate(usegmt=True),
            "x-ms-version": "2021-08-06",
        }
        lines = [*(f"{name}:{value}" for name, value in headers.items()), f"/{self.account}{path}", "restype:container"]
        # Eleven headers that may be signed, and none of them is sent.
        text = "PUT" + "\n" * 12 + "\n".join(lines)
        digest = hmac.digest(base64.b64decode(self.secret), text.encode(), hashlib.sha256)
        headers["Authorization"] = f"SharedKey {self.account}:{base64.b64encode(digest).decode()}"
        return fetch(f"{self.endpoint}{path}?restype=container", method="PUT", headers=headers)

    def url(self, bucket: str, prefix: str = "") -> str:
        return f"az://{bucket}/{prefix}".rstrip("/")

    def store(
        self, bucket: str, prefix: str = "", *, retry: RetryConfig = NO_RETRIES, client: ClientConfig = PLAIN
    ) -> AzureStore:
        return AzureStore.from_url(
            self.url(bucket, prefix),
            endpoint=f"{self.endpoint}/{self.account}",
            account_name=self.account,
            account_key=self.secret,
            retry_config=retry,
            client_options=client,
        )

    def environment(self) -> dict[str, str]:
        """Give what obstore needs; the account is part of the endpoint's path.

        `AZURE_STORAGE_USE_EMULATOR=true` with `AZURITE_BLOB_STORAGE_URL` does as well, and knows the account; but it
        ignores an endpoint, and without that address it asks port 10000.
        """
        return {
            "AZURE_STORAGE_ENDPOINT": f"{self.endpoint}/{self.account}",
            "AZURE_STORAGE_ACCOUNT_NAME": self.account,
            "AZURE_STORAGE_ACCOUNT_KEY": self.secret,
            "AZURE_ALLOW_HTTP": "true",
        }

    def public(self, bucket: str) -> str:
        return f"{self.endpoint}/{self.account}/{bucket}/"


@contextmanager
def serving(folder: Path) -> Iterator[AzureServer]:
    """Run Azurite on data in a folder of its own."""
    program = find("azurite-blob", how="npm install --prefix .venv azurite")
    (port,) = free_ports(1)
    server = AzureServer(endpoint=f"http://127.0.0.1:{port}", account=_ACCOUNT, secret=_SECRET)
    command = [
        program,
        "--blobHost=127.0.0.1",
        f"--blobPort={port}",
        f"--location={folder}",
        # obstore speaks a version of the interface that is newer than what the emulator claims to know.
        "--skipApiVersionCheck",
        "--disableTelemetry",
        "--silent",
    ]
    with running(command, folder=folder, ready=lambda: fetch(server.endpoint, timeout=2).status >= 200):
        yield server
