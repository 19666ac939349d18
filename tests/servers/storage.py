"""What the tests know of a server: where it is, its keys, and how to get a bucket there."""

from __future__ import annotations

import http.client
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, urlsplit
from uuid import uuid4

import obstore
from obstore.store import AzureStore, S3Store

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

#: A call is a request, however it ends: a test says itself when to try again.
NO_RETRIES: RetryConfig = {"max_retries": 0}

#: The servers have no certificates.
PLAIN: ClientConfig = {"allow_http": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a feed reader gets; the names of the headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class BucketError(Exception):
    """A bucket could not be made; the server's answer says why."""


def fetch(url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, timeout: float = 10) -> Answer:
    """Ask for an address over plain HTTP, with nothing added, followed or decoded."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=timeout)
    try:
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        connection.request(method, target, headers={**(headers or {}), "Connection": "close"})
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(status=response.status, headers=named, body=response.read())
    finally:
        connection.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Server(ABC):
    """Object storage that runs on loopback for as long as the tests."""

    endpoint: str  #: `http://127.0.0.1:…`, without a path.
    account: str  #: The access key's id, or the storage account's name.
    secret: str

    def through(self, endpoint: str) -> Self:
        """Be the same server, behind a proxy that listens at *endpoint*."""
        return replace(self, endpoint=endpoint)

    def new_bucket(self) -> str:
        """Make an empty bucket, and name it.

        Raises:
            BucketError: The server did not want to.
        """
        bucket = f"b{uuid4().hex[:20]}"
        answer = self._create(bucket)
        if answer.status not in (200, 201):
            raise BucketError(answer)
        return bucket

    def readable(self, bucket: str, key: str) -> str:
        """Give an address of an object that anyone may fetch."""
        return f"{self.public(bucket)}{quote(key)}"

    @abstractmethod
    def _create(self, bucket: str) -> Answer: ...

    @abstractmethod
    def url(self, bucket: str, prefix: str = "") -> str:
        """Give the address of a bucket as `publish.to` and obstore have it."""

    @abstractmethod
    def store(
        self, bucket: str, prefix: str = "", *, retry: RetryConfig = NO_RETRIES, client: ClientConfig = PLAIN
    ) -> S3Store | AzureStore:
        """Open a bucket in obstore, whatever the environment says."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """Give the variables with which obstore opens a bucket here when told its address alone."""

    @abstractmethod
    def public(self, bucket: str) -> str:
        """Give the address under which a feed reader finds the bucket's objects; it ends with a slash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Server(Server):
    """What speaks S3, with the bucket in the path."""

    def _create(self, bucket: str) -> Answer:
        # A signed address of the empty key is the bucket's own.
        return fetch(obstore.sign(self.store(bucket), "PUT", "", timedelta(minutes=1)), method="PUT")

    def url(self, bucket: str, prefix: str = "") -> str:
        return f"s3://{bucket}/{prefix}".rstrip("/")

    def store(
        self, bucket: str, prefix: str = "", *, retry: RetryConfig = NO_RETRIES, client: ClientConfig = PLAIN
    ) -> S3Store:
        return S3Store.from_url(
            self.url(bucket, prefix),
            endpoint=self.endpoint,
            access_key_id=self.account,
            secret_access_key=self.secret,
            region="us-east-1",
            virtual_hosted_style_request=False,
            retry_config=retry,
            client_options=client,
        )

    def environment(self) -> dict[str, str]:
        """Give what obstore needs, and no more: without `AWS_ALLOW_HTTP` it sends nothing to plain HTTP.

        `AWS_ENDPOINT` is the same as `AWS_ENDPOINT_URL`. The bucket stands in the path by default too.
        """
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_REGION": "us-east-1",
            "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "false",
        }

    def public(self, bucket: str) -> str:
        return f"{self.endpoint}/{bucket}/"

    def signed(self, bucket: str, key: str) -> str:
        """Give an address of an object that anyone may fetch for a while, where nothing is public."""
        return obstore.sign(self.store(bucket), "GET", key, timedelta(hours=1))
