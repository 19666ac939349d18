"""Buckets, through obstore. Only its synchronous calls are used: its others abort some processes at their end."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from feedpub.bucket import FOLDER
from feedpub.bucket.answers import read_answer
from feedpub.bucket.environment import find_endpoint, find_secrets
from feedpub.bucket.objects import ABSENT, ObjectsError, Stored, UnchangedError, UnmetError, Verb
from feedpub.bucket.stock import digest
from feedpub.bucket.targets import Target
from feedpub.errors import ConfigError

try:
    from obstore import exceptions
    from obstore.store import AzureStore, GCSStore, S3Store
except ImportError as error:  # pragma: no cover  (the extra is there where tests run)
    raise ConfigError(["a bucket needs obstore: pip install 'feedpub[bucket]'"]) from error

if TYPE_CHECKING:
    from obstore import Attributes, GetOptions, PutMode

#: In bytes. What is larger goes up in parts: on a slow line no single request would end in time.
_LARGE = 8_000_000

#: In bytes: the smallest that stores take.
_PART = 5 * 1024 * 1024

#: Parts of an object that are sent at once: side by side each would have less of the line, and none would end in time.
_PARTS_AT_ONCE = 1

#: Keys that are deleted with one request; elsewhere each takes one of its own.
_AT_ONCE = {"s3": 1000, "az": 256, "gs": 1}


class Cloud:
    """A bucket, below a prefix."""

    #: Which servers do is found out; some that speak S3 do not.
    enforces: bool | None = None

    def __init__(self, target: Target, *, timeout: float) -> None:
        """Take what is not in *target* from the environment, as obstore does; *timeout* is in seconds.

        Raises:
            ConfigError: Something is missing there, or wrong.
        """
        self._target = target
        self._secrets = find_secrets(os.environ)
        endpoint = find_endpoint(target.scheme, os.environ)
        #: Its address is nobody's business who can read what is published.
        self.server = digest(endpoint.encode())[:16] if endpoint else ""
        self._requests = 0
        self._counting = Lock()
        try:
            self._store = cast("S3Store", _open(target, os.environ, timeout))
        except (exceptions.BaseError, ValueError) as error:
            said = read_answer("read", "", str(error), secrets=self._secrets).said
            hint = "; set AZURE_STORAGE_ACCOUNT_NAME" if "Account must be specified" in said else ""
            raise ConfigError([f"{target.address}: {said}{hint}"]) from error

    @property
    def requests(self) -> int:
        """Count the requests that were sent."""
        return self._requests

    def get(self, key: str, *, unless: str = "") -> Stored | None:
        """Give an object, or `None`."""
        options: GetOptions = {"if_none_match": self._split(unless)[0]} if unless else {}
        with self._asking("read", key):
            try:
                found = self._store.get(key, options=options)
                return Stored(bytes(found.bytes()), self._tag(found.meta))
            except FileNotFoundError as error:
                if (answer := self._read("read", key, error)).trouble == "bucket":
                    raise answer from error
                return None
            except exceptions.NotModifiedError as error:
                raise UnchangedError(key) from error

    def put(self, key: str, body: bytes, *, headers: Mapping[str, str], only_if: str | None = None) -> str:
        """Store an object, and give its tag."""
        attributes = cast("Attributes", dict(headers))
        is_large = len(body) > _LARGE
        if is_large and only_if == ABSENT and not key.startswith(f"{FOLDER}/"):
            # No store takes parts under a condition. Whoever puts an object there between this look and the last part
            # loses it; publishers do not, who wait for each other. What they do that by is never sent so.
            self._check_absent(key)
            only_if = None
        in_parts = is_large and only_if is None
        with self._asking("write", key, requests=self._count_parts(body) if in_parts else 1):
            try:
                done = self._store.put(
                    key,
                    body,
                    attributes=attributes,
                    mode=self._mode(only_if),
                    use_multipart=in_parts,
                    chunk_size=_PART,
                    max_concurrency=_PARTS_AT_ONCE,
                )
            except exceptions.PreconditionError as error:
                # obstore says so as well where what the tag should be of is missing.
                answer = self._read("write", key, error)
                raise (answer if answer.trouble == "bucket" else UnmetError(key)) from error
            except exceptions.AlreadyExistsError as error:
                # Servers that are asked twice at once say 409 to both; Azure means that there is an object.
                answer = self._read("write", key, error)
                raise (answer if answer.trouble == "busy" else UnmetError(key)) from error
        return self._tag(done)

    def _count_parts(self, body: bytes) -> int:
        """Count the requests for an object in parts: one says that they come (not to Azure), one that it is all."""
        return -(-len(body) // _PART) + (1 if self._target.scheme == "az" else 2)

    def _check_absent(self, key: str) -> None:
        with self._asking("read", key):
            try:
                self._store.head(key)
            except FileNotFoundError:
                return
        raise UnmetError(key)

    def delete(self, keys: Sequence[str]) -> None:
        """Remove objects."""
        most = _AT_ONCE[self._target.scheme]
        for start in range(0, len(keys), most):
            some = list(keys[start : start + most])
            with self._asking("delete", some[0]):
                try:
                    self._store.delete(some)
                except FileNotFoundError as error:
                    if (answer := self._read("delete", some[0], error)).trouble == "bucket":
                        raise answer from error
                except TypeError as error:
                    # obstore does not say which.
                    odd = next((key for key in some if not key.isprintable()), some[0])
                    raise ObjectsError("delete", odd, "other", said="no store takes such a key") from error

    def list(self, folder: str) -> list[str]:
        """Name all objects below a folder, sorted."""
        with self._asking("list", folder):
            return sorted(meta["path"] for page in self._store.list(f"{folder}/") for meta in page)

    def tidy(self) -> None:
        """Do nothing: objects are stored whole or not at all."""

    @contextmanager
    def _asking(self, verb: Verb, key: str, *, requests: int = 1) -> Iterator[None]:
        """Count a request, and turn what obstore says of it into what it means."""
        with self._counting:
            self._requests += requests
        try:
            yield
        except (exceptions.BaseError, FileNotFoundError, TypeError, ValueError) as error:
            raise self._read(verb, key, error) from error
        except BaseException as error:
            # A panic of obstore (of an AWS_REGION that no host can be named by, for one) is no `Exception`, and its
            # class cannot be imported.
            if type(error).__name__ != "PanicException":
                raise
            raise self._read(verb, key, error) from error

    def _read(self, verb: Verb, key: str, error: BaseException) -> ObjectsError:
        answer = read_answer(verb, key, str(error), secrets=self._secrets)
        # Who writes misses nothing but the bucket.
        missing = verb == "write" and isinstance(error, FileNotFoundError)
        return ObjectsError(verb, key, "bucket", said=answer.said) if missing else answer

    def _mode(self, only_if: str | None) -> PutMode:
        if only_if is None:
            return "overwrite"
        if only_if == ABSENT:
            return "create"
        tag, version = self._split(only_if)
        return {"e_tag": tag, "version": version} if version else {"e_tag": tag}

    def _tag(self, meta: Any) -> str:
        """Make one text of what conditions need: an entity tag, for Google a generation as well."""
        tag = meta["e_tag"] or ""
        return f"{tag} {meta['version']}" if self._target.scheme == "gs" else tag

    def _split(self, tag: str) -> tuple[str, str | None]:
        first, mark, version = tag.partition(" ")
        return first, version if mark else None


def _open(target: Target, environ: Mapping[str, str], timeout: float) -> object:
    """Make obstore's own store. It reads the environment itself; here is only what it would not find there."""
    endpoint = find_endpoint(target.scheme, environ)
    options: dict[str, Any] = {
        "prefix": target.prefix or None,
        "client_options": {
            "timeout": timedelta(seconds=timeout),
            "connect_timeout": timedelta(seconds=min(timeout, 5.0)),
            # Google would unpack what is stored compressed, and then say neither its length nor its tag.
            **({"default_headers": {"Accept-Encoding": "gzip"}} if target.scheme == "gs" else {}),
            **({"allow_http": True} if endpoint and endpoint.lower().startswith("http://") else {}),
        },
        # Requests are counted here, and sent again by `retrying`.
        "retry_config": {"max_retries": 0},
    }
    if target.scheme == "gs":
        return GCSStore(target.bucket, **options)
    if endpoint:
        options["endpoint"] = endpoint
    if target.scheme == "az":
        return AzureStore(target.bucket, **options)
    if provider := _find_provider(environ):
        options["credential_provider"] = provider
    return S3Store(target.bucket, **options)


def _find_provider(environ: Mapping[str, str]) -> object | None:
    """Find profiles and the usual chain, where the extra `aws` is installed and the environment has no keys."""
    if environ.get("AWS_ACCESS_KEY_ID") or environ.get("AWS_SKIP_SIGNATURE"):
        return None
    try:
        from obstore.auth.boto3 import Boto3CredentialProvider
    except ImportError:
        return None
    try:
        return Boto3CredentialProvider()
    except import_module("botocore.exceptions").BotoCoreError as error:
        raise ConfigError([f"AWS_PROFILE: {error}"]) from error
    except ValueError:
        # It knows none; obstore asks the machine then.
        return None
