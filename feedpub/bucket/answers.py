"""What a store's answer means: which trouble is behind it, and what the operator does about it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TypeAlias

from feedpub.bucket.objects import ObjectsError, Trouble, Verb
from feedpub.bucket.targets import Target

#: What obstore writes of an answer: the status, and then the body.
_STATUS = re.compile(r"status code: (\d{3})\b")
_CODE = re.compile(r"<Code>\s*([\w.-]+)\s*</Code>|\"(?:code|reason)\":\s*\"([\w.-]+)\"")
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>|\"message\":\s*\"([^\"]*)\"")

#: By the code in the answer's body; S3, Azure and Google have their own words.
_CODES: Mapping[str, Trouble] = {
    "SignatureDoesNotMatch": "credentials",
    "InvalidAccessKeyId": "credentials",
    "InvalidToken": "credentials",
    "ExpiredToken": "credentials",
    "AuthorizationHeaderMalformed": "region",
    "AuthenticationFailed": "credentials",
    "InvalidAuthenticationInfo": "credentials",
    "NoAuthenticationInformation": "credentials",
    "RequestTimeTooSkewed": "clock",
    "RequestExpired": "clock",
    "NoSuchBucket": "bucket",
    "InvalidBucketName": "bucket",
    "ContainerNotFound": "bucket",
    "ResourceNotFound": "bucket",
    "PermanentRedirect": "region",
    "AccessDenied": "denied",
    "AuthorizationFailure": "denied",
    "AuthorizationPermissionMismatch": "denied",
    "InsufficientAccountPermissions": "denied",
    "SlowDown": "busy",
    "RequestTimeout": "busy",
    "ServerBusy": "busy",
    "OperationAborted": "busy",
    "ConditionalRequestConflict": "busy",
    # Azure says so where a condition is not met.
    "BlobAlreadyExists": "other",
}

_STATUSES: Mapping[int, Trouble] = {
    401: "credentials",
    403: "denied",
    408: "busy",
    409: "busy",
    429: "busy",
    501: "unable",
}

#: Where machines in a cloud are told who they are; who asks there has no other credentials.
_METADATA = ("169.254.169.254", "169.254.170.2", "metadata.google.internal")

#: What a credential must be allowed to do, as each store calls it.
_PERMISSIONS: Mapping[str, Mapping[Verb, str]] = {
    "s3": {"read": "s3:GetObject", "write": "s3:PutObject", "delete": "s3:DeleteObject", "list": "s3:ListBucket"},
    "gs": {
        "read": "storage.objects.get",
        "write": "storage.objects.create and storage.objects.delete (to overwrite)",
        "delete": "storage.objects.delete",
        "list": "storage.objects.list",
    },
    "az": {
        "read": "…/blobs/read (Storage Blob Data Reader)",
        "write": "…/blobs/write (Storage Blob Data Contributor)",
        "delete": "…/blobs/delete (Storage Blob Data Contributor)",
        "list": "…/blobs/read (Storage Blob Data Reader)",
    },
}

_ENVIRONMENT = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "az": "AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}

_ENDPOINTS = {"s3": "AWS_ENDPOINT_URL", "gs": "GOOGLE_BASE_URL", "az": "AZURE_STORAGE_ENDPOINT"}

Kind: TypeAlias = tuple[Verb, Trouble, str]


def read_answer(verb: Verb, key: str, text: str, *, secrets: Iterable[str]) -> ObjectsError:
    """Read what obstore says of a request that failed; *secrets* are cut out of what is repeated of it."""
    for secret in secrets:
        text = text.replace(secret, "…")
    # What follows is meant for programmers, and holds the whole answer once more.
    head, _, inside = text.partition("\n\nDebug source:")
    status, code, message = _find(_STATUS, head), _find(_CODE, head), _find(_MESSAGE, head)
    said = " ".join(filter(None, (status, code and code + (":" if message else ""), message)))
    trouble = _tell(int(status) if status else 0, code, head, inside)
    return ObjectsError(verb, key, trouble, said=said or _shorten(head))


def _find(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return next((group for group in found.groups() if group), "").strip() if found else ""


def _tell(status: int, code: str, head: str, inside: str) -> Trouble:
    if code in _CODES:
        return _CODES[code]
    if any(host in head for host in _METADATA):
        return "credentials"
    if status:
        return _STATUSES.get(status, "busy" if status >= 500 else "other")
    if "redirect without LOCATION" in head:
        return "region"
    if "kind: Timeout" in inside:
        return "slow"
    if "builder error" in head:
        return "other"
    return "unreachable" if "HTTP error" in head else "other"


def _shorten(head: str) -> str:
    """Give the end of what obstore says: before it stands an address, which may hold a signature."""
    said = head.strip().rpartition(" - ")[2] or head.strip()
    said = re.sub(r"https?://\S+", "…", said.removeprefix("Generic ")).splitlines()[0] if said else ""
    return said[:300]


def explain(errors: Iterable[ObjectsError], target: Target, *, option: str = "publish.to") -> list[str]:
    """Say what went wrong, a line for each kind of trouble: where, what, and what to do about it.

    *option* is what names *target* in the configuration.
    """
    kinds: dict[Kind, list[ObjectsError]] = defaultdict(list)
    for error in errors:
        kinds[error.verb, error.trouble, error.said.partition(":")[0]].append(error)
    return [_explain_kind(same, target, option) for same in kinds.values()]


def _explain_kind(errors: list[ObjectsError], target: Target, option: str) -> str:
    first, *more = sorted(errors, key=lambda error: error.key)
    others = f" (and {len(more)} more)" if more else ""
    said = f" ({first.said})" if first.said else ""
    what = {"read": "read", "write": "written", "delete": "deleted", "list": "listed"}[first.verb]
    return f"{target.locate(first.key)}{others}: cannot be {what}: {_advise(first, target, option)}{said}"


def _advise(error: ObjectsError, target: Target, option: str) -> str:
    scheme = target.scheme
    if scheme == "file" and error.trouble not in {"changed", "foreign"}:
        return "the system refuses"
    permission = _PERMISSIONS.get(scheme, {}).get(error.verb, "")
    environment, endpoint = _ENVIRONMENT.get(scheme, ""), _ENDPOINTS.get(scheme, "")
    advice: Mapping[Trouble, str] = {
        "credentials": f"there are no credentials that the store accepts; look at {environment}",
        "denied": f"not allowed; the credentials need the permission {permission}",
        "clock": "this machine's clock is off, and the store trusts no request from another time; set it",
        "bucket": f"there is no bucket {target.bucket}; make it, or look at {option} and {endpoint}",
        "region": "the bucket is in another region; set AWS_REGION to it",
        "busy": "the store is too busy; what is public is whole, and the next run goes on from here",
        "slow": "the store did not answer in time; publish.timeout says how long that is, and publish.concurrency how"
        " many requests share the line",
        "unreachable": f"the store cannot be reached; look at the network and at {endpoint}",
        "changed": "it changed while it was being published; the next run publishes it as it is then",
        "unable": "the store does not know such requests",
        "foreign": "there is an object that feedpub did not put there, and that is left alone; publish below another"
        " prefix, or remove it, or replace what is there with --force",
        "other": "the store refuses",
    }
    return advice[error.trouble]
